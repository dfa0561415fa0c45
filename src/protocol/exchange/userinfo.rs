//! The user and password that a URL names.

use ::http::HeaderValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use url::Url;

/// Whether a URL names a user or a password.
#[must_use]
pub fn has_userinfo(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// The basic authentication that stands for them; `None` where the URL names nobody.
pub(crate) fn basic_of(url: &Url) -> Option<HeaderValue> {
    if !has_userinfo(url) {
        return None;
    }
    let decoded = |text: &str| percent_decode_str(text).collect::<Vec<u8>>();
    let secret = [
        decoded(url.username()),
        decoded(url.password().unwrap_or_default()),
    ]
    .join(&b':');
    let mut value = HeaderValue::try_from(format!("Basic {}", STANDARD.encode(secret))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_of_a_url_is_one_of_basic_authentication() {
        for (url, secret) in [
            ("http://me:p%40s+s&x=%3D@asr", Some("me:p@s+s&x==")),
            ("http://me@asr", Some("me:")),
            ("http://:pw@asr", Some(":pw")),
            ("http://asr/me@x", None),
        ] {
            let value = basic_of(&Url::parse(url).expect(url));
            let expected = secret.map(|secret| format!("Basic {}", STANDARD.encode(secret)));
            assert_eq!(
                value.as_ref().map(HeaderValue::as_bytes),
                expected.as_deref().map(str::as_bytes)
            );
            assert!(value.is_none_or(|value| value.is_sensitive()));
        }
    }
}
