//! The `retry` table of a step.

use schemars::JsonSchema;
use serde::Deserialize;

use super::retry_status::RetryStatus;
use crate::diag::Problem;
use crate::flow::RetryDelay;
use crate::metric::ErrorClass;
use crate::protocol::Reply;
use crate::units::{Count, Duration, List};

/// When an exchange is made again. Every try is counted, and all of them are in the step's latency.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RetrySpec {
    /// Statuses after which it is made again: numbers of HTTP, names of gRPC.
    pub status: List<RetryStatus>,
    /// Classes of errors after which it is made again: "connect", "reset", "timeout" …
    #[schemars(with = "List<String>")]
    pub errors: List<ErrorClass>,
    /// It is made again so many times at most.
    pub at_most: Count,
    /// The wait before: a duration, or "retry-after" for what the reply asks (1s where it asks nothing).
    pub after: RetryDelay,
}

impl Default for RetrySpec {
    fn default() -> Self {
        let after = RetryDelay::For(Duration::from_secs(1));
        Self {
            status: List(Vec::new()),
            errors: List(Vec::new()),
            at_most: Count(1),
            after,
        }
    }
}

impl RetrySpec {
    pub(crate) fn check(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        if self.status.0.is_empty() && self.errors.0.is_empty() {
            found.push(Problem::error(
                "",
                "`retry` does not say after what",
                "status = 503, or errors = \"reset\"",
            ));
        }
        if self.at_most.0 == 0 {
            found.push(Problem::error(
                "at_most",
                "with `at_most = 0` nothing is tried again",
                "leave `retry` out",
            ));
        }
        for class in self
            .errors
            .0
            .iter()
            .filter(|class| matches!(class, ErrorClass::Poll | ErrorClass::Aborted))
        {
            let message = format!("no single exchange ends as `{}`", class.name());
            found.push(Problem::error(
                "errors",
                message,
                "for example \"connect\", \"reset\", \"timeout\" or \"status\"",
            ));
        }
        found
    }

    /// The wait before another try after this one, the `tries`-th; `None` where it was the last.
    pub(crate) fn wait(
        &self,
        tries: u64,
        class: Option<ErrorClass>,
        reply: Option<&Reply>,
        most: Duration,
    ) -> Option<Duration> {
        let status =
            reply.is_some_and(|reply| self.status.0.iter().any(|status| status.is_of(reply)));
        let class = class.is_some_and(|class| self.errors.0.contains(&class));
        (tries <= self.at_most.0 && (status || class)).then(|| self.after.after(reply, most))
    }

    /// The longest that all tries and the waits between them can take.
    pub(crate) fn longest(&self, timeout: Duration) -> Duration {
        timeout + self.waits(timeout) + timeout * self.at_most.0
    }

    /// The longest that the waits together can take.
    pub(crate) fn waits(&self, timeout: Duration) -> Duration {
        self.after.longest(timeout) * self.at_most.0
    }
}
