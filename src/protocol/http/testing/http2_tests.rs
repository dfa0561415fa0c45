//! HTTP/2: its moments, its failures, and what is left of a connection.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use ::http::Method;
use bytes::Bytes;
use h2::{Reason, server};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use super::live_tests::{get, live};
use super::site::{Site, reply};
use crate::clock::Clock;
use crate::metric::ErrorClass;
use crate::protocol::http::HttpClient;
use crate::protocol::{ConnectionOptions, HttpVersion};
use crate::protocol::{Message, Payload, Request};
use crate::units;

fn client() -> HttpClient {
    HttpClient::new(
        Clock::real(),
        Arc::new(ConnectionOptions {
            version: HttpVersion::Two,
            ..ConnectionOptions::default()
        }),
    )
}

fn post(port: u16, body: Vec<u8>) -> Request {
    let mut request = get(&format!("http://127.0.0.1:{port}/x"));
    request.method = Method::POST;
    request
        .headers
        .insert("host", "asr.example".parse().expect("a value"));
    request.payload = Payload::new(vec![Bytes::from(body)]);
    request
}

#[test]
fn a_connection_in_the_clear_is_used_again_and_large_bodies_go_both_ways() {
    live(async {
        let large = Bytes::from(vec![b'y'; 3_000_000]);
        let body = large.clone();
        let site = Site::start(None, true, move |_| reply(200, ("x-a", "b"), body.clone())).await;
        let mut client = client();
        for nth in 0..3 {
            let answer = client
                .exchange(&post(site.port, vec![b'x'; 1_000_000]))
                .await
                .expect("a reply");
            let timing = answer.timing;
            assert_eq!(
                (answer.status, answer.body == large, timing.bytes_in),
                (200, true, 3_000_000)
            );
            assert_eq!((timing.connect.is_some(), timing.tls), (nth == 0, None));
            let (sent, written) = (timing.sent.expect("sent"), timing.written.expect("written"));
            assert!(
                timing.started <= sent && sent < written && written <= timing.ended,
                "{timing:?}"
            );
            assert!(
                timing.first_byte.is_some() && timing.receive > Some(units::Duration::ZERO),
                "{timing:?}"
            );
        }
        assert_eq!((site.accepted.get(), client.reconnects()), (1, 0));
        let seen = site.seen.borrow();
        assert_eq!(seen[0].line, "POST http://asr.example/x HTTP/2.0");
        assert!(
            seen.iter()
                .all(|seen| seen.body.len() == 1_000_000 && !seen.headers.contains_key("host"))
        );
    });
}

/// What a server does with the nth request of a connection.
#[derive(Clone, Copy)]
enum Act {
    Reply,
    /// The head, 30 ms, a piece, 30 ms, the end.
    Stream,
    Reset(Reason),
    /// Half a reply, then this.
    Break(Reason),
    /// Replies, and says 5 ms later that this was the last.
    LastReply,
    /// Closes the socket.
    Close,
}

async fn acts(connections: Vec<Vec<Act>>) -> (u16, Rc<Cell<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let port = listener.local_addr().expect("address").port();
    let accepted = Rc::new(Cell::new(0));
    let count = Rc::clone(&accepted);
    tokio::task::spawn_local(async move {
        loop {
            let (stream, _) = listener.accept().await.expect("accept");
            stream.set_nodelay(true).expect("no delay");
            let acts = connections[count.get().min(connections.len() - 1)].clone();
            count.set(count.get() + 1);
            tokio::task::spawn_local(async move {
                let mut connection = server::handshake(stream).await.expect("a handshake");
                for act in acts {
                    let Some(Ok((_, mut respond))) = connection.accept().await else {
                        return;
                    };
                    let head = ::http::Response::new(());
                    let ms = Duration::from_millis;
                    match act {
                        Act::Reply | Act::LastReply => {
                            let mut body = respond.send_response(head, false).expect("a head");
                            body.send_data(Bytes::from_static(b"ok"), true)
                                .expect("a body");
                        }
                        Act::Reset(reason) => respond.send_reset(reason),
                        Act::Close => return,
                        Act::Stream | Act::Break(_) => {
                            let mut body = respond.send_response(head, false).expect("a head");
                            tokio::task::spawn_local(async move {
                                tokio::time::sleep(ms(30)).await;
                                body.send_data(Bytes::from_static(b"one"), false)
                                    .expect("a body");
                                tokio::time::sleep(ms(30)).await;
                                match act {
                                    Act::Break(reason) => body.send_reset(reason),
                                    _ => body
                                        .send_data(Bytes::from_static(b"two"), true)
                                        .expect("an end"),
                                }
                            });
                        }
                    }
                    if matches!(act, Act::LastReply) {
                        let _ = tokio::time::timeout(ms(5), connection.accept()).await;
                        connection.graceful_shutdown();
                    }
                }
                while connection.accept().await.is_some() {}
            });
        }
    });
    (port, accepted)
}

#[test]
fn pieces_have_their_moments() {
    live(async {
        let (port, accepted) = acts(vec![vec![Act::Stream; 2]]).await;
        let mut client = client();
        let request = get(&format!("http://127.0.0.1:{port}/x"));
        for _ in 0..2 {
            let mut seen = Vec::new();
            let mut each = |message: &Message<'_>| {
                seen.push((message.at, message.text.clone()));
                ControlFlow::Continue(())
            };
            let timing = client
                .stream(&request, None, &mut each)
                .await
                .expect("a reply")
                .timing;
            let least = units::Duration::from_millis(20);
            assert_eq!((&seen[0].1[..], &seen[1].1[..]), (&b"one"[..], &b"two"[..]));
            assert!(seen[1].0.since(seen[0].0) >= least, "{seen:?}");
            // The head is there at once, whatever housekeeping comes with it.
            assert!(
                timing.first_byte < Some(least) && timing.receive >= Some(least + least),
                "{timing:?}"
            );
        }
        assert_eq!(accepted.get(), 1);
    });
}

#[test]
fn failures_have_classes_and_say_when() {
    live(async {
        for (act, class, says) in [
            (
                Act::Reset(Reason::REFUSED_STREAM),
                ErrorClass::Reset,
                "stream reset by peer after the request was sent: REFUSED_STREAM",
            ),
            (
                Act::Reset(Reason::PROTOCOL_ERROR),
                ErrorClass::Protocol,
                "stream reset by peer after the request was sent: PROTOCOL_ERROR",
            ),
            (
                Act::Break(Reason::INTERNAL_ERROR),
                ErrorClass::Reset,
                "stream reset by peer in the middle of the reply: INTERNAL_ERROR",
            ),
            (Act::Close, ErrorClass::Reset, "after the request was sent"),
        ] {
            let (port, accepted) = acts(vec![vec![act], vec![Act::Reply]]).await;
            let mut client = client();
            let request = get(&format!("http://127.0.0.1:{port}/x"));
            let failed = client.exchange(&request).await.expect_err(says);
            assert_eq!(failed.failure.class, class, "{failed}");
            assert!(failed.failure.message.contains(says), "{failed}: {says}");
            assert!(failed.timing.sent.is_some());
            assert_eq!(failed.failure.retryable, says.ends_with("REFUSED_STREAM"));
            client.exchange(&request).await.expect("the next one works");
            assert_eq!((accepted.get(), client.reconnects()), (2, 0), "{says}");
        }
    });
}

/// A server that reads nothing and says at once that it goes away.
async fn goes_away(reason: Reason) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let port = listener.local_addr().expect("address").port();
    tokio::task::spawn_local(async move {
        let (mut stream, _) = listener.accept().await.expect("accept");
        stream.readable().await.expect("readable");
        let [a, b, c, d] = u32::from(reason).to_be_bytes();
        let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
        let go_away = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d];
        stream
            .write_all(&[&settings[..], &go_away].concat())
            .await
            .expect("write");
        std::future::pending::<()>().await;
    });
    port
}

#[test]
fn a_target_that_goes_away_says_why() {
    live(async {
        for (reason, class) in [
            (Reason::NO_ERROR, ErrorClass::Reset),
            (Reason::ENHANCE_YOUR_CALM, ErrorClass::Reset),
            (Reason::FRAME_SIZE_ERROR, ErrorClass::Protocol),
        ] {
            let port = goes_away(reason).await;
            let failed = client()
                .exchange(&get(&format!("http://127.0.0.1:{port}/x")))
                .await
                .expect_err("gone");
            let says = format!("connection closed by peer after the request was sent: {reason:?}");
            assert_eq!(
                (failed.failure.class, failed.failure.message.as_str()),
                (class, says.as_str())
            );
            assert_eq!(failed.timing.first_byte, None, "housekeeping is no reply");
        }
    });
}

#[test]
fn a_connection_that_the_target_gave_up_is_made_anew_and_counted() {
    live(async {
        let (port, accepted) = acts(vec![vec![Act::LastReply], vec![Act::Reply; 9]]).await;
        let mut client = client();
        let request = get(&format!("http://127.0.0.1:{port}/x"));
        client.exchange(&request).await.expect("first");
        tokio::time::sleep(Duration::from_millis(30)).await;
        for _ in 0..3 {
            client.exchange(&request).await.expect("a reply");
        }
        assert_eq!((accepted.get(), client.reconnects()), (2, 1));
    });
}

#[test]
fn a_request_that_the_target_has_not_touched_is_sent_again_on_a_new_connection() {
    live(async {
        let refused = Act::Reset(Reason::REFUSED_STREAM);
        let broken = Act::Reset(Reason::INTERNAL_ERROR);
        for (end, repeated) in [(refused, true), (broken, false)] {
            let (port, accepted) = acts(vec![vec![Act::Reply, end], vec![Act::Reply]]).await;
            let mut client = client();
            for nth in 0..2 {
                let replied = client.exchange(&post(port, b"x".to_vec())).await;
                assert_eq!(replied.is_ok(), nth == 0 || repeated, "{replied:?}");
            }
            assert_eq!(
                (accepted.get(), client.reconnects()),
                if repeated { (2, 1) } else { (1, 0) }
            );
        }
    });
}

#[test]
fn what_does_not_know_http2_is_found_out() {
    live(async {
        let site = Site::start(None, false, |_| reply(200, ("x", "y"), "")).await;
        let failed = client()
            .exchange(&get(&format!("http://127.0.0.1:{}/x", site.port)))
            .await
            .expect_err("HTTP/1.1");
        assert!(
            matches!(
                failed.failure.class,
                ErrorClass::Protocol | ErrorClass::Reset
            ),
            "{failed}"
        );
    });
}
