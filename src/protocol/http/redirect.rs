//! Where a reply sends its client instead.

use std::sync::Arc;

use ::http::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HOST, LOCATION, TRANSFER_ENCODING,
};
use ::http::{HeaderMap, HeaderName, HeaderValue, Method};

use super::super::{Origin, Payload, Request};
use crate::document::{CONFIDENTIAL_HEADERS, Mask};
use crate::protocol::exchange::origin::target;

/// The request that follows a redirect, as browsers make it; `None` where the reply is none, or leads nowhere. To another
/// origin it takes none of the `secrets`.
pub(crate) fn next(
    request: &Request,
    status: u16,
    headers: &HeaderMap,
    secrets: &Mask,
) -> Option<Request> {
    let becomes_get = match status {
        301 | 302 => request.method == Method::POST,
        303 => !matches!(request.method, Method::GET | Method::HEAD),
        307 | 308 => false,
        _ => return None,
    };
    let location = std::str::from_utf8(headers.get(LOCATION)?.as_bytes()).ok()?;
    let url = request
        .origin
        .url(&request.target)
        .ok()?
        .join(location)
        .ok()?;
    let origin = Origin::of(&url).ok()?;
    let mut next = Request {
        target: target(&url).ok()?,
        ..request.clone()
    };
    if becomes_get {
        next.method = Method::GET;
        next.payload = Payload::default();
        for name in [
            CONTENT_TYPE,
            CONTENT_LENGTH,
            CONTENT_ENCODING,
            TRANSFER_ENCODING,
        ] {
            next.headers.remove(name);
        }
    }
    if origin != *request.origin {
        // Secrets and names of one host are not told to another.
        let told = |(name, value): &(&HeaderName, &HeaderValue)| {
            *name != HOST && !is_secret(name, value, secrets)
        };
        let own = next.headers.iter().filter(told);
        next.headers = own
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        next.origin = Arc::new(origin);
    }
    Some(next)
}

/// Whether a header is confidential by its name or by what fills it.
fn is_secret(name: &HeaderName, value: &HeaderValue, secrets: &Mask) -> bool {
    let holds_one = || {
        let text = String::from_utf8_lossy(value.as_bytes());
        secrets.text(&text) != text
    };
    CONFIDENTIAL_HEADERS.contains(&name.as_str()) || value.is_sensitive() || holds_one()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::http::header::AUTHORIZATION;
    use bytes::Bytes;
    use url::Url;

    fn request(method: Method) -> Request {
        let url = Url::parse("http://asr:1/a/b?c=d").expect("url");
        let headers = [
            (AUTHORIZATION, "Bearer x"),
            (CONTENT_TYPE, "text/plain"),
            (HOST, "name"),
        ];
        Request {
            method,
            origin: Arc::new(Origin::of(&url).expect("origin")),
            target: target(&url).expect("target"),
            headers: headers
                .into_iter()
                .map(|(name, value)| (name, value.parse().expect("a value")))
                .collect(),
            payload: Payload::new(vec![Bytes::from_static(b"body")]),
            follow: 1,
            cookies: false,
            compression: false,
        }
    }

    #[test]
    fn browsers_go_the_same_way() {
        let (get, post, put, head) = (Method::GET, Method::POST, Method::PUT, Method::HEAD);
        for (method, status, location, leads) in [
            (&post, 302, "/x", Some((&get, "asr:1/x", false, true))),
            (
                &post,
                301,
                "x?y=1#z",
                Some((&get, "asr:1/a/x?y=1", false, true)),
            ),
            (&post, 303, "../x", Some((&get, "asr:1/x", false, true))),
            (&put, 303, "/x", Some((&get, "asr:1/x", false, true))),
            (&put, 302, "/x", Some((&put, "asr:1/x", true, true))),
            (&head, 303, "/x", Some((&head, "asr:1/x", true, true))),
            (
                &post,
                307,
                "//other/x",
                Some((&post, "other:80/x", true, false)),
            ),
            (
                &post,
                308,
                "https://asr:1/x",
                Some((&post, "asr:1/x", true, false)),
            ),
            (
                &get,
                302,
                "http://asr:1/a",
                Some((&get, "asr:1/a", true, true)),
            ),
            (&get, 304, "/x", None),
            (&get, 200, "/x", None),
            (&get, 302, "ftp://x/", None),
            (&get, 302, "http://", None),
        ] {
            let headers = HeaderMap::from_iter([(LOCATION, location.parse().expect("a value"))]);
            let next = next(&request(method.clone()), status, &headers, &Mask::default());
            let seen = next.as_ref().map(|next| {
                let body = !next.payload.is_empty();
                assert_eq!(
                    body,
                    next.headers.contains_key(CONTENT_TYPE),
                    "{status} {location}"
                );
                (
                    &next.method,
                    format!("{}{}", next.origin, next.target),
                    body,
                    next.headers.contains_key(AUTHORIZATION),
                )
            });
            let leads =
                leads.map(|(method, place, body, told)| (method, place.to_owned(), body, told));
            assert_eq!(seen, leads, "{method} {status} {location}");
        }
        assert!(next(&request(get), 302, &HeaderMap::new(), &Mask::default()).is_none());
    }

    #[test]
    fn no_secret_is_told_to_another_origin() {
        let mut request = request(Method::GET);
        for (name, value) in [
            ("x-api-key", "k"),
            ("x-license", "license hush-hush"),
            ("accept", "text/plain"),
            ("cookie", "a=b"),
        ] {
            request
                .headers
                .insert(name, HeaderValue::from_static(value));
        }
        let secrets = Mask::new(["hush-hush".to_owned()]);
        for (location, told) in [
            (
                "/x",
                vec![
                    "authorization",
                    "content-type",
                    "host",
                    "x-api-key",
                    "x-license",
                    "accept",
                    "cookie",
                ],
            ),
            ("http://asr:2/x", vec!["content-type", "accept"]),
        ] {
            let headers = HeaderMap::from_iter([(LOCATION, location.parse().expect("a value"))]);
            let next = next(&request, 302, &headers, &secrets).expect(location);
            let names: Vec<_> = next.headers.keys().map(HeaderName::as_str).collect();
            assert_eq!(names, told, "{location}");
        }
    }
}
