//! The `poll` table of a step.

use schemars::JsonSchema;
use serde::Deserialize;

use super::live::Live;
use crate::diag::{Problem, Spanned};
use crate::flow::RetryDelay;
use crate::select::{Pattern, Selector};
use crate::units::{Count, Duration, List, Number};

/// The exchange again and again, the first at once, until its reply says that the job is done.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PollSpec {
    /// Poll k is due at k × this after the first, on the clock; or "retry-after": so long after each reply as it asks (1s where it
    /// asks nothing).
    pub every: RetryDelay,
    /// The step that `total` counts from; by default the step before.
    #[schemars(with = "Option<String>")]
    pub since: Option<Spanned<String>>,
    /// Each wait is so many times the one before.
    pub backoff: Number,
    /// A wait before the first poll.
    pub delay: Duration,
    /// So many polls at most; no final state by then is failed (poll).
    pub at_most: Option<Count>,
    /// How long polling may take; a job done later has timed out. 10m where `at_most` is not set.
    pub within: Option<Duration>,
    /// Where the reply says the state.
    #[schemars(with = "Selector")]
    pub state: Live<Selector>,
    /// States that end it well; case is ignored, `*` is anything.
    pub done: List<Live<Pattern>>,
    /// States in which the job waits for its turn. A state that no list names counts as waiting too, and is said in the report.
    pub queued: List<Live<Pattern>>,
    /// States that are work; without them queue and processing are one quantity, `wait`.
    pub running: List<Pattern>,
    /// States that end it badly.
    pub failed: List<Live<Pattern>>,
    /// Failed polls in a row that are forgiven.
    pub tolerate: Count,
}

impl Default for PollSpec {
    fn default() -> Self {
        Self {
            every: RetryDelay::For(Duration::from_secs(1)),
            since: None,
            backoff: Number(1.0),
            delay: Duration::ZERO,
            at_most: None,
            within: None,
            state: "$.status".parse().expect("a valid selector"),
            done: states(&["completed"]),
            running: List(Vec::new()),
            queued: states(&[
                "queued",
                "pending",
                "waiting",
                "submitted",
                "accepted",
                "received",
            ]),
            failed: states(&["fail*", "error", "revoked", "cancelled", "canceled"]),
            tolerate: Count(0),
        }
    }
}

fn states(names: &[&str]) -> List<Live<Pattern>> {
    let all = names.iter();
    List(
        all.map(|name| name.parse().expect("a valid pattern"))
            .collect(),
    )
}

impl PollSpec {
    pub(crate) fn check(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        if self.every == RetryDelay::For(Duration::ZERO) {
            found.push(
                Problem::error("every", "polling needs an interval", "every = \"1s\"").at_value(),
            );
        }
        if self.every == RetryDelay::RetryAfter && self.backoff.0 > 1.0 {
            let message = "with `every = \"retry-after\"` the target says how long each wait is";
            found.push(Problem::error("backoff", message, "leave `backoff` out"));
        }
        if self.backoff.0 < 1.0 {
            found.push(Problem::error(
                "backoff",
                "each wait is `backoff` times the one before: it is at least 1",
                "",
            ));
        }
        if self.at_most.is_some_and(|n| n.0 == 0) {
            found.push(
                Problem::error(
                    "at_most",
                    "with no poll at all nothing is ever done",
                    "at_most = 40",
                )
                .at_value(),
            );
        }
        if self.done.0.is_empty() {
            found.push(Problem::error(
                "done",
                "without a state that ends it, polling never ends well",
                "done = \"completed\"",
            ));
        }
        found
    }

    /// How long polling may take, where a time and not a count of polls bounds it.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        match (self.within, self.at_most) {
            (None, None) => Some(Duration::from_secs(600)),
            (within, _) => within,
        }
    }

    /// How long polling goes on at most by its own clock: until its last poll is due, or its deadline. `most` bounds a wait that the
    /// target asks for.
    #[must_use]
    pub fn planned(&self, most: Duration) -> Duration {
        let every = self.every.longest(most);
        let by_count = self
            .at_most
            .map_or(Duration::MAX, |n| self.delay + every * n.0);
        by_count.min(self.deadline().unwrap_or(Duration::MAX))
    }

    /// The longest that polling can take: its deadline, or each poll and each wait at its longest.
    #[must_use]
    pub fn longest(&self, timeout: Duration) -> Duration {
        let polls = self.at_most.map_or(u64::MAX, |n| n.0);
        let by_count = self.delay + timeout.max(self.every.longest(timeout)) * polls;
        let by_time = self.deadline().map_or(Duration::MAX, |time| time + timeout);
        by_count.min(by_time)
    }
}
