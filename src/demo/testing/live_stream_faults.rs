//! What goes wrong with streams: each fault as a client sees it, and as the target counts it.

use serde_json::json;

use super::live_services::{Client, begin};
use super::live_streams::{Caller, KEYS, truth};

/// Four callers of a target with this fault: the messages and the close of each, or the status that refused it.
async fn four(
    service: &str,
    fault: &str,
) -> (Vec<Result<(usize, Option<u16>), u16>>, serde_json::Value) {
    let to = begin(&format!(
        "service = '{service}'\nfaults.{fault} = '50%'\n{KEYS}"
    ));
    let mut all = Vec::new();
    for _ in 0..4 {
        let mut caller = match Caller::dial(to, "/", None).await {
            Ok(caller) => caller,
            Err(status) => {
                all.push(Err(status));
                continue;
            }
        };
        // Whoever was cut off may not get all of this away.
        if service == "vosk" {
            caller
                .text(json!({ "config": { "sample_rate": 16000 } }))
                .await;
        } else {
            caller
                .text(json!({ "uid": "u", "audio_format": "int16" }))
                .await;
        }
        for _ in 0..4 {
            caller.try_binary(&[0; 3_200]).await;
        }
        caller.try_binary(b"END_OF_AUDIO").await;
        if service == "vosk" {
            caller.try_text("{\"eof\" : 1}").await;
        }
        let patience = std::time::Duration::from_millis(400);
        let rest = tokio::time::timeout(patience, caller.rest()).await;
        all.push(Ok((rest.map_or(999, |rest| rest.len()), caller.close)));
    }
    (all, Client::new(to).get("/truth").await.1)
}

#[tokio::test]
async fn each_fault_strikes_its_share() {
    let whole = Ok((7, Some(1000)));
    for (fault, hurt) in [
        ("status_share", Err(503)),
        ("close_share", Ok((0, Some(1011)))),
        // Ready, language, and one result: the connection ends where the first segment would.
        ("reset_share", Ok((3, None))),
        ("garbage_share", Ok((3, None))),
        ("error_share", Ok((4, Some(1011)))),
        ("never_ready_share", Ok((999, None))),
        ("stall_share", Ok((999, None))),
        ("flood_share", Ok((7 + 9_999, Some(1000)))),
    ] {
        let (seen, truth) = four("whisperlive", fault).await;
        assert_eq!(seen, [whole, hurt, whole, hurt], "{fault}: {truth}");
        let name = fault.trim_end_matches("_share");
        assert_eq!(truth["faults"][name], 2, "{fault}: {truth}");
    }
}

#[tokio::test]
async fn a_service_that_does_not_greet_never_answers_the_handshake() {
    let to = begin("service = 'vosk'\nfaults.never_ready_share = '100%'");
    let patience = std::time::Duration::from_millis(100);
    assert!(
        tokio::time::timeout(patience, Caller::dial(to, "/", None))
            .await
            .is_err()
    );
    let to = begin("service = 'vosk'\nfaults.status_share = '100%'\nfaults.status = 418");
    assert_eq!(Caller::dial(to, "/", None).await.err(), Some(418));
}

#[tokio::test]
async fn segments_are_lost_as_often_as_it_says() {
    let to = begin(
        &format!("service = 'whisperlive'\n{KEYS}")
            .replace("stream = {", "stream = { lost_share = '8%',"),
    );
    let mut heard = 0;
    for _ in 0..10 {
        let mut caller = Caller::dial(to, "/", None).await.expect("let in");
        caller
            .text(json!({ "uid": "u", "audio_format": "uint8" }))
            .await;
        // Two seconds: ten segments.
        caller.binary(&[0; 32_000]).await;
        caller.binary(b"END_OF_AUDIO").await;
        let all = caller.rest().await;
        heard += all.last().expect("the end")["segments"]
            .as_array()
            .expect("segments")
            .len();
    }
    assert_eq!(heard, 92);
    assert_eq!(truth(to, 10).await["ended_well"], 10);
}

#[tokio::test]
async fn death_resets_every_stream() {
    let to = begin("service = 'vosk'\nfaults.die_after = 1");
    let mut first = Caller::dial(to, "/", None).await.expect("let in");
    let socket = tokio::net::TcpStream::connect(to)
        .await
        .expect("a connection");
    let request = "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n";
    socket.writable().await.expect("writable");
    socket.try_write(request.as_bytes()).expect("sent");
    assert_eq!((first.rest().await, first.close), (vec![], None));
    assert!(tokio::net::TcpStream::connect(to).await.is_err());
}
