//! How connections are made: names, sockets, proxies, TLS, each moment noted.

pub(crate) mod classify;
pub(crate) mod connector;
pub(crate) mod dial;
pub(crate) mod frame_scan;
pub(crate) mod http_version;
pub(crate) mod interim_scan;
pub(crate) mod local;
pub(crate) mod options;
pub(crate) mod proxy;
pub(crate) mod socket;
pub(crate) mod timed_stream;
pub(crate) mod tls;
pub(crate) mod tls_failure;
