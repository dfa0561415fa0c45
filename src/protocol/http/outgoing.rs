//! A request as the connection wants it.

use ::http::header::{CONNECTION, COOKIE, HOST, PROXY_AUTHORIZATION};
use ::http::uri::{Authority, Scheme};
use ::http::{HeaderValue, Uri, Version};

use super::super::{Origin, Payload, Request};
use crate::protocol::net::options::ConnectionOptions;

/// The request for a connection of this kind: HTTP/2 and a proxy want the whole URL, everyone else wants the path and a Host header.
pub(crate) fn message(
    request: &Request,
    cookies: Option<HeaderValue>,
    wiring: &ConnectionOptions,
    is_h2: bool,
) -> ::http::Request<Payload> {
    let mut message = ::http::Request::new(request.payload.clone());
    *message.method_mut() = request.method.clone();
    *message.headers_mut() = request.headers.clone();
    let headers = message.headers_mut();
    if let Some(cookies) = cookies {
        headers.insert(COOKIE, cookies);
    }
    let proxy = wiring.forwards(&request.origin);
    if is_h2 {
        let named = headers.remove(HOST);
        headers.remove(CONNECTION);
        *message.version_mut() = Version::HTTP_2;
        *message.uri_mut() = whole(request, named.as_ref());
        return message;
    }
    headers
        .entry(HOST)
        .or_insert_with(|| request.origin.authority().clone());
    if let Some(proxy) = proxy {
        if let Some(authorization) = &proxy.authorization {
            headers.insert(PROXY_AUTHORIZATION, authorization.clone());
        }
        *message.uri_mut() = whole(request, None);
    } else {
        *message.uri_mut() = Uri::from(request.target.clone());
    }
    message
}

/// The whole URL, its authority as the Host header names it where the plan has one.
fn whole(request: &Request, named: Option<&HeaderValue>) -> Uri {
    let authority = named
        .and_then(authority)
        .or_else(|| authority(request.origin.authority()));
    let mut parts = ::http::uri::Parts::default();
    parts.scheme = Some(scheme(&request.origin));
    parts.authority = authority;
    parts.path_and_query = Some(request.target.clone());
    // A host that was a URL's is an authority's too; if not, the path alone is refused by the target.
    Uri::from_parts(parts).unwrap_or_else(|_| Uri::from(request.target.clone()))
}

fn authority(value: &HeaderValue) -> Option<Authority> {
    Authority::try_from(value.as_bytes()).ok()
}

fn scheme(origin: &Origin) -> Scheme {
    if origin.is_secure() {
        Scheme::HTTPS
    } else {
        Scheme::HTTP
    }
}
