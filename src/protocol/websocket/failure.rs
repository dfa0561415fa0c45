//! What kind of failure an error of a WebSocket is, by its type.

use std::error::Error as _;
use std::io::ErrorKind;

use tokio_tungstenite::tungstenite::Error;

use super::super::{Failure, Origin};
use crate::metric::ErrorClass;
use crate::protocol::net::tls_failure::{in_words, of_tls};

/// Why there is no WebSocket.
pub(crate) fn no_handshake(error: &hyper::Error, origin: &Origin) -> Failure {
    if error.is_parse_too_large() {
        return no_websocket("the head of its reply is too large".to_owned(), origin);
    }
    let io = std::iter::successors(error.source(), |&error| error.source())
        .find_map(|error| error.downcast_ref::<std::io::Error>());
    let (class, message) = if error.is_parse() {
        let message =
            format!("{origin} does not answer in HTTP ({error}): with TLS an address is wss://");
        (ErrorClass::Protocol, message)
    } else if let Some(error) = of_tls(error) {
        (ErrorClass::Tls, in_words(error, origin))
    } else {
        let how = io.map_or("closed by peer", |error| ended(error.kind()));
        (
            ErrorClass::Reset,
            format!("connection {how} in the handshake"),
        )
    };
    Failure::new(class, message)
}

/// The answer is one of HTTP, and opens no WebSocket.
pub(crate) fn no_websocket(why: String, origin: &Origin) -> Failure {
    let message = format!("{origin} does not speak WebSocket: {why}");
    Failure::new(ErrorClass::Protocol, message)
}

/// How an open WebSocket broke.
pub(crate) fn broken(error: &Error) -> Failure {
    let (class, message) = match error {
        Error::Io(error) => (
            ErrorClass::Reset,
            format!("connection {} in the stream", ended(error.kind())),
        ),
        Error::Capacity(error) => (
            ErrorClass::Protocol,
            format!("a message is too large: {error}"),
        ),
        Error::Utf8(error) => (
            ErrorClass::Protocol,
            format!("a text message is not UTF-8: {error}"),
        ),
        Error::Protocol(error) => (
            ErrorClass::Protocol,
            format!("what came is not WebSocket: {error}"),
        ),
        other => (ErrorClass::Protocol, other.to_string()),
    };
    Failure::new(class, message)
}

const fn ended(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            "reset by peer"
        }
        ErrorKind::UnexpectedEof => "closed by peer",
        _ => "broken",
    }
}
