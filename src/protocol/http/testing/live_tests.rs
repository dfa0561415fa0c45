//! Against servers of a few lines on a real socket: counts, order and classes, never speeds.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use ::http::{HeaderMap, Method};
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::clock::{Clock, Tick};
use crate::metric::ErrorClass;
use crate::protocol::http::HttpClient;
use crate::protocol::{Origin, Payload, Request};
use crate::select::Evidence;
use crate::units;

pub(crate) const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{\"text\":\"a\"}";

/// What a server does with each request of a connection; no more of it closes the connection.
#[derive(Clone, Copy)]
pub(crate) enum Act {
    Say(&'static str),
    /// Says this after 30 ms.
    SayLate(&'static str),
    /// Says one text at once, and the other after 30 ms.
    SayThenLate(&'static str, &'static str),
    /// Closes without reading what was sent, which resets the connection.
    Reset,
    /// Says nothing.
    Hang,
}

pub(crate) struct Server {
    pub(crate) request: Request,
    pub(crate) accepted: Rc<Cell<usize>>,
}

/// Serves the nth connection by the nth list of acts, the last list again and again.
pub(crate) async fn serve(connections: Vec<Vec<Act>>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let port = listener.local_addr().expect("address").port();
    let accepted = Rc::new(Cell::new(0));
    let count = Rc::clone(&accepted);
    tokio::task::spawn_local(async move {
        loop {
            let (stream, _) = listener.accept().await.expect("accept");
            let acts = connections[count.get().min(connections.len() - 1)].clone();
            count.set(count.get() + 1);
            tokio::task::spawn_local(act(stream, acts));
        }
    });
    Server {
        request: get(&format!("http://127.0.0.1:{port}/x")),
        accepted,
    }
}

async fn act(mut stream: TcpStream, acts: Vec<Act>) {
    for act in acts {
        if matches!(act, Act::Reset) {
            stream.readable().await.expect("readable");
            return;
        }
        let mut seen = Vec::new();
        while !seen.windows(4).any(|end| end == b"\r\n\r\n") {
            if stream.read_buf(&mut seen).await.unwrap_or(0) == 0 {
                return;
            }
        }
        match act {
            Act::Say(text) => stream.write_all(text.as_bytes()).await.expect("write"),
            Act::SayLate(text) => {
                tokio::time::sleep(Duration::from_millis(30)).await;
                let _ = stream.write_all(text.as_bytes()).await;
                tokio::time::sleep(Duration::from_millis(30)).await;
                let _ = stream.write_all(b"late").await;
            }
            Act::SayThenLate(first, second) => {
                stream.write_all(first.as_bytes()).await.expect("write");
                tokio::time::sleep(Duration::from_millis(30)).await;
                stream.write_all(second.as_bytes()).await.expect("write");
            }
            Act::Hang => std::future::pending().await,
            Act::Reset => {}
        }
    }
}

pub(crate) fn get(url: &str) -> Request {
    let url = url::Url::parse(url).expect("url");
    Request {
        method: Method::GET,
        origin: Origin::of(&url).expect("origin").into(),
        target: url.path().parse().expect("path"),
        headers: HeaderMap::new(),
        payload: Payload::default(),
        follow: 0,
        cookies: false,
        compression: false,
    }
}

pub(crate) fn live<F: Future>(test: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("runtime");
    tokio::task::LocalSet::new().block_on(&runtime, test)
}

#[test]
fn a_kept_connection_is_used_again() {
    live(async {
        let server = serve(vec![vec![Act::Say(OK); 3]]).await;
        let mut client = HttpClient::new(Clock::real(), Arc::default());
        let first = client.exchange(&server.request).await.expect("first");
        let timing = first.timing;
        assert_eq!(
            (
                first.status,
                timing.bytes_in,
                first.json().map(|json| &json["text"])
            ),
            (200, 12, Some(&"a".into()))
        );
        assert!(timing.connect.is_some() && timing.dns.is_none());
        let (sent, written) = (timing.sent.expect("sent"), timing.written.expect("written"));
        assert!(timing.started <= sent && sent <= written && written <= timing.ended);
        assert!(timing.first_byte.is_some() && timing.receive.is_some());
        for _ in 0..2 {
            let again = client
                .exchange(&server.request)
                .await
                .expect("again")
                .timing;
            assert!(
                again.connect.is_none() && again.dns.is_none() && again.sent > Some(timing.ended)
            );
        }
        assert_eq!((server.accepted.get(), client.reconnects()), (1, 0));
    });
}

#[test]
fn a_connection_closed_between_two_exchanges_is_made_anew_and_counted() {
    live(async {
        let server = serve(vec![vec![Act::Say(OK)]]).await;
        let mut client = HttpClient::new(Clock::real(), Arc::default());
        for reconnects in 0..3 {
            let reply = client.exchange(&server.request).await.expect("reply");
            assert!(reply.timing.connect.is_some());
            assert_eq!(client.reconnects(), reconnects);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(server.accepted.get(), 3);
    });
}

#[test]
fn an_announced_close_is_no_reconnect() {
    live(async {
        let close = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        let server = serve(vec![
            vec![Act::Say(close)],
            vec![Act::Say("HTTP/1.1 200 OK\r\n\r\nto the end")],
        ])
        .await;
        let mut client = HttpClient::new(Clock::real(), Arc::default());
        assert_eq!(
            client.exchange(&server.request).await.expect("closes").body,
            ""
        );
        assert_eq!(
            client
                .exchange(&server.request)
                .await
                .expect("unsized")
                .body,
            "to the end"
        );
        client.exchange(&server.request).await.expect("third");
        assert_eq!((server.accepted.get(), client.reconnects()), (3, 0));
    });
}

#[test]
fn failures_have_classes_and_say_when() {
    live(async {
        let cut = "HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{";
        let chunk = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n";
        for (acts, class, says) in [
            (
                vec![Act::Reset],
                ErrorClass::Reset,
                "connection reset by peer after the request was sent",
            ),
            (
                vec![Act::Say("")],
                ErrorClass::Reset,
                "connection closed by peer after the request was sent",
            ),
            (
                vec![Act::Say("220 smtp ready\r\n\r\n")],
                ErrorClass::Protocol,
                "the reply is not HTTP",
            ),
            (
                vec![Act::Say(cut)],
                ErrorClass::Reset,
                "connection closed by peer in the middle of the reply",
            ),
            (
                vec![Act::Say(chunk)],
                ErrorClass::Protocol,
                "the reply's body is not HTTP",
            ),
        ] {
            let server = serve(vec![acts, vec![Act::Say(OK)]]).await;
            let mut client = HttpClient::new(Clock::real(), Arc::default());
            let failed = client.exchange(&server.request).await.expect_err(says);
            assert_eq!(
                (failed.failure.class, failed.failure.message.as_str()),
                (class, says)
            );
            assert!(failed.timing.sent.is_some() && !failed.failure.retryable);
            client
                .exchange(&server.request)
                .await
                .expect("the next one works");
            assert_eq!(
                (server.accepted.get(), client.reconnects()),
                (2, 0),
                "{says}"
            );
        }
    });
}

#[test]
fn what_is_not_there_is_refused_or_has_no_name() {
    live(async {
        let port = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("bind")
            .local_addr()
            .expect("address")
            .port();
        let mut client = HttpClient::new(Clock::real(), Arc::default());
        let failed = client
            .exchange(&get(&format!("http://127.0.0.1:{port}/")))
            .await
            .expect_err("refused");
        assert_eq!(failed.failure.class, ErrorClass::Connect);
        assert_eq!(
            failed.failure.message,
            format!("connection refused by 127.0.0.1:{port}")
        );
        assert!(failed.timing.sent.is_none());
        let failed = client
            .exchange(&get("http://nowhere.invalid/"))
            .await
            .expect_err("no name");
        assert_eq!(failed.failure.class, ErrorClass::Dns);
        assert!(failed.timing.dns.is_some() && failed.timing.connect.is_none());
    });
}

#[test]
fn a_slow_body_takes_time_to_receive() {
    live(async {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nslow";
        let server = serve(vec![vec![Act::SayLate(head)]]).await;
        let reply = HttpClient::new(Clock::real(), Arc::default())
            .exchange(&server.request)
            .await
            .expect("reply");
        let least = Some(units::Duration::from_millis(20));
        assert_eq!(reply.body, "slowlate");
        assert!(
            reply.timing.first_byte >= least && reply.timing.receive >= least,
            "{:?}",
            reply.timing
        );
    });
}

#[test]
fn an_exchange_given_up_leaves_no_connection_behind() {
    live(async {
        let server = serve(vec![vec![Act::Say(OK), Act::Hang], vec![Act::Say(OK)]]).await;
        let clock = Clock::real();
        let mut client = HttpClient::new(clock.clone(), Arc::default());
        client.exchange(&server.request).await.expect("first");
        let deadline: Tick = clock.now() + units::Duration::from_millis(20);
        assert!(
            clock
                .until(deadline, client.exchange(&server.request))
                .await
                .is_none()
        );
        let reply = client.exchange(&server.request).await.expect("fresh");
        assert!(reply.timing.connect.is_some());
        assert_eq!((server.accepted.get(), client.reconnects()), (2, 0));
    });
}

#[test]
fn what_is_sent_is_what_was_asked_for() {
    live(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let port = listener.local_addr().expect("address").port();
        let server = tokio::task::spawn_local(async move {
            let (mut stream, _) = listener.accept().await.expect("accept");
            let mut seen = Vec::new();
            while !seen.ends_with(b"onetwo") {
                stream.read_buf(&mut seen).await.expect("read");
            }
            stream.write_all(OK.as_bytes()).await.expect("write");
            String::from_utf8(seen).expect("text")
        });
        let mut request = get(&format!("http://127.0.0.1:{port}/a"));
        request.method = Method::POST;
        request.payload = Payload::new(vec![
            Bytes::from_static(b"one"),
            Bytes::new(),
            Bytes::from_static(b"two"),
        ]);
        HttpClient::new(Clock::real(), Arc::default())
            .exchange(&request)
            .await
            .expect("reply");
        let seen = server.await.expect("server");
        assert_eq!(
            seen,
            format!(
                "POST /a HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-length: 6\r\n\r\nonetwo"
            )
        );
    });
}

#[test]
fn a_close_that_the_runtime_has_not_seen_yet_is_noticed() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("bind");
    let port = listener.local_addr().expect("address").port();
    let server = std::thread::spawn(move || {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().expect("accept");
            std::io::Read::read(&mut stream, &mut [0; 1024]).expect("read");
            std::io::Write::write_all(&mut stream, OK.as_bytes()).expect("write");
            // The reply and the close must not reach the client in one event.
            std::thread::sleep(Duration::from_millis(10));
        }
    });
    live(async {
        let mut client = HttpClient::new(Clock::real(), Arc::default());
        let request = get(&format!("http://127.0.0.1:{port}/"));
        client.exchange(&request).await.expect("first");
        // The thread sleeps, not the task: the runtime does not look at the socket in between.
        std::thread::sleep(Duration::from_millis(50));
        client.exchange(&request).await.expect("second");
        assert_eq!(client.reconnects(), 1);
    });
    server.join().expect("server");
}
