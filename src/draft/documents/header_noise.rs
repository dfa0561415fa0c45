//! Headers that a browser or a client sends by itself, and no plan has to write.

/// Headers that perfgate makes itself, and those by which browsers say who they are.
const NOISE: [&str; 22] = [
    "host",
    "content-length",
    "connection",
    "accept-encoding",
    "accept-language",
    "user-agent",
    "origin",
    "referer",
    "dnt",
    "priority",
    "pragma",
    "cache-control",
    "te",
    "upgrade-insecure-requests",
    "if-none-match",
    "if-modified-since",
    "keep-alive",
    "transfer-encoding",
    "proxy-connection",
    "traceparent",
    "tracestate",
    "x-requested-with",
];

/// Whether a header says nothing about what is asked for.
pub(super) fn is_noise(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with(':') || name.starts_with("sec-") || NOISE.contains(&name.as_str())
}
