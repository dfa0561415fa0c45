//! Waiting until the target says that it is ready.

use std::net::ToSocketAddrs;
use std::time::Duration as StdDuration;

use reqwest::Client;
use serde_json::Value;
use thiserror::Error;
use url::Url;

use super::ReadySpec;
use crate::clock::Clock;
use crate::protocol::join;
use crate::select::Evidence;
use crate::units::Duration;

/// The target did not become ready in time.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
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

impl ReadySpec {
    /// Probes until the target is ready.
    ///
    /// # Errors
    /// When it is not ready in time: with what the last probe met, and the plan's hint.
    pub async fn wait(&self, base: Option<&Url>, clock: &Clock) -> Result<(), NotReady> {
        let probed = self.url(base)?;
        let deadline = clock.now() + self.within;
        loop {
            let begin = clock.now();
            let last = match clock.until(deadline.max(begin + GRACE), self.probe(&probed)).await {
                Some(Ok(())) => return Ok(()),
                Some(Err(why)) => why,
                None => "no answer".to_owned(),
            };
            if clock.now() >= deadline {
                return Err(self.not_ready(&probed, last));
            }
            // The last probe is made at the deadline itself: what becomes ready in time is not missed.
            clock.sleep_until(deadline.min(begin + self.every)).await;
        }
    }

    fn url(&self, base: Option<&Url>) -> Result<Url, NotReady> {
        let url = if self.path.starts_with("tcp://") {
            Url::parse(&self.path).map_err(|e| e.to_string())
        } else {
            join(base, &self.path).map_err(|e| e.message)
        };
        url.map_err(|why| NotReady {
            probed: self.path.clone(),
            within: self.within.to_string(),
            last: why,
            hint: self.hint.clone(),
        })
    }

    fn not_ready(&self, probed: &Url, last: String) -> NotReady {
        NotReady { probed: probed.to_string(), within: self.within.to_string(), last, hint: self.hint.clone() }
    }

    async fn probe(&self, url: &Url) -> Result<(), String> {
        if url.scheme() == "tcp" {
            let address = format!("{}:{}", url.host_str().unwrap_or_default(), url.port().unwrap_or_default());
            return tokio::net::TcpStream::connect(&address).await.map(drop).map_err(|e| short(&e));
        }
        // The environment's proxies would silently send the probe elsewhere than the load.
        let client = Client::builder().no_proxy().timeout(PROBE).build().map_err(|e| short(&e))?;
        let reply = client.get(url.as_str()).send().await.map_err(|e| short(&e))?;
        let status = reply.status().as_u16();
        let headers = reply.headers().clone();
        let body = reply.bytes().await.map_err(|e| short(&e))?;
        let json = serde_json::from_slice(&body).ok();
        let answer = Answer { status, headers, body: body.to_vec(), json };
        let named = self.expect.as_ref().is_some_and(crate::select::Conditions::names_status);
        if !named && !(200..300).contains(&status) {
            return Err(format!("it answers with status {status}"));
        }
        match &self.expect {
            Some(expect) => expect.check(&answer).map_err(|unmet| unmet.to_string()),
            None => Ok(()),
        }
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

/// The innermost cause, which is what a person can do something about.
fn short(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Whether a host is this machine.
#[must_use]
pub(super) fn is_local(url: &Url) -> bool {
    let addresses = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(80)).to_socket_addrs();
    addresses.is_ok_and(|mut all| all.all(|address| address.ip().is_loopback()))
}

impl super::TargetSpec {
    /// Whether the target is on this machine: then its machine is known.
    #[must_use]
    pub fn is_this_machine(&self) -> bool {
        self.demo.is_some()
            || self.url.as_ref().and_then(|url| Url::parse(url.get_ref()).ok()).is_some_and(|url| is_local(&url))
    }
}
