//! A proxy between a target and its users.

use ::http::HeaderValue;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use crate::metric::ErrorClass;
use crate::protocol::exchange::userinfo::basic_of;
use crate::protocol::{Failure, Origin};

/// The most that a proxy may say before a tunnel is open.
const MOST: usize = 16 * 1024;

/// An HTTP proxy: asked for whole URLs in the clear, for a tunnel over TLS.
#[derive(Debug, Clone)]
pub struct Proxy {
    pub(crate) origin: Origin,
    pub(crate) authorization: Option<HeaderValue>,
    url: Url,
}

impl Proxy {
    /// The proxy at `http://host:port`, with `user:password@` where it wants one.
    ///
    /// # Errors
    /// Says why there can be none.
    pub fn of(text: &str) -> Result<Self, String> {
        let url =
            Url::parse(text).map_err(|_| format!("`{text}` is not the address of a proxy"))?;
        if url.scheme() != "http" || !matches!(url.path(), "" | "/") {
            return Err(format!(
                "a proxy is an address like \"http://host:3128\", not `{text}`"
            ));
        }
        let origin = Origin::of(&url).map_err(|error| error.message)?;
        Ok(Self {
            origin,
            authorization: basic_of(&url),
            url,
        })
    }

    /// Its address.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// Asks for a tunnel to a target over a fresh connection.
    pub(crate) async fn tunnel(&self, stream: &mut TcpStream, to: &Origin) -> Result<(), Failure> {
        let mut head = format!("CONNECT {to} HTTP/1.1\r\nhost: {to}\r\n").into_bytes();
        if let Some(value) = &self.authorization {
            head.extend_from_slice(b"proxy-authorization: ");
            head.extend_from_slice(value.as_bytes());
            head.extend_from_slice(b"\r\n");
        }
        head.extend_from_slice(b"\r\n");
        let broken = |error: std::io::Error| self.failure(&format!("broke off: {error}"));
        stream.write_all(&head).await.map_err(broken)?;
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            // The target speaks only when it is spoken to, so nothing of it can be read by mistake.
            if answer.len() > MOST || stream.read_buf(&mut answer).await.map_err(broken)? == 0 {
                return Err(self.failure("did not answer in HTTP"));
            }
        }
        let line = String::from_utf8_lossy(
            answer
                .split(|byte| *byte == b'\r')
                .next()
                .unwrap_or_default(),
        )
        .into_owned();
        match line.split_whitespace().nth(1) {
            Some(status) if status.len() == 3 && status.starts_with('2') => Ok(()),
            Some("407") => {
                Err(self.failure("wants another user and password: http://user:password@host:port"))
            }
            _ => Err(self.failure(&format!("gives no tunnel to {to}: {line}"))),
        }
    }

    fn failure(&self, what: &str) -> Failure {
        let message = format!("the proxy {} {what}", self.origin);
        Failure {
            class: ErrorClass::Connect,
            message,
            retryable: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn a_proxy_is_an_http_address() {
        for (text, origin, authorization) in [
            ("http://squid:3128", "squid:3128", None),
            ("http://127.0.0.1/", "127.0.0.1:80", None),
            (
                "http://me:p%40ss+w%3D@squid:1",
                "squid:1",
                Some("me:p@ss+w="),
            ),
            ("http://me@squid:1", "squid:1", Some("me:")),
        ] {
            let proxy = Proxy::of(text).expect(text);
            assert_eq!(proxy.origin.to_string(), origin);
            let expected = authorization.map(|secret| format!("Basic {}", STANDARD.encode(secret)));
            assert_eq!(
                proxy
                    .authorization
                    .map(|value| value.to_str().expect("ASCII").to_owned()),
                expected,
                "{text}"
            );
        }
        for wrong in [
            "squid:3128",
            "https://squid",
            "socks5://squid",
            "http://squid/path",
            "",
        ] {
            assert!(Proxy::of(wrong).is_err(), "{wrong}");
        }
    }
}
