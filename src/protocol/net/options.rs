//! How a target is connected to, the same for all its users.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::http_version::HttpVersion;
use super::proxy::Proxy;
use super::tls::Tls;
use crate::document::Mask;
use crate::protocol::Origin;

/// Everything about a target's connections that its URL does not say.
#[derive(Debug, Default)]
pub struct ConnectionOptions {
    /// How long connections are kept.
    pub connections: ConnectionLifetime,
    /// Which HTTP is spoken. In the clear the target is taken to know it.
    pub version: HttpVersion,
    /// How TLS is spoken, where a URL asks for it.
    pub tls: Tls,
    /// What stands between; the environment's proxies are never looked at.
    pub proxy: Option<Proxy>,
    /// The socket in the file system that `http://localhost` stands for.
    pub unix: Option<PathBuf>,
    /// The plan's secrets: a redirect takes none of them to another origin.
    pub secrets: Mask,
}

/// How long a connection is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ConnectionLifetime {
    /// As long as its virtual user.
    #[default]
    PerVu,
    /// Until the next iteration begins.
    PerIteration,
}

impl ConnectionOptions {
    /// The socket in the file system that an origin stands for.
    pub(crate) fn socket_of(&self, origin: &Origin) -> Option<&Path> {
        let is_ours = origin.host() == "localhost" && origin.port() == 80 && !origin.is_secure();
        self.unix.as_deref().filter(|_| is_ours)
    }

    /// Whether the proxy is asked for a tunnel to an origin; if not, it is asked for whole URLs.
    pub(crate) fn tunnels(&self, origin: &Origin) -> bool {
        origin.is_secure() || self.version == HttpVersion::Two
    }

    /// The proxy that is asked for whole URLs of an origin.
    pub(crate) fn forwards(&self, origin: &Origin) -> Option<&Proxy> {
        self.proxy
            .as_ref()
            .filter(|_| !self.tunnels(origin) && self.socket_of(origin).is_none())
    }
}
