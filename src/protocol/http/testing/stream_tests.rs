//! Streamed replies of a server of a few lines: what is handed over, when, and what is left of the connection.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::live_tests::{get, live};
use crate::clock::{Clock, Tick};
use crate::metric::ErrorClass;
use crate::protocol::http::HttpClient;
use crate::protocol::{ExchangeError, Framing, Message, Reply, Request};
use crate::select::Evidence;
use crate::units;

/// Answers every request with this head and these pieces, 15 ms between two, and then closes or waits for the next request.
async fn serve(
    head: &str,
    pieces: &'static [&'static [u8]],
    closes: bool,
) -> (Request, Rc<Cell<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let port = listener.local_addr().expect("address").port();
    let accepted = Rc::new(Cell::new(0));
    let (count, head) = (Rc::clone(&accepted), head.to_owned());
    tokio::task::spawn_local(async move {
        loop {
            let (mut stream, _) = listener.accept().await.expect("accept");
            stream.set_nodelay(true).expect("no delay");
            count.set(count.get() + 1);
            let head = head.clone();
            tokio::task::spawn_local(async move {
                while stream.read(&mut [0; 4096]).await.is_ok_and(|read| read > 0) {
                    let _ = stream.write_all(head.as_bytes()).await;
                    for piece in pieces {
                        let chunk =
                            [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
                        let _ = stream.write_all(&chunk).await;
                        tokio::time::sleep(Duration::from_millis(15)).await;
                    }
                    if closes {
                        return;
                    }
                    let _ = stream.write_all(b"0\r\n\r\n").await;
                }
            });
        }
    });
    (get(&format!("http://127.0.0.1:{port}/events")), accepted)
}

fn head(status: &str, content_type: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ntransfer-encoding: chunked\r\n\r\n"
    )
}

async fn hear(
    client: &mut HttpClient,
    request: &Request,
    framing: Option<Framing>,
    mut each: impl FnMut(&Message<'_>) -> ControlFlow<()>,
) -> Result<Reply, Box<ExchangeError>> {
    client.stream(request, framing, &mut each).await
}

/// An event stream cut within a character and within a line's end.
const EVENTS: &[&[u8]] = &[
    b"data: {\"t\":\"\xc3",
    b"\xa9\"}\r",
    b"\n\r\nevent: end\ndata: [DONE]\n\n",
];

#[test]
fn events_are_handed_over_when_they_arrive() {
    live(async {
        let (request, accepted) = serve(&head("200 OK", "text/event-stream"), EVENTS, false).await;
        let clock = Clock::real();
        let mut client = HttpClient::new(clock.clone(), Arc::default());
        for _ in 0..2 {
            let mut seen: Vec<(Tick, Bytes, Option<String>, bool)> = Vec::new();
            let mut listen = |message: &Message<'_>| {
                assert_eq!(
                    (message.status(), message.header("content-type")),
                    (200, Some("text/event-stream"))
                );
                let json = message.json().is_some_and(|json| json["t"] == "é");
                seen.push((
                    message.at,
                    message.text.clone(),
                    message.event.clone(),
                    json,
                ));
                assert!(message.at <= clock.now());
                ControlFlow::Continue(())
            };
            let reply = client
                .stream(&request, None, &mut listen)
                .await
                .expect("a reply");
            assert_eq!(seen.len(), 2);
            assert!(seen[0].3 && !seen[1].3);
            assert_eq!(
                (&seen[1].1[..], seen[1].2.as_deref()),
                (&b"[DONE]"[..], Some("end"))
            );
            let timing = reply.timing;
            // The last piece came at least two pauses behind the first.
            assert!(
                seen[1].0.since(timing.started) >= units::Duration::from_millis(25),
                "{timing:?}"
            );
            assert!(
                timing.receive >= Some(units::Duration::from_millis(25))
                    && seen[1].0 <= timing.ended
            );
            assert_eq!(timing.bytes_in, EVENTS.concat().len() as u64);
            assert_eq!(reply.body, EVENTS.concat());
        }
        assert_eq!((accepted.get(), client.reconnects()), (1, 0));
    });
}

#[test]
fn enough_ends_the_stream_and_its_connection() {
    live(async {
        let (request, accepted) = serve(
            &head("200 OK", "application/x-ndjson"),
            &[b"[1]\n[2]\n", b"[3]\n"],
            false,
        )
        .await;
        let mut client = HttpClient::new(Clock::real(), Arc::default());
        for _ in 0..2 {
            let mut seen = 0;
            let reply = hear(&mut client, &request, None, |_| {
                seen += 1;
                ControlFlow::Break(())
            });
            assert_eq!((reply.await.expect("a reply").status, seen), (200, 1));
        }
        assert_eq!((accepted.get(), client.reconnects()), (2, 0));
    });
}

#[test]
fn the_plan_may_say_what_a_message_is_and_a_refusal_has_none() {
    live(async {
        let mut client = HttpClient::new(Clock::real(), Arc::default());
        for (status, framing, messages) in [
            ("200 OK", Some(Framing::Lines), 3),
            ("200 OK", Some(Framing::Chunks), 2),
            ("200 OK", None, 2),
            ("503 Full", Some(Framing::Lines), 0),
        ] {
            let (request, _) = serve(
                &head(status, "text/plain"),
                &[b"one\ntwo\n", b"three\n"],
                false,
            )
            .await;
            let mut seen = 0;
            let reply = hear(&mut client, &request, framing, |_| {
                seen += 1;
                ControlFlow::Continue(())
            });
            assert_eq!(reply.await.expect("a reply").body, "one\ntwo\nthree\n");
            assert_eq!(seen, messages, "{status} {framing:?}");
        }
    });
}

#[test]
fn a_stream_that_breaks_off_has_failed() {
    live(async {
        let (request, _) = serve(
            &head("200 OK", "text/event-stream"),
            &[b"data: 1\n\n"],
            true,
        )
        .await;
        let mut seen = 0;
        let mut client = HttpClient::new(Clock::real(), Arc::default());
        let failed = hear(&mut client, &request, None, |_| {
            seen += 1;
            ControlFlow::Continue(())
        });
        let failed = failed.await.expect_err("breaks off");
        assert_eq!(
            (failed.failure.class, seen, failed.timing.bytes_in),
            (ErrorClass::Reset, 1, 9)
        );
    });
}

#[test]
fn only_the_begin_of_a_stream_is_kept() {
    live(async {
        const PIECE: &[u8] = &[b'x'; 50_000];
        let (request, _) = serve(&head("200 OK", "audio/wav"), &[PIECE, PIECE], false).await;
        let mut client = HttpClient::new(Clock::real(), Arc::default());
        let mut heard = 0;
        let reply = hear(&mut client, &request, None, |message| {
            heard += message.text.len();
            ControlFlow::Continue(())
        });
        let reply = reply.await.expect("a reply");
        assert_eq!(
            (reply.body.len(), heard, reply.timing.bytes_in),
            (64 * 1024, 100_000, 100_000)
        );
    });
}

#[test]
fn an_iteration_may_have_connections_of_its_own() {
    live(async {
        for (connections, accepts) in [("per-vu", 1), ("per-iteration", 3)] {
            #[derive(serde::Deserialize)]
            struct Doc {
                connections: crate::protocol::ConnectionLifetime,
            }
            let doc: Doc =
                toml::from_str(&format!("connections = '{connections}'")).expect(connections);
            let (request, accepted) = serve(&head("200 OK", "text/plain"), &[b"x"], false).await;
            let wiring = crate::protocol::ConnectionOptions {
                connections: doc.connections,
                ..Default::default()
            };
            let mut client = HttpClient::new(Clock::real(), Arc::new(wiring));
            for _ in 0..3 {
                client.begin_iteration();
                for _ in 0..2 {
                    client.exchange(&request).await.expect("a reply");
                }
            }
            assert_eq!(
                (accepted.get(), client.reconnects()),
                (accepts, 0),
                "{connections}"
            );
        }
    });
}
