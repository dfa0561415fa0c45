//! Calls against servers of a few lines, which frame their messages by hand.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use ::http::uri::PathAndQuery;
use ::http::{HeaderMap, Method, Response};
use bytes::Bytes;
use h2::server::SendResponse;
use h2::{Reason, server};
use tokio::net::TcpListener;

use super::codes::KIND;
use super::protocol::GrpcConnector;
use crate::clock::Clock;
use crate::metric::ErrorClass;
use crate::protocol::net::connector::Connector;
use crate::protocol::{
    Closing, DuplexStream, Failure, Frame, Opened, Origin, Payload, Request, StreamEvent,
    StreamRequest,
};
use crate::units;

/// What a server does with the nth call of a connection.
#[derive(Clone, Copy)]
enum Act {
    /// Says these bytes, then that all is well.
    Say(&'static [u8]),
    /// The same, and 20 ms later that this was the last: it ends in good order.
    LastSay(&'static [u8]),
    /// Announces its end at once, and says these bytes 30 ms later.
    EndAndSay(&'static [u8]),
    Refuse,
    /// Says these bytes, compressed as this says, with this status.
    Compressed(&'static str, &'static [u8], u16),
    /// Ends without a status.
    NoStatus,
}

const HI: &[u8] = b"\0\0\0\0\x02hi";

async fn serve(connections: Vec<Vec<Act>>) -> (StreamRequest, Rc<Cell<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    let accepted = Rc::new(Cell::new(0));
    let count = Rc::clone(&accepted);
    tokio::task::spawn_local(async move {
        loop {
            let (socket, _) = listener.accept().await.expect("a client");
            let acts = connections[count.get().min(connections.len() - 1)].clone();
            count.set(count.get() + 1);
            tokio::task::spawn_local(async move {
                let mut connection = server::handshake(socket).await.expect("HTTP/2");
                for act in acts {
                    let Some(Ok((_, mut respond))) = connection.accept().await else {
                        return;
                    };
                    match act {
                        Act::Say(bytes) => say(respond, bytes),
                        Act::LastSay(bytes) => {
                            say(respond, bytes);
                            let wait = Duration::from_millis(20);
                            let _ = tokio::time::timeout(wait, connection.accept()).await;
                            connection.graceful_shutdown();
                        }
                        Act::EndAndSay(bytes) => {
                            connection.graceful_shutdown();
                            tokio::task::spawn_local(async move {
                                tokio::time::sleep(Duration::from_millis(30)).await;
                                say(respond, bytes);
                            });
                        }
                        Act::Refuse => respond.send_reset(Reason::REFUSED_STREAM),
                        Act::Compressed(encoding, bytes, status) => {
                            reply(respond, bytes, &[("grpc-encoding", encoding)], Some(status));
                        }
                        Act::NoStatus => reply(respond, HI, &[], None),
                    }
                }
                while connection.accept().await.is_some() {}
            });
        }
    });
    let url = url::Url::parse(&format!("grpc://127.0.0.1:{port}")).expect("a URL");
    let request = Request {
        method: Method::POST,
        origin: Arc::new(Origin::of(&url).expect("an origin")),
        target: PathAndQuery::from_static("/a.B/C"),
        headers: HeaderMap::new(),
        payload: Payload::default(),
        follow: 0,
        cookies: false,
        compression: false,
    };
    let request = StreamRequest {
        request,
        kind: KIND,
        codec: None,
        deadline: units::Duration::from_secs(5),
    };
    (request, accepted)
}

fn say(respond: SendResponse<Bytes>, bytes: &'static [u8]) {
    reply(respond, bytes, &[], Some(0));
}

fn reply(
    mut respond: SendResponse<Bytes>,
    bytes: &'static [u8],
    headers: &[(&str, &str)],
    status: Option<u16>,
) {
    let mut head = Response::builder().header("content-type", "application/grpc");
    for (name, value) in headers {
        head = head.header(*name, *value);
    }
    let head = head.body(()).expect("a head");
    let mut body = respond.send_response(head, false).expect("sent");
    body.send_data(Bytes::from_static(bytes), status.is_none())
        .expect("sent");
    if let Some(status) = status {
        let name = "grpc-status".parse().expect("a name");
        let trailers = HeaderMap::from_iter([(name, status.into())]);
        body.send_trailers(trailers).expect("sent");
    }
}

/// The messages of a call that says one, and how it ended.
async fn call(
    connector: &mut GrpcConnector,
    request: &StreamRequest,
) -> (Vec<Bytes>, Result<Option<Closing>, Failure>) {
    let Opened::Open(mut stream) = connector.open(request).await.expect("a connection") else {
        unreachable!("gRPC has no handshake");
    };
    stream.send(Frame::Binary(Bytes::from_static(b"yo")));
    stream.send(Frame::Finish);
    let mut messages = Vec::new();
    loop {
        match stream.next().await {
            Ok(StreamEvent::Sent(_) | StreamEvent::Head) => {}
            Ok(StreamEvent::Message(_, message)) => messages.push(message),
            Ok(StreamEvent::Ended(reply)) => return (messages, Ok(Some(reply.closing))),
            Err(failure) => return (messages, Err(failure)),
        }
    }
}

fn live<F: Future>(test: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    tokio::task::LocalSet::new().block_on(&runtime, test)
}

fn connector() -> GrpcConnector {
    GrpcConnector::new(Clock::real(), Arc::default())
}

#[test]
fn a_connection_that_the_target_ends_is_left_at_once() {
    live(async {
        for (acts, reconnects) in [
            (vec![Act::LastSay(HI)], 1),
            // What was under way when the end was announced is still answered.
            (vec![Act::EndAndSay(HI)], 1),
            (vec![Act::Say(HI), Act::Refuse], 1),
            (vec![Act::Say(HI); 3], 0),
        ] {
            let (request, accepted) = serve(vec![acts, vec![Act::Say(HI); 3]]).await;
            let mut connector = connector();
            for _ in 0..3 {
                let (messages, closing) = call(&mut connector, &request).await;
                assert_eq!(messages, ["hi"], "{closing:?}");
                tokio::time::sleep(Duration::from_millis(40)).await;
            }
            assert_eq!(
                (accepted.get(), connector.reconnects()),
                (reconnects as usize + 1, reconnects)
            );
        }
        // A new connection is not tried twice.
        let (request, accepted) = serve(vec![vec![Act::Refuse]]).await;
        let (_, closing) = call(&mut connector(), &request).await;
        assert_eq!(closing.expect_err("refused").class, ErrorClass::Reset);
        assert_eq!(accepted.get(), 1);
    });
}

/// `hi` as gzip.
fn gzip() -> &'static [u8] {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(b"hi").expect("written");
    let body = encoder.finish().expect("finished");
    let length = u32::try_from(body.len()).expect("short").to_be_bytes();
    [&[1][..], &length, &body].concat().leak()
}

#[test]
fn compressed_replies_are_read_and_what_is_cut_off_is_none() {
    live(async {
        let cut = "the reply ends in the middle of a message";
        for (act, messages, says) in [
            (Act::Compressed("gzip", gzip(), 0), 1, None),
            (Act::Compressed("identity", HI, 0), 1, None),
            (
                Act::Compressed("snappy", b"\x01\0\0\0\x02hi", 0),
                0,
                Some("compressed with `snappy`"),
            ),
            (Act::Say(b"\0\0\0\0\x02h"), 0, Some(cut)),
            (Act::Say(b"\0\0\0\0\x02hi\0\0"), 1, Some(cut)),
            (
                Act::Compressed("identity", b"\0\0\0\0\x02h", 5),
                0,
                Some(cut),
            ),
            (Act::NoStatus, 1, Some("the reply is not gRPC")),
            (
                Act::Say(b"\x07\0\0\0\x02hi"),
                0,
                Some("the reply is not gRPC"),
            ),
        ] {
            let (request, _) = serve(vec![vec![act]]).await;
            let (seen, closing) = call(&mut connector(), &request).await;
            assert_eq!(seen.len(), messages, "{says:?}: {closing:?}");
            match (closing, says) {
                (Ok(_), None) => {}
                (Err(failure), Some(says)) => {
                    assert_eq!(failure.class, ErrorClass::Protocol, "{failure:?}");
                    assert!(failure.message.contains(says), "{failure:?}");
                }
                (other, says) => panic!("{says:?}: {other:?}"),
            }
        }
    });
}
