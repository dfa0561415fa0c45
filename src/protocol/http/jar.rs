//! The cookies of one VU.

use ::http::header::{COOKIE, SET_COOKIE};
use ::http::{HeaderMap, HeaderValue};
use cookie_store::{CookieStore, RawCookie};

use super::super::Request;

/// What replies have set, by the rules of RFC 6265.
#[derive(Debug, Default)]
pub(crate) struct Jar {
    store: CookieStore,
}

impl Jar {
    /// Keeps what a reply to this request sets.
    pub(crate) fn keep(&mut self, request: &Request, headers: &HeaderMap) {
        let Ok(url) = request.origin.url(&request.target) else {
            return;
        };
        let texts = headers
            .get_all(SET_COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let cookies = texts.filter_map(|text| RawCookie::parse(text.to_owned()).ok());
        self.store.store_response_cookies(cookies, &url);
    }

    /// The Cookie header of a request, behind what the plan itself says in it.
    pub(crate) fn header(&self, request: &Request) -> Option<HeaderValue> {
        let url = request.origin.url(&request.target).ok()?;
        let own = request
            .headers
            .get(COOKIE)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let kept = self
            .store
            .get_request_values(&url)
            .map(|(name, value)| format!("{name}={value}"));
        let all: Vec<String> = own.into_iter().chain(kept).collect();
        (!all.is_empty()).then(|| HeaderValue::try_from(all.join("; ")).ok())?
    }
}
