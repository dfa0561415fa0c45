//! What goes wrong on purpose, and on which requests.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Service;
use crate::units::{Count, Duration, Ratio};

/// What goes wrong. A share hits evenly spaced requests, the same ones in every run; where two faults would meet, one moves to the next request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Faults {
    /// The status that `status_share` of the requests are answered with, at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Count>,
    /// The share of requests that are answered with `status`. Streams are refused at the handshake: with 503 where there is no
    /// `status`, in gRPC with UNAVAILABLE.
    pub status_share: Ratio,
    /// The body sent with `status`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The share of requests whose connection is reset instead of an answer; of streams, half-way.
    pub reset_share: Ratio,
    /// The share of requests that are answered with bytes that are not HTTP; of streams that get bytes half-way that are no
    /// message of their protocol.
    pub garbage_share: Ratio,
    /// The share of requests whose answer takes as long as `stall`; of streams that are silent for ever once they are ready.
    pub stall_share: Ratio,
    /// How long a stalled answer takes.
    pub stall: Duration,
    /// The share of answers whose body trickles over `slow_body`.
    pub slow_body_share: Ratio,
    /// How long a slow body takes.
    pub slow_body: Duration,
    /// When a window begins in which every answer waits for the window's end, from the first request on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stall_at: Option<Duration>,
    /// How long that window is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stall_for: Option<Duration>,
    /// The share of streams that end with an error in the protocol's own words.
    pub error_share: Ratio,
    /// The share of streams that are closed right after the handshake.
    pub close_share: Ratio,
    /// The share of streams that never become ready.
    pub never_ready_share: Ratio,
    /// The share of streams whose first result is sent 10,000 times.
    pub flood_share: Ratio,
    /// The share of jobs that end as `failed_whisper_error`.
    pub job_fail_share: Ratio,
    /// After so many requests the next one kills the server: every connection is reset and none is accepted any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub die_after: Option<Count>,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            status: None,
            status_share: Ratio(0.0),
            body: None,
            reset_share: Ratio(0.0),
            garbage_share: Ratio(0.0),
            stall_share: Ratio(0.0),
            stall: Duration::from_secs(3600),
            slow_body_share: Ratio(0.0),
            slow_body: Duration::from_secs(1),
            stall_at: None,
            stall_for: None,
            error_share: Ratio(0.0),
            close_share: Ratio(0.0),
            never_ready_share: Ratio(0.0),
            flood_share: Ratio(0.0),
            job_fail_share: Ratio(0.0),
            die_after: None,
        }
    }
}

impl Faults {
    fn shares(&self) -> [(&'static str, Fault, Ratio); 9] {
        [
            ("status_share", Fault::Status, self.status_share),
            ("reset_share", Fault::Reset, self.reset_share),
            ("garbage_share", Fault::Garbage, self.garbage_share),
            ("stall_share", Fault::Stall, self.stall_share),
            ("slow_body_share", Fault::SlowBody, self.slow_body_share),
            ("error_share", Fault::Error, self.error_share),
            ("close_share", Fault::Close, self.close_share),
            (
                "never_ready_share",
                Fault::NeverReady,
                self.never_ready_share,
            ),
            ("flood_share", Fault::Flood, self.flood_share),
        ]
    }

    pub(crate) fn check(&self, service: Service) -> Vec<String> {
        let mut found = self.unheeded(service);
        for (name, share) in self
            .shares()
            .map(|(name, _, share)| (name, share))
            .into_iter()
            .chain([("job_fail_share", self.job_fail_share)])
        {
            if !(0.0..=1.0).contains(&share.0) {
                found.push(format!("`faults.{name}` must be from 0% to 100%"));
            }
        }
        if self
            .shares()
            .iter()
            .map(|(_, _, share)| share.0)
            .sum::<f64>()
            > 1.0 + ROUNDING
        {
            found
                .push("the shares of `faults` are more than 100% together: a request has one fault at most".to_owned());
        }
        match (self.status, self.status_share.0 > 0.0) {
            (None, true) if !service.streams() => {
                found.push(
                    "`faults.status_share` needs `faults.status`, for example 503".to_owned(),
                );
            }
            (Some(status), _) if !(200..=599).contains(&status.0) => {
                found.push("`faults.status` must be from 200 to 599".to_owned());
            }
            (Some(_), false) => {
                found.push(
                    "`faults.status` needs `faults.status_share`, for example \"5%\"".to_owned(),
                );
            }
            _ => {}
        }
        if self.stall_at.is_some() != self.stall_for.is_some() {
            found.push("`faults.stall_at` and `faults.stall_for` need each other".to_owned());
        }
        found
    }

    /// The faults that are set and that this service does not know.
    fn unheeded(&self, service: Service) -> Vec<String> {
        let plain = Self::default();
        let set = |share: Ratio| share.0 > 0.0;
        let (streams, grpc) = (service.streams(), service.is_grpc());
        let has_words = matches!(
            service,
            Service::Whisperlive
                | Service::Deepgram
                | Service::Realtime
                | Service::Gateway
                | Service::Wyoming
        );
        let floods = streams && service != Service::Wyoming;
        let keys = [
            ("error_share", set(self.error_share), has_words),
            ("close_share", set(self.close_share), streams),
            ("never_ready_share", set(self.never_ready_share), streams),
            ("flood_share", set(self.flood_share), floods),
            ("status", self.status.is_some(), !grpc),
            ("body", self.body.is_some(), !grpc),
            ("stall", self.stall != plain.stall, !streams),
            ("slow_body_share", set(self.slow_body_share), !streams),
            ("slow_body", self.slow_body != plain.slow_body, !streams),
            ("stall_at", self.stall_at.is_some(), !streams),
        ];
        let refused = keys.into_iter().filter(|(_, set, heeded)| *set && !heeded);
        refused
            .map(|(key, ..)| {
                format!(
                    "`faults.{key}` means nothing to `service = \"{}\"`",
                    service.name()
                )
            })
            .collect()
    }

    /// How long an answer that is ready so long after the first request has to wait for the end of the window.
    pub(crate) fn window(&self, since_first: Duration) -> Duration {
        match (self.stall_at, self.stall_for) {
            (Some(at), Some(length)) if since_first >= at => {
                (at + length).saturating_sub(since_first)
            }
            _ => Duration::ZERO,
        }
    }
}

/// One thing that goes wrong with one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Status,
    Reset,
    Garbage,
    Stall,
    SlowBody,
    Error,
    Close,
    NeverReady,
    Flood,
}

impl Fault {
    /// The name that it is counted under.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Reset => "reset",
            Self::Garbage => "garbage",
            Self::Stall => "stall",
            Self::SlowBody => "slow_body",
            Self::Error => "error",
            Self::Close => "close",
            Self::NeverReady => "never_ready",
            Self::Flood => "flood",
        }
    }
}

/// How many times a flood sends its message.
pub(crate) const FLOOD: usize = 10_000;

/// Shares of the form 0.29 are a little less than what is written; so little must not cost a fault its turn.
const ROUNDING: f64 = 1e-9;

/// Which request has which fault.
#[derive(Debug)]
pub(crate) struct FaultPlan {
    shares: [(Fault, f64, u64); 9],
    seen: u64,
}

impl FaultPlan {
    pub(crate) fn new(faults: &Faults) -> Self {
        Self {
            shares: faults.shares().map(|(_, fault, share)| (fault, share.0, 0)),
            seen: 0,
        }
    }

    /// How many requests there were before this one.
    pub(crate) fn seen(&self) -> u64 {
        self.seen
    }

    /// The fault of the next request: the first whose share is due and was not dealt yet.
    pub(crate) fn next(&mut self) -> Option<Fault> {
        self.seen += 1;
        let seen = self.seen;
        let due = self
            .shares
            .iter_mut()
            .find(|(_, share, dealt)| due(*share, seen) > *dealt)?;
        due.2 += 1;
        Some(due.0)
    }
}

/// Whether number `n`, counted from 0, is one of `share`.
pub(crate) fn hits(share: Ratio, n: u64) -> bool {
    due(share.0, n + 1) > due(share.0, n)
}

fn due(share: f64, count: u64) -> u64 {
    (count as f64 * share + ROUNDING).floor() as u64
}

#[cfg(test)]
#[path = "faults_tests.rs"]
mod tests;
