//! The text of a body, whatever it is encoded in.

use std::borrow::Cow;

use ::http::HeaderMap;
use ::http::header::CONTENT_TYPE;
use encoding_rs::{Encoding, UTF_8};

/// The text of a body: by its byte order mark, by the charset that its Content-Type names, else UTF-8.
pub(crate) fn text_of<'a>(headers: &HeaderMap, body: &'a [u8]) -> Cow<'a, str> {
    let (encoding, mark) = encoding_of(headers, body);
    encoding.decode_without_bom_handling(&body[mark..]).0
}

/// Whether a body is UTF-8 without a mark, so far as anything says it.
pub(crate) fn is_plain(headers: &HeaderMap, body: &[u8]) -> bool {
    encoding_of(headers, body) == (UTF_8, 0)
}

/// The encoding, and how long its mark is.
fn encoding_of(headers: &HeaderMap, body: &[u8]) -> (&'static Encoding, usize) {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let is_media = ["audio/", "video/", "image/"]
        .iter()
        .any(|kind| content_type.starts_with(kind));
    if is_media {
        return (UTF_8, 0);
    }
    if let Some(found) = Encoding::for_bom(body) {
        return found;
    }
    let named = charset(content_type).and_then(|label| Encoding::for_label(label.as_bytes()));
    (named.unwrap_or(UTF_8), 0)
}

/// The charset that a Content-Type names.
fn charset(content_type: &str) -> Option<&str> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let is_charset = name.trim().eq_ignore_ascii_case("charset");
        is_charset.then(|| value.trim().trim_matches('"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_its_mark_or_its_charset_says() {
        let utf16 = |text: &str, mark: &[u8]| {
            let units = text.encode_utf16().flat_map(u16::to_le_bytes);
            [mark, &units.collect::<Vec<_>>()].concat()
        };
        for (content_type, body, plain) in [
            ("application/json", "größe".as_bytes().to_vec(), true),
            ("", "größe".as_bytes().to_vec(), true),
            (
                "text/plain; charset=UTF-8",
                "größe".as_bytes().to_vec(),
                true,
            ),
            (
                "text/plain; charset=x-nobody-knows",
                "größe".as_bytes().to_vec(),
                true,
            ),
            (
                "application/json; charset=iso-8859-1",
                b"gr\xf6\xdfe".to_vec(),
                false,
            ),
            (
                "text/html; a=b; Charset=\"latin1\"",
                b"gr\xf6\xdfe".to_vec(),
                false,
            ),
            (
                "application/json",
                "\u{feff}größe".as_bytes().to_vec(),
                false,
            ),
            (
                "application/json; charset=utf-16",
                utf16("größe", b""),
                false,
            ),
            (
                "application/json; charset=utf-8",
                utf16("größe", b"\xff\xfe"),
                false,
            ),
        ] {
            let headers =
                HeaderMap::from_iter([(CONTENT_TYPE, content_type.parse().expect("a value"))]);
            assert_eq!(text_of(&headers, &body), "größe", "{content_type} {body:?}");
            assert_eq!(is_plain(&headers, &body), plain, "{content_type} {body:?}");
        }
        let headers =
            HeaderMap::from_iter([(CONTENT_TYPE, "audio/mpeg".parse().expect("a value"))]);
        assert!(is_plain(&headers, b"\xff\xfe\x00"));
    }
}
