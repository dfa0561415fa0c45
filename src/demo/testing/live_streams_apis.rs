//! Streams of other services over real connections.

use base64::Engine;

use super::live_services::{Client, begin};
use super::live_streams::{Caller, KEYS};
use serde_json::json;

#[tokio::test]
async fn deepgram_sends_results_and_then_metadata() {
    let to = begin(&format!(
        "service = 'deepgram'\nslots = 1\ntoken = 'key'\n{KEYS}"
    ));
    let path = "/v1/listen?encoding=linear16&sample_rate=16000&interim_results=true";
    assert_eq!(
        Caller::dial(to, path, Some("Bearer key")).await.err(),
        Some(401)
    );
    assert_eq!(
        Caller::dial(to, "/v1/listen?encoding=opus", Some("Token key"))
            .await
            .err(),
        Some(400)
    );
    let mut caller = Caller::dial(to, path, Some("Token key"))
        .await
        .expect("let in");
    assert_eq!(
        Caller::dial(to, path, Some("Token key")).await.err(),
        Some(429)
    );
    caller.text(json!({ "type": "KeepAlive" })).await;
    for _ in 0..5 {
        caller.binary(&[0; 3_200]).await;
    }
    caller.text(json!({ "type": "CloseStream" })).await;
    let all = caller.rest().await;
    let seen: Vec<_> = all
        .iter()
        .map(|one| {
            (
                one["is_final"].as_bool(),
                one["channel"]["alternatives"][0]["transcript"].as_str(),
            )
        })
        .collect();
    let (interim, last) = (Some(false), Some(true));
    assert_eq!(
        seen,
        [
            (interim, Some("a")),
            (last, Some("a b")),
            (interim, Some("c")),
            (last, Some("c d")),
            (interim, Some("e")),
            (last, Some("e")),
            (None, None)
        ]
    );
    assert_eq!(
        (
            &all[3]["start"],
            &all[3]["duration"],
            &all[3]["speech_final"]
        ),
        (&0.2.into(), &0.2.into(), &true.into())
    );
    assert_eq!(
        (&all[6]["type"], &all[6]["duration"], caller.close),
        (&"Metadata".into(), &0.5.into(), Some(1000))
    );
}

#[tokio::test]
async fn deepgram_finalizes_when_it_is_told_to() {
    let to = begin(&format!("service = 'deepgram'\n{KEYS}"));
    let mut caller = Caller::dial(to, "/v1/listen?encoding=linear16", None)
        .await
        .expect("let in");
    caller.binary(&[0; 3_200]).await;
    caller.text(json!({ "type": "Finalize" })).await;
    let one = caller.next().await.expect("a result");
    assert_eq!(
        (&one["from_finalize"], &one["duration"]),
        (&true.into(), &0.1.into())
    );
    assert_eq!(one["channel"]["alternatives"][0]["transcript"], "a");
}

#[tokio::test]
async fn realtime_takes_base64_and_answers_in_deltas() {
    let to = begin(&format!("service = 'realtime'\n{KEYS}"));
    let mut caller = Caller::dial(to, "/v1/realtime", None)
        .await
        .expect("let in");
    assert_eq!(
        caller.next().await.expect("a session")["type"],
        "session.created"
    );
    let audio = base64::engine::general_purpose::STANDARD.encode([0; 3_200]);
    for _ in 0..5 {
        caller
            .text(json!({ "type": "input_audio_buffer.append", "audio": audio }))
            .await;
    }
    caller
        .text(json!({ "type": "input_audio_buffer.commit" }))
        .await;
    let mut all = caller.rest().await;
    let done = all.pop().expect("the end");
    assert_eq!(
        (&done["type"], &done["transcript"]),
        (
            &"conversation.item.input_audio_transcription.completed".into(),
            &"a b c d e".into()
        )
    );
    let deltas: Vec<_> = all
        .iter()
        .map(|one| one["delta"].as_str().expect("a delta"))
        .collect();
    assert_eq!(deltas, ["a", " b", " c", " d", " e"]);
    let mut wrong = Caller::dial(to, "/v1/realtime", None)
        .await
        .expect("let in");
    wrong
        .text(json!({ "type": "input_audio_buffer.append", "audio": "~~" }))
        .await;
    assert_eq!(wrong.rest().await[1]["type"], "error");
}

#[tokio::test]
async fn workers_get_their_shares_and_name_themselves() {
    let to = begin(
        &format!("service = 'vosk'\nworkers = 3\n{KEYS}")
            .replace("stream = {", "stream = { shares = [8, 1, 1],"),
    );
    let mut callers = Vec::new();
    for _ in 0..20 {
        callers.push(Caller::dial(to, "/", None).await.expect("let in"));
    }
    let on = |name: &str| {
        callers
            .iter()
            .filter(|caller| caller.instance == name)
            .count()
    };
    assert_eq!(["worker-1", "worker-2", "worker-3"].map(on), [16, 2, 2]);
    let truth = Client::new(to).get("/truth").await.1;
    assert_eq!(truth["streams"]["workers"]["worker-1"]["begun"], 16);
    assert_eq!(truth["requests"]["GET /"], json!({ "101": 20 }));
    assert_eq!(Client::new(to).get("/health").await.1["active"], 20);
}
