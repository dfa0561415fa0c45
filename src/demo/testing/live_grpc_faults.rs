//! Faults of gRPC streams over real connections.

use super::grpc_caller::{call, connect};
use super::live_services::{Client, begin};
use super::live_streams::{KEYS, truth};
use tonic::Code;

use super::live_grpc::{STREAM_AUDIO, STREAMING_RECOGNIZE, gateway, recognized, riva, spoken};

#[tokio::test]
async fn a_stream_too_many_is_refused() {
    let to = begin("service = 'riva'\nslots = 1\nstream = { delay = '150ms' }");
    let connection = connect(to).await;
    let pool = riva(&connection).await;
    let (messages, late) = (
        recognized(false),
        tokio::time::sleep(std::time::Duration::from_millis(50)),
    );
    let second = async {
        late.await;
        call(&connection, &pool, STREAMING_RECOGNIZE, &messages).await
    };
    let (first, second) = tokio::join!(
        call(&connection, &pool, STREAMING_RECOGNIZE, &messages),
        second
    );
    assert_eq!(
        (first.code, second.code),
        (Code::Ok, Code::ResourceExhausted)
    );
    assert_eq!(truth(to, 1).await["refused"], 1);
    let locked = connect(begin("service = 'gateway'\ntoken = 'key'")).await;
    assert_eq!(
        call(&locked, &gateway(), STREAM_AUDIO, &spoken())
            .await
            .code,
        Code::Unauthenticated
    );
}

#[tokio::test]
async fn each_fault_of_a_grpc_stream_strikes_its_share() {
    for (fault, code, replies) in [
        ("status_share", Code::Unavailable, 0),
        ("close_share", Code::Ok, 0),
        ("garbage_share", Code::DataLoss, 1),
        ("never_ready_share", Code::DeadlineExceeded, 0),
        ("stall_share", Code::DeadlineExceeded, 0),
        ("flood_share", Code::Ok, 6 + 9_999),
    ] {
        let to = begin(&format!("service = 'riva'\nfaults.{fault} = '50%'\n{KEYS}"));
        let connection = connect(to).await;
        let pool = riva(&connection).await;
        for struck in [false, true] {
            let called = call(&connection, &pool, STREAMING_RECOGNIZE, &recognized(true)).await;
            let (code, replies) = if struck {
                (code, replies)
            } else {
                (Code::Ok, 6)
            };
            assert_eq!(
                (called.code, called.replies.len()),
                (code, replies),
                "{fault}"
            );
        }
        let name = fault.trim_end_matches("_share");
        assert_eq!(
            Client::new(to).get("/truth").await.1["faults"][name],
            1,
            "{fault}"
        );
    }
}

#[tokio::test]
async fn a_reset_ends_the_connection() {
    let connection = connect(begin(&format!(
        "service = 'riva'\nfaults.reset_share = '50%'\n{KEYS}"
    )))
    .await;
    let pool = riva(&connection).await;
    for code in [Code::Ok, Code::Unknown] {
        // How many of its replies were on their way is left to the network.
        assert_eq!(
            call(&connection, &pool, STREAMING_RECOGNIZE, &recognized(true))
                .await
                .code,
            code
        );
    }
}
