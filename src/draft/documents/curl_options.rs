//! The options of curl that say what is sent.

/// What an option means for a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CurlOption {
    Url,
    Method,
    Header,
    /// A body; in it `@` reads a file.
    Data,
    /// A body in which `@` is a letter.
    RawData,
    /// A body whose value is encoded.
    EncodedData,
    Json,
    Form,
    /// A form in which `@` is a letter.
    TextForm,
    User,
    Cookie,
    Insecure,
    Follow,
    Compressed,
    Query,
    Head,
    Upload,
    Timeout,
    Proxy,
    /// What curl prints, and how often it tries: nothing of a plan.
    Nothing,
}

use CurlOption::{
    Compressed, Cookie, Data, EncodedData, Follow, Form, Head, Header, Insecure, Json, Method,
    Nothing, Proxy, Query, RawData, TextForm, Timeout, Upload, Url, User,
};

/// The short name, the long one, whether a value follows, and the meaning.
const OPTIONS: &[(&str, &str, bool, CurlOption)] = &[
    ("", "url", true, Url),
    ("X", "request", true, Method),
    ("H", "header", true, Header),
    ("d", "data", true, Data),
    ("", "data-ascii", true, Data),
    ("", "data-binary", true, Data),
    ("", "data-raw", true, RawData),
    ("", "data-urlencode", true, EncodedData),
    ("", "json", true, Json),
    ("F", "form", true, Form),
    ("", "form-string", true, TextForm),
    ("u", "user", true, User),
    ("b", "cookie", true, Cookie),
    ("k", "insecure", false, Insecure),
    ("L", "location", false, Follow),
    ("", "compressed", false, Compressed),
    ("G", "get", false, Query),
    ("I", "head", false, Head),
    ("T", "upload-file", true, Upload),
    ("m", "max-time", true, Timeout),
    ("x", "proxy", true, Proxy),
    ("A", "user-agent", true, Nothing),
    ("e", "referer", true, Nothing),
    ("o", "output", true, Nothing),
    ("w", "write-out", true, Nothing),
    ("c", "cookie-jar", true, Nothing),
    ("D", "dump-header", true, Nothing),
    ("", "connect-timeout", true, Nothing),
    ("", "retry", true, Nothing),
    ("", "retry-delay", true, Nothing),
    ("s", "silent", false, Nothing),
    ("S", "show-error", false, Nothing),
    ("v", "verbose", false, Nothing),
    ("i", "include", false, Nothing),
    ("f", "fail", false, Nothing),
    ("", "fail-with-body", false, Nothing),
    ("g", "globoff", false, Nothing),
    ("N", "no-buffer", false, Nothing),
    ("O", "remote-name", false, Nothing),
    ("#", "progress-bar", false, Nothing),
    ("", "http1.1", false, Nothing),
    ("", "http2", false, Nothing),
    ("", "path-as-is", false, Nothing),
];

/// Options that take a value and say nothing that a plan could.
const OTHERS_WITH_VALUE: [&str; 14] = [
    "cacert",
    "capath",
    "cert",
    "key",
    "cert-type",
    "key-type",
    "resolve",
    "interface",
    "ciphers",
    "config",
    "max-redirs",
    "unix-socket",
    "range",
    "netrc-file",
];

/// The option of that long name, and whether a value follows; of an unknown one the latter alone.
pub(super) fn long(name: &str) -> (Option<CurlOption>, bool) {
    match OPTIONS.iter().find(|(_, known, ..)| *known == name) {
        Some((_, _, takes, option)) => (Some(*option), *takes),
        None => (None, OTHERS_WITH_VALUE.contains(&name)),
    }
}

/// The option of that letter.
pub(super) fn short(letter: char) -> (Option<CurlOption>, bool) {
    let found = OPTIONS
        .iter()
        .find(|(known, ..)| known.chars().eq([letter]));
    match found {
        Some((_, _, takes, option)) => (Some(*option), *takes),
        None => (None, "EyYzCrQtPK".contains(letter)),
    }
}
