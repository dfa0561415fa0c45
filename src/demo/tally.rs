//! What the target counted and timed by itself.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::clock::Tick;
use crate::units::Duration;

/// A method and a route's pattern.
pub(crate) type Route = (&'static str, &'static str);

/// How a request was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ReplyKind {
    /// With a status.
    Status(u16),
    /// With a reset of its connection.
    Reset,
    /// With bytes that are not HTTP.
    Garbage,
    /// Not at all: the client went away, or the server died.
    Aborted,
}

impl ReplyKind {
    fn label(self) -> String {
        match self {
            Self::Status(status) => status.to_string(),
            Self::Reset => "reset".to_owned(),
            Self::Garbage => "garbage".to_owned(),
            Self::Aborted => "aborted".to_owned(),
        }
    }
}

/// Counts and times since the start.
#[derive(Debug, Default)]
pub(crate) struct TargetCounts {
    requests: BTreeMap<Route, BTreeMap<ReplyKind, u64>>,
    pub(crate) in_flight: u64,
    max_in_flight: u64,
    pub(crate) connections: u64,
    pub(crate) audio_seconds: f64,
    pub(crate) first_request: Option<Tick>,
    last_reply: Option<Tick>,
    pub(crate) polls: u64,
    pub(crate) jobs_completed: u64,
    pub(crate) jobs_failed: u64,
    faults: BTreeMap<&'static str, u64>,
    service: RequestTimes,
}

/// Count, mean and ends of some times.
#[derive(Debug, Default)]
struct RequestTimes {
    count: u64,
    total: Duration,
    min: Option<Duration>,
    max: Duration,
}

impl TargetCounts {
    pub(crate) fn begin(&mut self, now: Tick) {
        self.first_request.get_or_insert(now);
        self.in_flight += 1;
        self.max_in_flight = self.max_in_flight.max(self.in_flight);
    }

    pub(crate) fn end(&mut self, now: Tick, route: Route, reply: ReplyKind) {
        self.in_flight = self.in_flight.saturating_sub(1);
        self.last_reply = Some(now);
        *self
            .requests
            .entry(route)
            .or_default()
            .entry(reply)
            .or_default() += 1;
    }

    pub(crate) fn fault(&mut self, kind: &'static str) {
        *self.faults.entry(kind).or_default() += 1;
    }

    /// Work was done, and took so long in its slot.
    pub(crate) fn worked(&mut self, length: Duration) {
        let times = &mut self.service;
        times.count += 1;
        times.total = times.total + length;
        times.min = Some(times.min.map_or(length, |min| min.min(length)));
        times.max = times.max.max(length);
    }

    /// The document that `/truth` answers with.
    pub(crate) fn report(&self, max_active: usize, jobs_submitted: u64) -> Value {
        let requests: Map<String, Value> = self
            .requests
            .iter()
            .map(|((method, route), replies)| {
                let counts: Map<String, Value> = replies
                    .iter()
                    .map(|(reply, count)| (reply.label(), json!(count)))
                    .collect();
                (format!("{method} {route}"), Value::Object(counts))
            })
            .collect();
        let RequestTimes {
            count,
            total,
            min,
            max,
        } = &self.service;
        let some = |seconds: f64| (*count > 0).then_some(seconds);
        let at = |tick: Option<Tick>| tick.map(|tick| tick.since(Tick::ZERO).as_secs_f64());
        json!({
            "requests": requests,
            "in_flight": self.in_flight,
            "max_in_flight": self.max_in_flight,
            "max_active": max_active,
            "connections": self.connections,
            "audio_seconds": self.audio_seconds,
            "service": {
                "count": count,
                "mean_s": some(total.as_secs_f64() / *count as f64),
                "min_s": min.map(Duration::as_secs_f64),
                "max_s": some(max.as_secs_f64()),
            },
            "first_request_s": at(self.first_request),
            "last_reply_s": at(self.last_reply),
            "jobs": {
                "submitted": jobs_submitted,
                "completed": self.jobs_completed,
                "failed": self.jobs_failed,
                "polls": self.polls,
            },
            "faults": self.faults,
        })
    }
}
