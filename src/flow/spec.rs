//! The `[[flow.NAME]]` section of a plan: one step.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::PollSpec;
use crate::diag::{Problem, Spanned};
use crate::protocol::http::HttpSpec;
use crate::select::{Conditions, Selector};
use crate::units::Duration;

/// One step of a flow: an exchange, or the same exchange again and again until a job is done.
#[derive(Debug, Clone, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepSpec {
    /// The step's name; needed where a flow has several.
    #[serde(default)]
    pub name: Option<String>,
    /// An HTTP exchange.
    #[serde(default)]
    pub http: Option<HttpSpec>,
    /// Repeat the exchange until its reply says that the job is done.
    #[serde(default)]
    pub poll: Option<PollSpec>,
    /// How long one exchange may take; by default the target's.
    #[serde(default)]
    pub timeout: Option<Duration>,
    /// What the reply must be, else the step has failed (check). A 2xx status, unless one is named.
    #[serde(default)]
    #[schemars(with = "Option<Conditions>")]
    pub expect: Option<Spanned<Conditions>>,
    /// Values of the reply for later steps, NAME = selector.
    #[serde(default)]
    pub capture: Capture,
}

/// Values to be captured, in order.
#[derive(Debug, Clone, Default)]
pub struct Capture(pub Vec<(String, Spanned<Selector>)>);

impl StepSpec {
    /// What is wrong with the step itself.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        if self.http.is_none() {
            found.push(Problem::error("", "a step needs a transport", "http.get = \"/health\""));
        }
        if self.timeout.is_some_and(Duration::is_zero) {
            found.push(Problem::error("timeout", "with a `timeout` of zero nothing could ever answer", ""));
        }
        if let Some(poll) = &self.poll {
            found.extend(poll.check().into_iter().map(|problem| problem.within("poll")));
        }
        found
    }
}

impl<'de> Deserialize<'de> for Capture {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Table;
        impl<'de> Visitor<'de> for Table {
            type Value = Capture;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of selectors, for example { job_id = \"$.job_id\" }")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Capture, A::Error> {
                let mut all = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    all.push(entry);
                }
                Ok(Capture(all))
            }
        }
        from.deserialize_map(Table)
    }
}

impl JsonSchema for Capture {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Capture".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "object", "additionalProperties": { "type": "string" } })
    }
}
