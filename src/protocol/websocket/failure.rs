//! What kind of failure an error of a WebSocket is, by its type.

use std::io::ErrorKind;

use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::error::ProtocolError;

use super::super::{Failure, Origin};
use crate::metric::ErrorClass;

/// Why there is no WebSocket.
pub(crate) fn no_handshake(error: &Error, origin: &Origin) -> Failure {
    let (class, message) = match error {
        Error::Io(error) => (
            ErrorClass::Reset,
            format!("connection {} in the handshake", ended(error.kind())),
        ),
        Error::Protocol(ProtocolError::HandshakeIncomplete) => (
            ErrorClass::Reset,
            "connection closed by peer in the handshake".to_owned(),
        ),
        Error::Tls(error) => (ErrorClass::Tls, error.to_string()),
        Error::Protocol(ProtocolError::HttparseError(error)) => {
            let message = format!(
                "{origin} does not answer in HTTP ({error}): with TLS an address is wss://"
            );
            (ErrorClass::Protocol, message)
        }
        other => (
            ErrorClass::Protocol,
            format!("{origin} does not speak WebSocket: {other}"),
        ),
    };
    Failure::new(class, message)
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
