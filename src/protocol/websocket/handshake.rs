//! The handshake of a WebSocket (RFC 6455, 4.1), over HTTP/1.1.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use ::http::header::{
    CONNECTION, CONTENT_LENGTH, HOST, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, TRANSFER_ENCODING, UPGRADE,
};
use ::http::response::Parts;
use ::http::{HeaderMap, HeaderName, HeaderValue, Request as Message, StatusCode, Uri};
use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::failure::{no_handshake, no_websocket};
use crate::protocol::net::classify::MOST_HEADERS;
use crate::protocol::net::timed_stream::TimedStream;
use crate::protocol::{Failure, Payload, Request};

/// The most that is read of the body of a refusal.
const REFUSAL: usize = 64 * 1024;

/// What a target answers to a handshake.
pub(super) enum Handshake {
    /// The connection is a WebSocket from here on; with it what came behind the answer already.
    Done(Box<Parts>, Box<TimedStream>, Bytes),
    /// An answer of HTTP alone, with its body.
    Refused(Box<Parts>, Bytes),
}

/// Asks for a WebSocket over a fresh connection.
pub(super) async fn handshake(
    request: &Request,
    stream: TimedStream,
) -> Result<Handshake, Failure> {
    let broken = |error: hyper::Error| no_handshake(&error, &request.origin);
    let mut builder = http1::Builder::new();
    builder.max_headers(MOST_HEADERS);
    let (mut sender, mut connection) = builder
        .handshake::<_, Payload>(TokioIo::new(stream))
        .await
        .map_err(broken)?;
    let key = generate_key();
    let mut reply = pin!(sender.send_request(message(request, &key)));
    let reply = poll_fn(|cx| driven(&mut connection, cx, |cx| reply.as_mut().poll(cx))).await;
    let (head, mut body) = reply.map_err(broken)?.into_parts();
    if head.status != StatusCode::SWITCHING_PROTOCOLS {
        let is_sized = head.headers.contains_key(CONTENT_LENGTH)
            || head.headers.contains_key(TRANSFER_ENCODING);
        let body = begin_of(&mut body, &mut connection, is_sized).await;
        return Ok(Handshake::Refused(Box::new(head), body));
    }
    if let Some(why) = misfit(&head.headers, &request.headers, &key) {
        return Err(no_websocket(why, &request.origin));
    }
    let parts = connection.into_parts();
    Ok(Handshake::Done(
        Box::new(head),
        Box::new(parts.io.into_inner()),
        parts.read_buf,
    ))
}

type Connection = http1::Connection<TokioIo<TimedStream>, Payload>;

/// What is waited for, while the connection is moved on.
fn driven<T>(
    connection: &mut Connection,
    cx: &mut Context<'_>,
    mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
) -> Poll<T> {
    if let Poll::Ready(done) = poll(cx) {
        return Poll::Ready(done);
    }
    // How it ends, what is waited for says as well.
    let _ = connection.poll_without_shutdown(cx);
    poll(cx)
}

/// The begin of the body of a refusal; where nothing says when it ends, as much as is there.
async fn begin_of(body: &mut Incoming, connection: &mut Connection, is_sized: bool) -> Bytes {
    let mut all = BytesMut::new();
    while all.len() < REFUSAL {
        let frame =
            poll_fn(
                |cx| match driven(connection, cx, |cx| Pin::new(&mut *body).poll_frame(cx)) {
                    Poll::Pending if !is_sized => Poll::Ready(None),
                    frame => frame,
                },
            );
        let Some(Ok(frame)) = frame.await else { break };
        if let Ok(data) = frame.into_data() {
            all.extend_from_slice(&data);
        }
    }
    all.truncate(REFUSAL);
    all.freeze()
}

/// Why an answer with status 101 opens no WebSocket.
fn misfit(headers: &HeaderMap, asked: &HeaderMap, key: &str) -> Option<String> {
    let accept = headers.get(SEC_WEBSOCKET_ACCEPT);
    if !has_token(headers, &UPGRADE, "websocket") {
        return Some("its reply lacks `upgrade: websocket`".to_owned());
    }
    if !has_token(headers, &CONNECTION, "upgrade") {
        return Some("its reply lacks `connection: upgrade`".to_owned());
    }
    if accept.is_none_or(|accept| accept.as_bytes() != derive_accept_key(key.as_bytes()).as_bytes())
    {
        return Some(
            "the `sec-websocket-accept` of its reply is not that of the request".to_owned(),
        );
    }
    let chosen = headers
        .get(SEC_WEBSOCKET_PROTOCOL)
        .map(|name| String::from_utf8_lossy(name.as_bytes()).into_owned());
    let is_asked = asked.contains_key(SEC_WEBSOCKET_PROTOCOL);
    match chosen {
        Some(name) if !has_token(asked, &SEC_WEBSOCKET_PROTOCOL, &name) => Some(format!(
            "it chooses the subprotocol `{name}`, which was not offered"
        )),
        None if is_asked => {
            Some("it chooses none of the subprotocols that were offered".to_owned())
        }
        _ => None,
    }
}

/// Whether a header's list has this token; the header may stand several times, upper and lower case are alike.
fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    let values = headers.get_all(name).iter();
    let values = values.filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .any(|own| own.trim().eq_ignore_ascii_case(token.trim()))
}

fn message(request: &Request, key: &str) -> Message<Payload> {
    let mut message = Message::new(Payload::default());
    *message.uri_mut() = Uri::from(request.target.clone());
    *message.headers_mut() = request.headers.clone();
    let headers = message.headers_mut();
    headers
        .entry(HOST)
        .or_insert_with(|| request.origin.authority().clone());
    headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    if let Ok(key) = HeaderValue::from_str(key) {
        headers.insert(SEC_WEBSOCKET_KEY, key);
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_as_the_standard_has_it() {
        let key = "dGhlIHNhbXBsZSBub25jZQ==";
        let headers = |text: &str| -> HeaderMap {
            let pairs = text.split(';').filter_map(|pair| pair.split_once('='));
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(
                    HeaderName::try_from(name.trim()).expect("a name"),
                    value.replace('~', "=").parse().expect("a value"),
                );
            }
            headers
        };
        let accept = "sec-websocket-accept=s3pPLMBiTxaQ9kYGzzhZRbK+xOo~";
        for (answer, asked, says) in [
            ("upgrade=WebSocket;connection=keep-alive, upgrade", "", None),
            (
                "upgrade=websocket;connection=keep-alive;connection=Upgrade",
                "",
                None,
            ),
            (
                "upgrade=websocket;connection=close",
                "",
                Some("lacks `connection: upgrade`"),
            ),
            ("connection=upgrade", "", Some("lacks `upgrade: websocket`")),
            (
                "upgrade=websocket;connection=upgrade;sec-websocket-protocol=a",
                "sec-websocket-protocol=b, A",
                None,
            ),
            (
                "upgrade=websocket;connection=upgrade;sec-websocket-protocol=a",
                "sec-websocket-protocol=b",
                Some("`a`, which was not offered"),
            ),
            (
                "upgrade=websocket;connection=upgrade;sec-websocket-protocol=a",
                "",
                Some("`a`, which was not offered"),
            ),
            (
                "upgrade=websocket;connection=upgrade",
                "sec-websocket-protocol=b",
                Some("none of the subprotocols"),
            ),
        ] {
            let found = misfit(
                &headers(&format!("{answer};{accept}")),
                &headers(asked),
                key,
            );
            assert_eq!(found.is_some(), says.is_some(), "{answer}: {found:?}");
            assert!(found.unwrap_or_default().contains(says.unwrap_or_default()));
        }
        let answer = headers("upgrade=websocket;connection=upgrade;sec-websocket-accept=x");
        assert!(misfit(&answer, &HeaderMap::new(), key).is_some_and(|why| why.contains("accept")));
    }
}
