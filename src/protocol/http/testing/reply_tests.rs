//! Replies that are unusual and right, and connections that end at an unlucky moment.

use std::sync::Arc;

use ::http::Method;

use super::live_tests::{Act, OK, live, serve};
use crate::clock::Clock;
use crate::metric::ErrorClass;
use crate::protocol::http::HttpClient;
use crate::units;

#[test]
fn a_kept_connection_that_dies_before_a_byte_of_reply_is_made_anew_for_what_can_be_repeated() {
    live(async {
        let cut = "HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{";
        for (method, end, repeated) in [
            (Method::GET, Act::Reset, true),
            (Method::DELETE, Act::Say(""), true),
            (Method::POST, Act::Reset, false),
            (Method::GET, Act::Say(cut), false),
        ] {
            let server = serve(vec![vec![Act::Say(OK), end], vec![Act::Say(OK)]]).await;
            let mut client = HttpClient::new(Clock::real(), Arc::default());
            client.exchange(&server.request).await.expect("first");
            let mut request = server.request.clone();
            request.method = method.clone();
            let second = client.exchange(&request).await;
            assert_eq!(second.is_ok(), repeated, "{method}: {second:?}");
            assert_eq!(
                (server.accepted.get(), client.reconnects()),
                if repeated { (2, 1) } else { (1, 0) },
                "{method}"
            );
        }
        // Once, and never on a new connection.
        let server = serve(vec![vec![Act::Say(OK), Act::Reset], vec![Act::Reset]]).await;
        let mut client = HttpClient::new(Clock::real(), Arc::default());
        client.exchange(&server.request).await.expect("first");
        client.exchange(&server.request).await.expect_err("twice");
        assert_eq!((server.accepted.get(), client.reconnects()), (2, 1));
    });
}

#[test]
fn the_first_byte_is_that_of_the_reply_and_not_of_hints() {
    live(async {
        let hints = "HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n";
        let server = serve(vec![vec![Act::SayThenLate(hints, OK); 2]]).await;
        let mut client = HttpClient::new(Clock::real(), Arc::default());
        for _ in 0..2 {
            let reply = client.exchange(&server.request).await.expect("a reply");
            assert_eq!(reply.status, 200);
            let first_byte = reply.timing.first_byte.expect("read");
            assert!(
                first_byte > units::Duration::from_millis(20),
                "{first_byte}"
            );
        }
        assert_eq!((server.accepted.get(), client.reconnects()), (1, 0));
    });
}

#[test]
fn a_reply_may_have_many_headers() {
    live(async {
        for (count, says) in [(250, None), (257, Some("more than 256 headers"))] {
            let fields: String = (0..count).map(|n| format!("x-{n}: v\r\n")).collect();
            let text = format!("HTTP/1.1 200 OK\r\n{fields}content-length: 0\r\n\r\n");
            let server = serve(vec![vec![Act::Say(text.leak())]]).await;
            let mut client = HttpClient::new(Clock::real(), Arc::default());
            match (client.exchange(&server.request).await, says) {
                (Ok(reply), None) => assert_eq!(reply.headers.len(), count + 1),
                (Err(failed), Some(says)) => {
                    assert_eq!(failed.failure.class, ErrorClass::Protocol);
                    assert!(failed.failure.message.contains(says), "{failed}");
                }
                (other, _) => panic!("{count}: {other:?}"),
            }
        }
    });
}
