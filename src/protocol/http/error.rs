//! What kind of failure an error is, by its type.

use std::error::Error;
use std::io::{self, ErrorKind};

use super::super::{Failure, Origin};
use super::wire::Stamps;
use crate::metric::ErrorClass;

/// Why a connection brought no reply.
#[derive(Debug, thiserror::Error)]
pub(super) enum Broken {
    #[error(transparent)]
    Hyper(#[from] hyper::Error),
    #[error("the reply is larger than {0}")]
    TooLarge(crate::units::Bytes),
}

pub(super) fn no_name(origin: &Origin) -> Failure {
    let message = format!("the name `{}` does not resolve", origin.host());
    Failure { class: ErrorClass::Dns, message, retryable: true }
}

pub(super) fn no_connection(error: &io::Error, origin: &Origin) -> Failure {
    let message = match error.kind() {
        ErrorKind::ConnectionRefused => format!("connection refused by {origin}"),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => format!("{origin} is unreachable"),
        ErrorKind::TimedOut => format!("no connection to {origin}: it does not answer"),
        _ => format!("no connection to {origin}: {error}"),
    };
    Failure { class: ErrorClass::Connect, message, retryable: true }
}

pub(super) fn broken(error: &Broken, stamps: &Stamps) -> Failure {
    let retryable = stamps.first_write.get().is_none();
    let (class, message) = match error {
        Broken::TooLarge(_) => (ErrorClass::Protocol, error.to_string()),
        Broken::Hyper(error) => of_hyper(error, stamps),
    };
    Failure { class, message, retryable }
}

fn of_hyper(error: &hyper::Error, stamps: &Stamps) -> (ErrorClass, String) {
    let when = match (stamps.first_write.get(), stamps.first_read.get()) {
        (None, _) => "before the request was sent",
        (_, None) => "after the request was sent",
        (_, Some(_)) => "in the middle of the reply",
    };
    let reset = |what: &str| (ErrorClass::Reset, format!("connection {what} {when}"));
    if error.is_parse() {
        return (ErrorClass::Protocol, "the reply is not HTTP".to_owned());
    }
    match io_kind(error) {
        Some(ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe) => {
            reset("reset by peer")
        }
        Some(ErrorKind::UnexpectedEof) => reset("closed by peer"),
        Some(ErrorKind::InvalidData | ErrorKind::InvalidInput) => {
            (ErrorClass::Protocol, "the reply's body is not HTTP".to_owned())
        }
        Some(_) => reset("broken"),
        None if error.is_incomplete_message() || error.is_canceled() || error.is_closed() => reset("closed by peer"),
        None => (ErrorClass::Protocol, format!("the exchange is not HTTP: {error}")),
    }
}

fn io_kind(error: &(dyn Error + 'static)) -> Option<ErrorKind> {
    std::iter::successors(Some(error), |&error| error.source())
        .find_map(|error| error.downcast_ref::<io::Error>())
        .map(io::Error::kind)
}
