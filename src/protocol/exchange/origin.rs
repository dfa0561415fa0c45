//! Where requests go, and how a base URL and a path become one.

use std::fmt;
use std::net::IpAddr;

use ::http::HeaderValue;
use ::http::uri::PathAndQuery;
use thiserror::Error;
use url::{Host, Url};

use crate::protocol::is_secure;

/// Why a URL or path cannot be requested.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct OriginError {
    /// What is wrong.
    pub message: String,
}

impl OriginError {
    fn new(message: String) -> Self {
        Self { message }
    }
}

/// A host and port that connections are made to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    host: String,
    address: Option<IpAddr>,
    port: u16,
    secure: bool,
    authority: HeaderValue,
}

impl Origin {
    /// The origin of a URL, in the clear or over TLS by its scheme.
    ///
    /// # Errors
    /// Says why the URL cannot be requested.
    pub fn of(url: &Url) -> Result<Self, OriginError> {
        let Some(secure) = is_secure(url.scheme()) else {
            let other = url.scheme();
            return Err(OriginError::new(format!(
                "`{url}`: `{other}` is neither http nor https"
            )));
        };
        let (host, address) = match url.host() {
            Some(Host::Domain(name)) => (name.to_owned(), name.parse().ok()),
            Some(Host::Ipv4(address)) => (address.to_string(), Some(address.into())),
            Some(Host::Ipv6(address)) => (format!("[{address}]"), Some(address.into())),
            None => return Err(OriginError::new(format!("`{url}` has no host"))),
        };
        let own_port = if secure { 443 } else { 80 };
        let port = url.port().unwrap_or(own_port);
        let authority = if port == own_port {
            host.clone()
        } else {
            format!("{host}:{port}")
        };
        let authority = HeaderValue::try_from(authority)
            .map_err(|_| OriginError::new(format!("`{host}` cannot stand in a Host header")))?;
        Ok(Self {
            host,
            address,
            port,
            secure,
            authority,
        })
    }

    /// The host; an IPv6 address in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The address, where the host is one and no name has to be resolved.
    #[must_use]
    pub const fn address(&self) -> Option<IpAddr> {
        self.address
    }

    /// The port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Whether it is spoken to over TLS.
    #[must_use]
    pub const fn is_secure(&self) -> bool {
        self.secure
    }

    /// The URL of a path here.
    pub(crate) fn url(&self, target: &PathAndQuery) -> Result<Url, OriginError> {
        let scheme = if self.secure { "https" } else { "http" };
        let text = format!("{scheme}://{self}{target}");
        Url::parse(&text).map_err(|error| OriginError::new(format!("`{text}`: {error}")))
    }

    /// What stands in the Host header: the port is left out where it is the scheme's own.
    #[must_use]
    pub const fn authority(&self) -> &HeaderValue {
        &self.authority
    }
}

/// Prints `host:port`.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// The URL that `path` means under `base`: a whole URL replaces the base, and a path that begins with the base's own does not double it.
///
/// # Errors
/// Says why there is no such URL.
pub fn join(base: Option<&Url>, path: &str) -> Result<Url, OriginError> {
    let whole = |text: &str| {
        Url::parse(text).map_err(|error| OriginError::new(format!("`{text}`: {error}")))
    };
    if path.contains("://") && !path.starts_with('/') {
        return whole(path);
    }
    let Some(base) = base else {
        return Err(OriginError::new(format!(
            "`{path}` is no whole URL and there is no target to put before it\nsay where it is: target = \"http://localhost:8000\""
        )));
    };
    let (path, query) = path
        .split_once('?')
        .map_or((path, None), |(path, query)| (path, Some(query)));
    let prefix = base.path().trim_end_matches('/');
    let path = if path.is_empty() || path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    };
    let doubled = path
        .strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let mut url = base.clone();
    if !path.is_empty() {
        url.set_path(&if doubled {
            path
        } else {
            format!("{prefix}{path}")
        });
    }
    let queries: Vec<&str> = [base.query(), query]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    url.set_query(Some(queries.join("&").as_str()).filter(|query| !query.is_empty()));
    url.set_fragment(None);
    Ok(url)
}

/// What stands in the request line.
pub(crate) fn target(url: &Url) -> Result<PathAndQuery, OriginError> {
    let text = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        // An address that needs no path has none.
        None if url.path().is_empty() => "/".to_owned(),
        None => url.path().to_owned(),
    };
    text.parse()
        .map_err(|error| OriginError::new(format!("`{text}` cannot be requested: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_and_path_join_without_doubling() {
        for (base, path, joined) in [
            ("http://x:1", "/health", "http://x:1/health"),
            ("http://x:1/", "health", "http://x:1/health"),
            ("http://x:1/", "", "http://x:1/"),
            (
                "http://x/v1/audio/transcriptions/",
                "/v1/audio/transcriptions",
                "http://x/v1/audio/transcriptions",
            ),
            (
                "http://x/v1/audio/transcriptions",
                "/v1/audio/transcriptions/",
                "http://x/v1/audio/transcriptions/",
            ),
            ("http://x/v1", "/v1/jobs?n=1", "http://x/v1/jobs?n=1"),
            ("http://x/v1", "/v10/jobs", "http://x/v1/v10/jobs"),
            ("http://x/api/", "/jobs", "http://x/api/jobs"),
            ("http://x/api/", "", "http://x/api/"),
            (
                "http://x/api?key=k",
                "jobs?n=1",
                "http://x/api/jobs?key=k&n=1",
            ),
            ("http://x/api", "http://y:2/z", "http://y:2/z"),
            ("http://x", "/a b/ü", "http://x/a%20b/%C3%BC"),
            ("http://x", "/go?to=http://y/", "http://x/go?to=http://y/"),
        ] {
            let base = Url::parse(base).expect(base);
            assert_eq!(
                join(Some(&base), path).expect(path).as_str(),
                joined,
                "{base} {path}"
            );
        }
        assert!(join(None, "/health").is_err());
    }

    #[test]
    fn origins() {
        for (url, shown, authority, numeric) in [
            ("http://asr", "asr:80", "asr", false),
            (
                "http://127.0.0.1:8001/x",
                "127.0.0.1:8001",
                "127.0.0.1:8001",
                true,
            ),
            ("http://[::1]:9", "[::1]:9", "[::1]:9", true),
            ("https://asr/x", "asr:443", "asr", false),
            ("https://asr:80", "asr:80", "asr:80", false),
            ("http://asr:443", "asr:443", "asr:443", false),
            ("wss://asr", "asr:443", "asr", false),
            ("grpc://asr", "asr:80", "asr", false),
        ] {
            let origin = Origin::of(&Url::parse(url).expect(url)).expect(url);
            assert_eq!(
                origin.is_secure(),
                url.starts_with("https") || url.starts_with("wss"),
                "{url}"
            );
            assert_eq!(
                (origin.to_string().as_str(), origin.authority().as_bytes()),
                (shown, authority.as_bytes())
            );
            assert_eq!(origin.address().is_some(), numeric, "{url}");
        }
        let error = Origin::of(&Url::parse("ftp://x").expect("url")).expect_err("another protocol");
        assert!(
            error.message.contains("`ftp` is neither http nor https"),
            "{error}"
        );
    }
}
