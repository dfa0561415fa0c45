//! The `[baseline]` section of a plan.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::{Problem, Spanned, nearest};
use crate::gate::Rules;
use crate::summary::WithoutBaseline;
use crate::units::List;

/// What a plan says about its baseline.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BaselineSpec {
    /// The baseline file, relative to the plan; `../baselines/<name>[.<preset>+…].json` unless said.
    #[schemars(with = "Option<String>")]
    pub file: Option<Spanned<String>>,
    /// What makes sessions comparable: `load_hash`, `labels`, `label.NAME`, `cpu`, `cpus`, `memory`, `os`, `kernel`.
    pub r#match: Option<List<String>>,
    /// With nothing comparable the session is no evidence (exit 4), or it is only said.
    pub missing: WithoutBaseline,
    /// What is compared, and the drift allowed when it is first recorded: METRIC = "10%" | "50ms" | "10% and 50ms".
    #[schemars(schema_with = "tolerances")]
    pub tolerance: Rules,
}

/// What is compared where a plan does not say.
pub const COMPARED: [(&str, &str); 4] = [
    ("latency.p50", "10%"),
    ("latency.p95", "15%"),
    ("throughput", "10%"),
    ("error_rate", "0.5%"),
];

/// What is compared of a load that streams audio, in the place of its latency, which is as long as its clips.
pub const COMPARED_OF_STREAMS: [(&str, &str); 4] = [
    ("delay.p50", "10%"),
    ("staleness.p95", "15%"),
    ("coverage.mean", "1%"),
    ("rejection_rate", "0.5%"),
];

/// What is compared of a sweep whose points may be refused: what it finds.
pub const COMPARED_OF_SWEEPS: [(&str, &str); 2] =
    [("throughput@optimum", "10%"), ("capacity", "10%")];

/// What makes sessions comparable where a plan does not say.
pub const MATCH: [&str; 4] = ["load_hash", "labels", "cpu", "cpus"];

/// Every word of `match` but `label.NAME`.
pub const MATCH_WORDS: [&str; 7] = [
    "load_hash",
    "labels",
    "cpu",
    "cpus",
    "memory",
    "os",
    "kernel",
];

/// The schema of `tolerance`: dotted keys and tables mean the same.
fn tolerances(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    schemars::json_schema!({
        "type": "object",
        "additionalProperties": { "anyOf": [{ "type": ["string", "number"] }, { "type": "object" }] },
        "examples": [{ "latency.p95": "15%", "error_rate": "0.5%", "latency.p50": "10% and 50ms" }]
    })
}

impl BaselineSpec {
    /// What is wrong with the section by itself.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        let known = |word: &str| {
            MATCH_WORDS.contains(&word)
                || word
                    .strip_prefix("label.")
                    .is_some_and(|name| !name.is_empty())
        };
        let wrong = self
            .r#match
            .iter()
            .flat_map(|list| &list.0)
            .filter(|word| !known(word));
        wrong
            .map(|word| {
                let help = match nearest(word, MATCH_WORDS) {
                    Some(close) => format!("a similar one exists: `{close}`"),
                    None => format!("write some of {}, label.NAME", MATCH_WORDS.join(", ")),
                };
                Problem::error(
                    "match",
                    format!("`{word}` does not make sessions comparable"),
                    help,
                )
                .at_value()
            })
            .collect()
    }
}
