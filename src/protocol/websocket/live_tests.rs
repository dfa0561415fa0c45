//! WebSockets against a server of another make of this machine, on a port of its own.

use std::sync::Arc;

use ::http::uri::PathAndQuery;
use ::http::{HeaderMap, HeaderValue, Method};
use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::super::{Closing, Failure, Frame, Opened, Origin, Payload, Reply, Request};
use super::stream::WebSocketConnection;
use crate::clock::{Clock, RealClock};
use crate::metric::ErrorClass;
use crate::protocol::ConnectionOptions;
use crate::protocol::{DuplexStream, ExchangeError, StreamEvent};

/// What the server does with the one connection that it accepts.
async fn serve<F: Future<Output = ()> + 'static>(
    with: impl FnOnce(TcpStream) -> F + 'static,
) -> Result<Opened<WebSocketConnection>, Box<ExchangeError>> {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    tokio::task::spawn_local(async move {
        let (socket, _) = listener.accept().await.expect("a client");
        with(socket).await;
    });
    let url = url::Url::parse(&format!("ws://127.0.0.1:{port}/")).expect("a URL");
    let request = Request {
        method: Method::GET,
        origin: Arc::new(Origin::of(&url).expect("an origin")),
        target: PathAndQuery::from_static("/talk?x=1"),
        headers: HeaderMap::from_iter([(
            ::http::header::AUTHORIZATION,
            HeaderValue::from_static("Token k"),
        )]),
        payload: Payload::default(),
        follow: 0,
        cookies: false,
        compression: false,
    };
    WebSocketConnection::open(
        &request,
        &ConnectionOptions::default(),
        &Clock::Real(RealClock::start()),
    )
    .await
}

async fn open<F: Future<Output = ()> + 'static>(
    with: impl FnOnce(TcpStream) -> F + 'static,
) -> WebSocketConnection {
    match serve(with).await.expect("a connection") {
        Opened::Open(line) => line,
        Opened::Refused(reply) => panic!("refused: {reply:?}"),
    }
}

/// Messages up to the end, and the end.
async fn hear(line: &mut WebSocketConnection) -> (Vec<Bytes>, Result<Box<Reply>, Failure>) {
    let mut messages = Vec::new();
    loop {
        match line.next().await {
            Ok(StreamEvent::Message(_, message)) => messages.push(message),
            Ok(StreamEvent::Ended(reply)) => return (messages, Ok(reply)),
            Ok(StreamEvent::Sent(_) | StreamEvent::Head) => {}
            Err(failure) => return (messages, Err(failure)),
        }
    }
}

fn block_on(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    tokio::task::LocalSet::new().block_on(&runtime, test);
}

#[test]
fn messages_go_both_ways_and_the_close_code_is_known() {
    block_on(async {
        let mut line = open(|socket| async {
            let mut socket = tokio_tungstenite::accept_async(socket)
                .await
                .expect("a handshake");
            socket
                .send(Message::Ping(Bytes::new()))
                .await
                .expect("a ping");
            let (mut echoes, mut pongs) = (0, 0);
            while echoes < 2 || pongs < 1 {
                match socket.next().await.expect("a message").expect("whole") {
                    Message::Pong(_) => pongs += 1,
                    heard => {
                        echoes += 1;
                        socket.send(heard).await.expect("an echo");
                    }
                }
            }
            let frame = CloseFrame {
                code: CloseCode::from(4_001),
                reason: "bye".into(),
            };
            socket.close(Some(frame)).await.expect("closed");
        })
        .await;
        line.send(Frame::Text("hi".into()));
        line.send(Frame::Binary(Bytes::from_static(b"\x00\xff")));
        let (messages, end) = hear(&mut line).await;
        assert_eq!(
            messages,
            [Bytes::from_static(b"hi"), Bytes::from_static(b"\x00\xff")]
        );
        let reply = end.expect("closed");
        assert_eq!((reply.status, reply.close_code()), (101, Some(4_001)));
        assert_eq!(
            reply.closing,
            Closing::Code(Some((4_001, "bye".to_owned())))
        );
        assert_eq!(reply.timing.bytes_in, 4);
    });
}

#[test]
fn a_handshake_may_be_refused_or_be_no_handshake() {
    let answer = |text: &'static str| {
        move |mut socket: TcpStream| async move {
            let mut request = [0; 2_048];
            let size = socket.read(&mut request).await.expect("a request");
            let request = String::from_utf8_lossy(&request[..size]).into_owned();
            assert!(
                request.starts_with("GET /talk?x=1 HTTP/1.1")
                    && request.contains("authorization: Token k"),
                "{request}"
            );
            socket.write_all(text.as_bytes()).await.expect("written");
        }
    };
    block_on(async move {
        let refused = serve(answer(
            "HTTP/1.1 503 Busy\r\nretry-after: 7\r\ncontent-length: 4\r\n\r\nfull",
        ))
        .await;
        let Ok(Opened::Refused(reply)) = refused else {
            panic!("{refused:?}")
        };
        assert_eq!(
            (reply.status, &reply.body[..], reply.is_good()),
            (503, &b"full"[..], false)
        );
        for (text, class) in [
            ("", ErrorClass::Reset),
            ("SSH-2.0-OpenSSH\r\n\r\n", ErrorClass::Protocol),
        ] {
            let failed = serve(answer(text)).await.expect_err(text);
            assert_eq!(
                failed.failure.class, class,
                "{text}: {}",
                failed.failure.message
            );
        }
    });
}

#[test]
fn a_flood_of_pings_leaves_time_for_others() {
    block_on(async {
        let mut line = open(|socket| async {
            let mut socket = tokio_tungstenite::accept_async(socket)
                .await
                .expect("a handshake")
                .into_inner();
            let pings = [0x89, 0].repeat(50_000);
            while socket.write_all(&pings).await.is_ok() {}
        })
        .await;
        let mut looks = 0;
        let wait = std::time::Duration::from_millis(200);
        let heard = tokio::time::timeout(wait, async {
            let mut next = std::pin::pin!(line.next());
            std::future::poll_fn(|cx| {
                looks += 1;
                next.as_mut().poll(cx)
            })
            .await
        });
        assert!(heard.await.is_err(), "there is no message");
        assert!(looks > 50, "{looks}");
    });
}

#[test]
fn what_is_no_frame_and_what_ends_without_one_are_told_apart() {
    block_on(async {
        let mut line = open(|socket| async {
            let socket = tokio_tungstenite::accept_async(socket)
                .await
                .expect("a handshake");
            socket
                .into_inner()
                .write_all(b"\xff\x00 garbage")
                .await
                .expect("written");
        })
        .await;
        let failure = hear(&mut line).await.1.expect_err("no frame");
        assert_eq!(failure.class, ErrorClass::Protocol, "{}", failure.message);
        let mut line = open(|socket| async {
            drop(
                tokio_tungstenite::accept_async(socket)
                    .await
                    .expect("a handshake"),
            );
        })
        .await;
        let reply = hear(&mut line).await.1.expect("an end");
        assert_eq!(reply.close_code(), Some(1_006));
    });
}
