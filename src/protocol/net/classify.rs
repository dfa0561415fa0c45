//! What kind of failure an error is, by its type.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};

use h2::Reason;

use super::timed_stream::IoTimestamps;
use super::tls_failure::{in_words, of_tls};
use crate::metric::ErrorClass;
use crate::protocol::{Failure, Origin};

/// The most headers of a reply that are read.
pub(crate) const MOST_HEADERS: usize = 256;

/// Why a connection brought no reply.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    #[error(transparent)]
    Hyper(#[from] hyper::Error),
    #[error("the reply is larger than {0}")]
    TooLarge(crate::units::Bytes),
    #[error("the reply's body is not {encoding}: {reason}")]
    Encoding {
        encoding: &'static str,
        reason: String,
    },
}

pub(crate) fn no_name(origin: &Origin) -> Failure {
    let message = format!("the name `{}` does not resolve", origin.host());
    Failure {
        class: ErrorClass::Dns,
        message,
        retryable: true,
    }
}

pub(crate) fn no_connection(error: &io::Error, to: impl fmt::Display) -> Failure {
    if is_own_limit(error) {
        return Failure {
            class: ErrorClass::Generator,
            message: format!("this machine can open no more connections: {error}"),
            retryable: false,
        };
    }
    let message = match error.kind() {
        ErrorKind::ConnectionRefused => format!("connection refused by {to}"),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            format!("{to} is unreachable")
        }
        ErrorKind::TimedOut => format!("no connection to {to}: it does not answer"),
        ErrorKind::NotFound => format!("there is no socket at {to}"),
        _ => format!("no connection to {to}: {error}"),
    };
    Failure {
        class: ErrorClass::Connect,
        message,
        retryable: true,
    }
}

/// Whether it was a limit of this machine or process: file handles, local ports, memory of the kernel.
fn is_own_limit(error: &io::Error) -> bool {
    use rustix::io::Errno;
    let own = [
        Errno::MFILE,
        Errno::NFILE,
        Errno::NOBUFS,
        Errno::NOMEM,
        Errno::ADDRNOTAVAIL,
    ];
    let code = error.raw_os_error();
    code.is_some_and(|code| own.iter().any(|errno| errno.raw_os_error() == code))
}

pub(crate) fn not_http2(origin: &Origin) -> Failure {
    let message = format!("{origin} does not speak HTTP/2 over TLS: see `http_version`");
    Failure {
        class: ErrorClass::Protocol,
        message,
        retryable: true,
    }
}

pub(crate) fn broken(error: &Broken, stamps: &IoTimestamps, origin: &Origin) -> Failure {
    match error {
        Broken::TooLarge(_) | Broken::Encoding { .. } => {
            Failure::new(ErrorClass::Protocol, error.to_string())
        }
        Broken::Hyper(error) => broken_by(error, stamps, origin),
    }
}

/// The same of an error that somebody else holds.
pub(crate) fn broken_by(error: &hyper::Error, stamps: &IoTimestamps, origin: &Origin) -> Failure {
    let (class, message) = of_hyper(error, stamps, origin);
    Failure {
        class,
        message,
        retryable: stamps.first_write.get().is_none() || is_untouched(error),
    }
}

/// Whether the target says that it has done nothing with the request: it refused the stream, or announced its end before it
/// (RFC 9113, 6.8 and 8.7). A stream below the last one that a GOAWAY names never ends with the GOAWAY.
fn is_untouched(error: &hyper::Error) -> bool {
    of_h2(error).is_some_and(|error| {
        error.is_remote() && (error.is_go_away() || error.reason() == Some(Reason::REFUSED_STREAM))
    })
}

fn of_hyper(error: &hyper::Error, stamps: &IoTimestamps, origin: &Origin) -> (ErrorClass, String) {
    let when = match (stamps.first_write.get(), stamps.first_read.get()) {
        (None, _) => "before the request was sent",
        (_, None) => "after the request was sent",
        (_, Some(_)) => "in the middle of the reply",
    };
    let reset = |what: &str| (ErrorClass::Reset, format!("connection {what} {when}"));
    if let Some(error) = of_tls(error) {
        // A client's certificate is refused behind the handshake, as far as the client can see.
        return (ErrorClass::Tls, in_words(error, origin));
    }
    if let Some(found) = of_h2(error).and_then(|error| h2_class(error, when)) {
        return found;
    }
    if error.is_parse_too_large() {
        let message = format!(
            "the head of the reply is too large: more than {MOST_HEADERS} headers, or more than 400 KiB"
        );
        return (ErrorClass::Protocol, message);
    }
    if error.is_parse() {
        return (ErrorClass::Protocol, "the reply is not HTTP".to_owned());
    }
    match io_kind(error) {
        Some(ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe) => {
            reset("reset by peer")
        }
        Some(ErrorKind::UnexpectedEof) => reset("closed by peer"),
        Some(ErrorKind::InvalidData | ErrorKind::InvalidInput) => (
            ErrorClass::Protocol,
            "the reply's body is not HTTP".to_owned(),
        ),
        Some(_) => reset("broken"),
        None if error.is_incomplete_message() || error.is_canceled() || error.is_closed() => {
            reset("closed by peer")
        }
        None => (
            ErrorClass::Protocol,
            format!("the exchange is not HTTP: {error}"),
        ),
    }
}

/// What HTTP/2 itself says; `None` where it was the socket.
fn h2_class(error: &h2::Error, when: &str) -> Option<(ErrorClass, String)> {
    let reason = error.reason()?;
    let what = if error.is_go_away() {
        "connection closed"
    } else {
        "stream reset"
    };
    let name = format!("{reason:?}");
    if !error.is_remote() {
        return Some((
            ErrorClass::Protocol,
            format!("the reply is not HTTP/2: {name}"),
        ));
    }
    // These say that the target does not want to go on; all others, that it did not understand.
    let unwilling = matches!(
        reason,
        Reason::NO_ERROR
            | Reason::INTERNAL_ERROR
            | Reason::REFUSED_STREAM
            | Reason::CANCEL
            | Reason::CONNECT_ERROR
            | Reason::ENHANCE_YOUR_CALM
    );
    let class = if unwilling {
        ErrorClass::Reset
    } else {
        ErrorClass::Protocol
    };
    Some((class, format!("{what} by peer {when}: {name}")))
}

fn of_h2<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a h2::Error> {
    std::iter::successors(Some(error), |&error| error.source())
        .find_map(|error| error.downcast_ref())
}

/// The kind of the I/O error below, whoever carries it.
fn io_kind(error: &(dyn Error + 'static)) -> Option<ErrorKind> {
    std::iter::successors(Some(error), |&error| error.source()).find_map(|error| {
        let carried = error
            .downcast_ref::<h2::Error>()
            .and_then(h2::Error::get_io);
        carried
            .or_else(|| error.downcast_ref::<io::Error>())
            .map(io::Error::kind)
    })
}
