//! Faults of exchanges over real connections.

use crate::demo::{DemoSpec, serve};
use std::time::Duration;
use tokio::net::TcpStream;

use super::live::{get, post, start, truth};

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
