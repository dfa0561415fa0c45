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
pub(super) fn start(service: &str, keys: &str) -> (SocketAddr, JoinHandle<std::io::Result<()>>) {
    let spec: DemoSpec = toml::from_str(&format!("service = \"{service}\"\n{keys}")).expect(keys);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    (
        address,
        tokio::spawn(serve(spec, listener, std::future::pending())),
    )
}

pub(super) async fn send(socket: &mut TcpStream, head: &str, body: &[u8]) -> std::io::Result<()> {
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

pub(super) async fn post(to: SocketAddr) -> std::io::Result<(u16, String, Value)> {
    exchange(to, "POST /v1/audio/transcriptions", &upload()).await
}

pub(super) async fn get(to: SocketAddr, path: &str) -> (u16, Value) {
    let (status, _, body) = exchange(to, &format!("GET {path}"), b"").await.expect(path);
    (status, body)
}

pub(super) async fn truth(to: SocketAddr) -> Value {
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
async fn a_refusal_leaves_the_connection_usable() {
    let transcriptions = "/v1/audio/transcriptions";
    for (service, keys, path, status) in [
        ("transcription", "token = \"k\"", transcriptions, "401"),
        (
            "transcription",
            "max_upload = \"50 kB\"",
            transcriptions,
            "413",
        ),
        ("transcription", "memory = \"95%\"", transcriptions, "503"),
        ("transcription", "", "/nowhere", "404"),
        ("transcription", "", "/", "405"),
        ("whisperlive", "", "/", "405"),
        ("whisperlive", "token = \"k\"", "/", "401"),
    ] {
        let (address, serving) = start(service, keys);
        let mut socket = TcpStream::connect(address).await.expect("a connection");
        for _ in 0..3 {
            let clip = vec![b'x'; 96_000];
            send(&mut socket, &format!("POST {path}"), &clip)
                .await
                .expect("taken");
            let (head, _) = receive(&mut socket).await.expect(path);
            assert!(head.starts_with(&format!("http/1.1 {status}")), "{head}");
            assert!(!head.contains("connection: close"), "{head}");
        }
        serving.abort();
    }
}
