//! The cookies of one VU.

use std::collections::HashMap;

use ::http::header::{COOKIE, SET_COOKIE};
use ::http::{HeaderMap, HeaderValue};
use cookie_store::{Cookie, CookieStore, RawCookie};

use super::super::Request;

/// What replies have set, by the rules of RFC 6265.
#[derive(Debug, Default)]
pub(crate) struct Jar {
    store: CookieStore,
    /// When each was first set: the store has no order.
    order: HashMap<CookieKey, u64>,
    next: u64,
}

/// A cookie's domain, path and name.
type CookieKey = (String, String, String);

impl Jar {
    /// Keeps what a reply to this request sets.
    pub(crate) fn keep(&mut self, request: &Request, headers: &HeaderMap) {
        if !headers.contains_key(SET_COOKIE) {
            return;
        }
        let Ok(url) = request.origin.url(&request.target) else {
            return;
        };
        let texts = headers
            .get_all(SET_COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        for cookie in texts.filter_map(|text| RawCookie::parse(text.to_owned()).ok()) {
            self.store
                .store_response_cookies(std::iter::once(cookie), &url);
            self.note();
        }
    }

    /// Gives the cookie that is new the next place. One that was deleted loses its own.
    fn note(&mut self) {
        let known: Vec<CookieKey> = self.store.iter_unexpired().map(|one| key(one)).collect();
        self.order.retain(|key, _| known.contains(key));
        for key in known {
            self.order.entry(key).or_insert(self.next);
        }
        self.next += 1;
    }

    /// The Cookie header of a request, behind what the plan itself says in it: longer paths first, then what was set earlier (RFC 6265,
    /// 5.4).
    pub(crate) fn header(&self, request: &Request) -> Option<HeaderValue> {
        let url = request.origin.url(&request.target).ok()?;
        let own = request
            .headers
            .get(COOKIE)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let mut kept = self.store.matches(&url);
        kept.sort_by_cached_key(|cookie| {
            let path = cookie.path.as_ref() as &str;
            (
                std::cmp::Reverse(path.len()),
                self.order.get(&key(cookie)).copied(),
            )
        });
        let kept = kept
            .into_iter()
            .map(|cookie| format!("{}={}", cookie.name(), cookie.value()));
        let all: Vec<String> = own.into_iter().chain(kept).collect();
        (!all.is_empty()).then(|| HeaderValue::try_from(all.join("; ")).ok())?
    }
}

fn key(cookie: &Cookie<'_>) -> CookieKey {
    let path = cookie.path.as_ref() as &str;
    (
        format!("{:?}", cookie.domain),
        path.to_owned(),
        cookie.name().to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::live_tests::get;
    use super::*;

    #[test]
    fn cookies_are_sent_by_their_paths_and_in_the_order_in_which_they_were_set() {
        let request = get("http://asr:1/a/b/c");
        for _ in 0..8 {
            let mut jar = Jar::default();
            for set in [
                &["z=1; Path=/", "y=2; Path=/", "x=3; Path=/"][..],
                &["deep=4; Path=/a/b", "other=5; Path=/b", "mid=6; Path=/a"],
                &["y=7; Path=/", "z=; Max-Age=0; Path=/", "w=8; Path=/"],
                &["z=9; Path=/"],
            ] {
                let mut headers = HeaderMap::new();
                for cookie in set {
                    headers.append(SET_COOKIE, HeaderValue::from_static(cookie));
                }
                jar.keep(&request, &headers);
            }
            let header = jar.header(&request).expect("cookies");
            assert_eq!(header, "deep=4; mid=6; y=7; x=3; w=8; z=9");
        }
    }
}
