//! Why there is no TLS with a target, in words that say what to do.

use std::error::Error;
use std::io::{self, ErrorKind};

use rustls::{AlertDescription, CertificateError, InvalidMessage};

use crate::metric::ErrorClass;
use crate::protocol::{Failure, Origin};

/// A handshake that failed.
pub(crate) fn no_tls(error: &io::Error, origin: &Origin) -> Failure {
    let message = match (of_tls(error), error.kind()) {
        (Some(error), _) => in_words(error, origin),
        (None, ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => {
            format!(
                "no TLS with {origin}: it closed the connection in the middle of the handshake; without TLS an address is http://, ws:// or grpc://, without the s"
            )
        }
        (None, _) => format!("no TLS with {origin}: {error}"),
    };
    Failure {
        class: ErrorClass::Tls,
        message,
        retryable: true,
    }
}

/// The cause that is TLS's own, where there is one.
pub(crate) fn of_tls<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    std::iter::successors(Some(error), |&error| below(error)).find_map(|error| error.downcast_ref())
}

/// What an I/O error was made of is not its source.
fn below<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let inner = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    inner
        .map(|inner| inner as &(dyn Error + 'static))
        .or_else(|| error.source())
}

pub(crate) fn in_words(error: &rustls::Error, origin: &Origin) -> String {
    match error {
        rustls::Error::InvalidCertificate(wrong) => certificate(wrong, origin),
        rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            format!(
                "{origin} does not speak TLS: is its address http://, ws:// or grpc://, without the s?"
            )
        }
        rustls::Error::AlertReceived(alert) => refusal(*alert, origin),
        rustls::Error::PeerIncompatible(why) => {
            format!("{origin} and perfgate have no TLS in common: {why:?}")
        }
        other => format!("no TLS with {origin}: {other}"),
    }
}

fn certificate(wrong: &CertificateError, origin: &Origin) -> String {
    match wrong {
        CertificateError::UnknownIssuer => format!(
            "the certificate of {origin} is signed by none whom this machine trusts: name its authority with `tls.ca`"
        ),
        CertificateError::BadSignature => format!(
            "the certificate of {origin} is signed by another authority of the same name as one that is trusted: see `tls.ca`"
        ),
        CertificateError::NotValidForName => {
            format!("the certificate of {origin} is for another name")
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            format!(
                "the certificate of {origin} is for another name: {}",
                names(presented)
            )
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            format!("the certificate of {origin} has expired")
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            format!("the certificate of {origin} is not valid yet")
        }
        // What `openssl req -x509` writes without more words; the reader of certificates has no name for it of its own.
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
            format!(
                "the certificate of {origin} is that of an authority and no server's own: make it with \
             `-addext basicConstraints=critical,CA:FALSE`, or trust everything with `tls.insecure = true`"
            )
        }
        other => format!("the certificate of {origin} is not valid: {other}"),
    }
}

/// The names that a certificate is for, without the words around them: `DnsName("a.example")`.
fn names(presented: &[String]) -> String {
    let names = presented
        .iter()
        .map(|name| name.split('"').nth(1).unwrap_or(name));
    names.collect::<Vec<_>>().join(", ")
}

fn refusal(alert: AlertDescription, origin: &Origin) -> String {
    match alert {
        AlertDescription::CertificateRequired => {
            format!("{origin} wants a client's certificate: name it with `tls.cert` and `tls.key`")
        }
        AlertDescription::UnknownCA
        | AlertDescription::BadCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::DecryptError => {
            format!("{origin} does not accept the client's certificate ({alert:?})")
        }
        AlertDescription::NoApplicationProtocol => {
            format!("{origin} does not speak this version of HTTP: see `http_version`")
        }
        other => format!("{origin} refused the TLS handshake ({other:?})"),
    }
}
