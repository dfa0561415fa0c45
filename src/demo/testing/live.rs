//! The target over real connections: counts and order, never speeds.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

use crate::audio::{ClipKind, synthesize};
use crate::demo::{DemoSpec, serve};

/// Starts a target; it stops when its task is aborted, at the latest with the test's runtime.
fn start(service: &str, keys: &str) -> (SocketAddr, JoinHandle<std::io::Result<()>>) {
    let spec: DemoSpec = toml::from_str(&format!("service = \"{service}\"\n{keys}")).expect(keys);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    (
        address,
        tokio::spawn(serve(spec, listener, std::future::pending())),
    )
}

async fn send(socket: &mut TcpStream, head: &str, body: &[u8]) -> std::io::Result<()> {
    let head =
        format!("{head} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=X\r\n");
    socket
        .write_all(format!("{head}Content-Length: {}\r\n\r\n", body.len()).as_bytes())
        .await?;
    socket.write_all(body).await
}

/// The head and the body of one reply, by its Content-Length.
async fn receive(socket: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
        if let Some(end) = end.filter(|_| bytes.starts_with(b"HTTP/1.1 ")) {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .unwrap_or("0");
            let whole = end + 4 + length.parse::<usize>().expect("a length");
            if bytes.len() >= whole {
                return Ok((head, bytes[end + 4..whole].to_vec()));
            }
        }
        if !bytes.is_empty() && !bytes.starts_with(b"HTTP/1.1 ") {
            return Err(std::io::Error::new(
                std::io::ErrorKind::InvalidData,
                format!("not HTTP: {bytes:?}"),
            ));
        }
        if socket.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::Error::other(format!("ended after {bytes:?}")));
        }
    }
}

fn form(fields: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let file = if *name == "file" {
            "; filename=\"a.wav\""
        } else {
            ""
        };
        body.extend(
            format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n")
                .as_bytes(),
        );
        body.extend_from_slice(value);
        body.extend(b"\r\n");
    }
    body.extend(b"--X--\r\n");
    body
}

fn upload() -> Vec<u8> {
    form(&[
        ("file", &synthesize(ClipKind::Tone, 0.5, 0, 0)),
        ("model", b"tiny"),
    ])
}

/// One exchange on a connection of its own: the status, its head, and the body as JSON where it is some.
async fn exchange(
    to: SocketAddr,
    head: &str,
    body: &[u8],
) -> std::io::Result<(u16, String, Value)> {
    let mut socket = TcpStream::connect(to).await?;
    send(&mut socket, head, body).await?;
    let (head, body) = receive(&mut socket).await?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok())
        .expect(&head);
    Ok((
        status,
        head,
        serde_json::from_slice(&body).unwrap_or(Value::Null),
    ))
}

async fn post(to: SocketAddr) -> std::io::Result<(u16, String, Value)> {
    exchange(to, "POST /v1/audio/transcriptions", &upload()).await
}

async fn get(to: SocketAddr, path: &str) -> (u16, Value) {
    let (status, _, body) = exchange(to, &format!("GET {path}"), b"").await.expect(path);
    (status, body)
}

async fn truth(to: SocketAddr) -> Value {
    get(to, "/truth").await.1
}

#[tokio::test]
async fn a_transcription_is_answered_and_counted() {
    let (to, _task) = start("transcription", "service_time = \"5ms\"");
    let mut socket = TcpStream::connect(to).await.expect("a connection");
    for _ in 0..3 {
        send(&mut socket, "POST /v1/audio/transcriptions", &upload())
            .await
            .expect("sent");
        let (head, body) = receive(&mut socket).await.expect("a reply");
        let reply: Value = serde_json::from_slice(&body).expect("JSON");
        assert!(head.starts_with("http/1.1 200"), "{head}");
        assert_eq!(
            (&reply["duration"], &reply["segments"][0]["audio_end"]),
            (&0.5.into(), &0.5.into())
        );
        assert!(
            reply["text"].as_str().is_some_and(|text| text.len() > 5),
            "{reply}"
        );
    }
    let (status, _, body) = exchange(
        to,
        "POST /v1/audio/transcriptions",
        &form(&[("model", b"tiny")]),
    )
    .await
    .expect("a reply");
    assert_eq!(
        (status, &body["detail"]),
        (400, &"the form has no field `file`".into())
    );
    assert_eq!(get(to, "/v1/audio/transcriptions").await.0, 405);
    assert_eq!(get(to, "/jobs/job-1").await.0, 404);
    assert_eq!(get(to, "/health").await.1["status"], "ok");
    let truth = truth(to).await;
    assert_eq!(
        truth["requests"]["POST /v1/audio/transcriptions"],
        serde_json::json!({ "200": 3, "400": 1 })
    );
    assert_eq!(
        truth["requests"]["GET /v1/audio/transcriptions"],
        serde_json::json!({ "405": 1 })
    );
    assert_eq!(
        truth["requests"].as_object().map(serde_json::Map::len),
        Some(3)
    );
    assert_eq!(
        (&truth["connections"], &truth["audio_seconds"]),
        (&6.into(), &1.5.into())
    );
    assert_eq!(
        (
            &truth["in_flight"],
            &truth["max_in_flight"],
            &truth["max_active"]
        ),
        (&0.into(), &1.into(), &1.into())
    );
    assert_eq!(truth["service"]["count"], 3);
    assert!(truth["service"]["min_s"].as_f64() >= Some(0.005), "{truth}");
    assert!(
        truth["last_reply_s"].as_f64() > truth["first_request_s"].as_f64(),
        "{truth}"
    );
}

#[tokio::test]
async fn slots_serve_in_order_and_a_full_queue_refuses() {
    let (to, _task) = start(
        "transcription",
        "service_time = \"200ms\"\nslots = 2\nqueue = 2",
    );
    let replies = tokio::sync::Mutex::new(Vec::new());
    let one = async |n: u64| {
        // Audio is counted as it is admitted, so this one comes behind the first n.
        while truth(to).await["audio_seconds"].as_f64() < Some(0.5 * n as f64) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let (status, head, _) = post(to).await.expect("a reply");
        assert_eq!(status == 503, head.contains("retry-after: 1"), "{head}");
        replies.lock().await.push((n, status));
    };
    tokio::join!(one(0), one(1), one(2), one(3), one(4));
    let mut served: Vec<_> = replies
        .lock()
        .await
        .iter()
        .copied()
        .filter(|(_, status)| *status == 200)
        .collect();
    served.chunks_mut(2).for_each(<[_]>::sort);
    assert_eq!(
        served,
        [0, 1, 2, 3].map(|n| (n, 200)),
        "two at once, in two turns"
    );
    let truth = truth(to).await;
    assert_eq!(
        truth["requests"]["POST /v1/audio/transcriptions"],
        serde_json::json!({ "200": 4, "503": 1 })
    );
    assert_eq!(
        (&truth["max_active"], &truth["max_in_flight"]),
        (&2.into(), &5.into())
    );
    assert_eq!(truth["audio_seconds"], 2.0);
}

#[tokio::test]
async fn jobs_go_through_their_stages_in_order() {
    let (to, _task) = start(
        "jobs",
        "service_time = \"150ms\"\nslots = 1\nfaults = { job_fail_share = \"50%\" }",
    );
    for n in 1..=2 {
        let (status, _, reply) = exchange(to, "POST /jobs/", &upload())
            .await
            .expect("a reply");
        assert_eq!(
            (status, &reply["job_id"], &reply["status"]),
            (200, &format!("job-{n}").into(), &"queued".into())
        );
    }
    assert_eq!(get(to, "/jobs/job-2").await.1["status"], "queued");
    let mut seen: Vec<String> = Vec::new();
    let last = loop {
        let (_, job) = get(to, "/jobs/job-1").await;
        let status = job["status"].as_str().expect("a status").to_owned();
        if seen.last() != Some(&status) {
            seen.push(status);
        }
        if job["completed_at"].is_string() {
            break job;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    };
    let order = ["processing", "enriching", "completed"];
    assert!(
        seen.iter()
            .map(|status| order.iter().position(|known| known == status))
            .is_sorted(),
        "{seen:?}"
    );
    assert!(
        last["transcript"]
            .as_str()
            .is_some_and(|text| !text.is_empty()),
        "{last}"
    );
    assert_eq!(
        (&last["original_filename"], &last["model_name"]),
        (&"a.wav".into(), &"tiny".into())
    );
    while get(to, "/jobs/job-2").await.1["status"] != "failed_whisper_error" {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(get(to, "/jobs/job-3").await.0, 404);
    let truth = truth(to).await;
    assert_eq!(
        (&truth["jobs"]["submitted"], &truth["jobs"]["completed"]),
        (&2.into(), &1.into())
    );
    assert_eq!(
        (&truth["jobs"]["failed"], &truth["faults"]["job_fail"]),
        (&1.into(), &1.into())
    );
    assert_eq!(
        (&truth["max_active"], &truth["service"]["min_s"]),
        (&1.into(), &0.15.into())
    );
    let polls = truth["requests"]["GET /jobs/{id}"]["200"]
        .as_u64()
        .expect("polls");
    assert_eq!(truth["jobs"]["polls"].as_u64(), Some(polls + 1));
}

#[tokio::test]
async fn injected_statuses_resets_and_garbage_hit_their_share() {
    let faults = "{ status = 503, body = \"busy (memory: 92%)\", status_share = \"25%\", reset_share = \"25%\", garbage_share = \"25%\" }";
    let (to, _task) = start(
        "transcription",
        &format!("service_time = \"0s\"\nfaults = {faults}"),
    );
    let (mut ok, mut status, mut reset, mut garbage) = (0, 0, 0, 0);
    for _ in 0..16 {
        match post(to).await {
            Ok((200, ..)) => ok += 1,
            Ok((503, ..)) => status += 1,
            Ok((other, ..)) => panic!("{other}"),
            Err(why) if why.kind() == std::io::ErrorKind::ConnectionReset => reset += 1,
            Err(why) if why.kind() == std::io::ErrorKind::InvalidData => garbage += 1,
            Err(why) => panic!("{why}"),
        }
    }
    let counted = truth(to).await;
    let expected =
        serde_json::json!({ "200": ok, "503": status, "reset": reset, "garbage": garbage });
    assert_eq!(
        counted["requests"]["POST /v1/audio/transcriptions"],
        expected
    );
    assert_eq!((status, counted["faults"]["status"].as_u64()), (4, Some(4)));
    assert!(reset >= 3 && garbage >= 3, "{counted}");
}

#[tokio::test]
async fn stalls_and_slow_bodies_hold_an_answer_back() {
    let faults = "{ stall_share = \"50%\", stall = \"60ms\", slow_body_share = \"50%\", slow_body = \"60ms\" }";
    let (to, _task) = start(
        "transcription",
        &format!("service_time = \"0s\"\nfaults = {faults}"),
    );
    assert_eq!(post(to).await.expect("no fault yet").0, 200);
    for fault in ["stall", "slow body"] {
        let early = tokio::time::timeout(Duration::from_millis(30), post(to)).await;
        assert!(early.is_err(), "{fault}");
    }
    for fault in ["stall", "slow body"] {
        let (status, _, reply) = post(to).await.expect(fault);
        assert_eq!(
            (status, &reply["duration"]),
            (200, &0.5.into()),
            "late, but whole"
        );
    }
    let truth = truth(to).await;
    assert_eq!(
        truth["faults"],
        serde_json::json!({ "slow_body": 2, "stall": 2 })
    );
    assert_eq!(
        truth["requests"]["POST /v1/audio/transcriptions"]["aborted"], 2,
        "{truth}"
    );
    assert_eq!(truth["in_flight"], 0);
}

#[tokio::test]
async fn nobody_is_answered_within_the_stall_window() {
    let (to, _task) = start(
        "jobs",
        "faults = { stall_at = \"0s\", stall_for = \"50ms\" }",
    );
    assert_eq!(get(to, "/health").await.0, 200);
    let (first, second) = tokio::join!(get(to, "/jobs/job-1"), get(to, "/jobs/job-2"));
    assert_eq!((first.0, second.0), (404, 404));
    let after = truth(to).await;
    assert_eq!(
        (&after["faults"]["stall_window"], &after["max_in_flight"]),
        (&2.into(), &2.into())
    );
    assert!(
        after["last_reply_s"].as_f64()
            >= after["first_request_s"].as_f64().map(|first| first + 0.05),
        "{after}"
    );
}

#[tokio::test]
async fn a_dying_server_resets_everyone_and_is_gone() {
    let (to, task) = start(
        "transcription",
        "service_time = \"10s\"\nfaults = { die_after = 2 }",
    );
    let (one, two, three) = tokio::join!(post(to), post(to), post(to));
    for reply in [one, two, three] {
        assert_eq!(
            reply.expect_err("no reply").kind(),
            std::io::ErrorKind::ConnectionReset
        );
    }
    task.await.expect("no panic").expect("no error");
    assert_eq!(
        TcpStream::connect(to).await.expect_err("gone").kind(),
        std::io::ErrorKind::ConnectionRefused
    );
}

#[tokio::test]
async fn it_serves_until_it_is_stopped_and_refuses_nonsense() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let to = listener.local_addr().expect("an address");
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let spec = DemoSpec::new(crate::demo::Service::Jobs);
    let task = tokio::spawn(serve(spec.clone(), listener, async { drop(stopped.await) }));
    assert_eq!(get(to, "/health").await.0, 200);
    stop.send(()).expect("it listens");
    task.await.expect("no panic").expect("no error");
    assert!(TcpStream::connect(to).await.is_err());
    let nonsense = DemoSpec {
        slots: Some(crate::units::Count(0)),
        ..spec
    };
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let why = serve(nonsense, listener, std::future::pending())
        .await
        .expect_err("no slots");
    assert_eq!(why.kind(), std::io::ErrorKind::InvalidInput);
}
