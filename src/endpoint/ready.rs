//! Waiting until the target says that it is ready.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::ErrorKind;
use std::net::ToSocketAddrs;
use std::path::Path;
use std::time::Duration as StdDuration;

use http::header::AUTHORIZATION;
use http::{HeaderName, HeaderValue};
use reqwest::{Client, Proxy};
use serde_json::Value;
use url::Url;

use super::{ReadySpec, TargetSpec};
use crate::clock::Clock;
use crate::protocol::http::Auth;
use crate::protocol::{ConnectionOptions, HttpVersion, Tls};
use crate::protocol::{Origin, is_secure, join};
use crate::select::Evidence;
use crate::template::value_text;
use crate::units::Duration;

/// The target did not become ready in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{probed} was not ready within {within}: {last}")]
pub struct NotReady {
    /// What was probed.
    pub probed: String,
    /// How long.
    pub within: String,
    /// What the last probe met.
    pub last: String,
    /// What to start.
    pub hint: Option<String>,
}

/// The last probe, which begins at the deadline, still has this long to be answered.
const GRACE: Duration = Duration::from_secs(1);
/// One probe may take this long; a service that loads a model answers late, not never.
const PROBE: StdDuration = StdDuration::from_secs(5);

/// What is probed: by the same ways as the load, apart from its clock.
#[derive(Debug, Clone, Copy)]
pub struct Probed<'a> {
    /// The target.
    pub target: &'a TargetSpec,
    /// Its URL, where it has one.
    pub base: Option<&'a Url>,
    /// How connections to it are made.
    pub wiring: &'a ConnectionOptions,
}

impl ReadySpec {
    /// Probes until the target is ready.
    ///
    /// # Errors
    /// When it is not ready in time: with what the last probe met, and the plan's hint.
    pub async fn wait(&self, probed: &Probed<'_>, clock: &Clock) -> Result<(), NotReady> {
        let url = self.url(probed.base)?;
        let deadline = clock.now() + self.within;
        let mut seen = BTreeSet::new();
        loop {
            let begin = clock.now();
            let mut is_news = false;
            let last = match clock
                .until(deadline.max(begin + GRACE), self.probe(probed, &url))
                .await
            {
                Some(Ok(None)) => return Ok(()),
                Some(Ok(Some(value))) => {
                    is_news = seen.insert(value);
                    if seen.len() as u64 >= self.count.0 {
                        return Ok(());
                    }
                    self.so_far(&seen)
                }
                Some(Err(why)) if seen.is_empty() => why,
                Some(Err(why)) => format!("{why}; {}", self.so_far(&seen)),
                None => "no answer".to_owned(),
            };
            if clock.now() >= deadline {
                return Err(self.not_ready(&url, last));
            }
            // The last probe is made at the deadline itself: what becomes ready in time is not missed. Where one more instance has answered,
            // the next may too.
            if !is_news {
                clock.sleep_until(deadline.min(begin + self.every)).await;
            }
        }
    }

    /// Who has answered, of how many.
    fn so_far(&self, seen: &BTreeSet<String>) -> String {
        let values = seen
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ");
        format!(
            "{} of {} different answers: {values}",
            seen.len(),
            self.count
        )
    }

    fn url(&self, base: Option<&Url>) -> Result<Url, NotReady> {
        let url = if self.path.starts_with("tcp://") {
            Url::parse(&self.path).map_err(|e| e.to_string())
        } else {
            join(base, &self.path).map(over_http).map_err(|e| e.message)
        };
        url.map_err(|why| self.not_ready(&self.path, why))
    }

    /// The path at the root of the target's host, where the target's own address has a path.
    fn at_root(&self, base: Option<&Url>) -> Option<Url> {
        let base = base.filter(|base| {
            self.path.starts_with('/') && !base.path().trim_end_matches('/').is_empty()
        })?;
        base.join(&self.path).ok()
    }

    fn not_ready(&self, probed: &impl ToString, last: String) -> NotReady {
        NotReady {
            probed: probed.to_string(),
            within: self.within.to_string(),
            last,
            hint: self.hint.clone(),
        }
    }

    /// One probe over a new connection: the value of `distinct`, where it is asked for.
    async fn probe(&self, probed: &Probed<'_>, url: &Url) -> Result<Option<String>, String> {
        if url.scheme() == "tcp" {
            let address = format!(
                "{}:{}",
                url.host_str().unwrap_or_default(),
                url.port().unwrap_or_default()
            );
            let made = tokio::net::TcpStream::connect(&address).await;
            return made
                .map(|_| None)
                .map_err(|error| io_words(&error, &address));
        }
        let mut reply = probed.ask(url).await?;
        // An address may be that of one endpoint, while the service says at its root how it is.
        if [404, 405].contains(&reply.status().as_u16())
            && let Some(root) = self.at_root(probed.base)
        {
            reply = probed.ask(&root).await?;
        }
        let status = reply.status().as_u16();
        let headers = reply.headers().clone();
        let body = reply.bytes().await.map_err(|e| words(&e, url))?;
        let json = serde_json::from_slice(&body).ok();
        let answer = Answer {
            status,
            headers,
            body: body.to_vec(),
            json,
        };
        let named = self
            .expect
            .as_ref()
            .is_some_and(crate::select::Conditions::names_status);
        if !named && !(200..300).contains(&status) {
            return Err(format!("it answers with status {status}"));
        }
        if let Some(expect) = &self.expect {
            expect.check(&answer).map_err(|unmet| unmet.to_string())?;
        }
        let Some(distinct) = &self.distinct else {
            return Ok(None);
        };
        let value = distinct
            .first(&answer)
            .ok_or_else(|| format!("its reply has nothing at {distinct}"))?;
        Ok(Some(value_text(&value).into_owned()))
    }
}

/// The address as it is probed: whatever a target speaks, it says over HTTP how it is.
fn over_http(url: Url) -> Url {
    let scheme = match is_secure(url.scheme()) {
        Some(true) => "https",
        Some(false) => "http",
        None => return url,
    };
    let rest = url.as_str().split_once(':').map_or("", |(_, rest)| rest);
    Url::parse(&format!("{scheme}:{rest}")).unwrap_or(url)
}

impl Probed<'_> {
    async fn ask(&self, url: &Url) -> Result<reqwest::Response, String> {
        let (target, wiring) = (self.target, self.wiring);
        // The environment's proxies would silently send the probe elsewhere than the load.
        let mut client = Client::builder().no_proxy().timeout(PROBE);
        client = client.tls_backend_preconfigured(if url.scheme() == "https" {
            (*wiring.tls.config(wiring.version)).clone()
        } else {
            Tls::none()
        });
        client = match wiring.version {
            HttpVersion::One => client.http1_only(),
            HttpVersion::Two => client.http2_prior_knowledge(),
        };
        if let Some(proxy) = &wiring.proxy {
            client = client.proxy(Proxy::all(proxy.url().as_str()).map_err(|e| words(&e, url))?);
        }
        let socket = self.socket(url);
        if let Some(socket) = socket {
            client = client.unix_socket(socket);
        }
        let mut request = client
            .build()
            .map_err(|e| words(&e, url))?
            .get(url.as_str());
        let mut headers = http::HeaderMap::new();
        if let Some(auth) = target.auth.as_ref().and_then(Auth::known) {
            headers.insert(AUTHORIZATION, auth);
        }
        for (name, text) in target.headers.known() {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(text))
            {
                headers.insert(name, value);
            }
        }
        request = request.headers(headers);
        request.send().await.map_err(|error| match socket {
            Some(socket) => format!("no answer at {}: {}", socket.display(), words(&error, url)),
            None => words(&error, url),
        })
    }

    /// The socket in the file system that stands for the URL.
    fn socket(&self, url: &Url) -> Option<&Path> {
        let is_base = self.base.is_some_and(|base| base.origin() == url.origin());
        self.wiring.unix.as_deref().filter(|_| is_base)
    }
}

struct Answer {
    status: u16,
    headers: http::HeaderMap,
    body: Vec<u8>,
    json: Option<Value>,
}

impl Evidence for Answer {
    fn status(&self) -> u16 {
        self.status
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn body(&self) -> &[u8] {
        &self.body
    }

    fn json(&self) -> Option<&Value> {
        self.json.as_ref()
    }
}

/// What went wrong, as a person can do something about it.
fn words(error: &(dyn Error + 'static), url: &Url) -> String {
    let origin = Origin::of(url).ok();
    if let Some(why) = origin
        .as_ref()
        .and_then(|origin| Tls::explain(error, origin))
    {
        return why;
    }
    let chain = || std::iter::successors(Some(error), |&error| error.source());
    match chain().find_map(|error| error.downcast_ref::<std::io::Error>()) {
        Some(io) => io_words(
            io,
            &origin.map_or_else(|| url.to_string(), |origin| origin.to_string()),
        ),
        // The innermost cause says most.
        None => chain().last().map_or_else(String::new, ToString::to_string),
    }
}

fn io_words(error: &std::io::Error, to: &str) -> String {
    match error.kind() {
        ErrorKind::ConnectionRefused => format!("connection refused by {to}"),
        _ => format!("no answer from {to}: {error}"),
    }
}

/// Whether a host is this machine.
#[must_use]
pub(super) fn is_local(url: &Url) -> bool {
    let addresses = (
        url.host_str().unwrap_or_default(),
        url.port_or_known_default().unwrap_or(80),
    )
        .to_socket_addrs();
    addresses.is_ok_and(|mut all| all.all(|address| address.ip().is_loopback()))
}

impl crate::endpoint::TargetSpec {
    /// Whether the target is on this machine: then its machine is known.
    #[must_use]
    pub fn is_this_machine(&self) -> bool {
        self.demo.is_some() || self.base().ok().flatten().is_some_and(|url| is_local(&url))
    }
}

#[cfg(test)]
#[path = "ready_tests.rs"]
mod tests;
