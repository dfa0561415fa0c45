//! What the plan says about being compared: carried along, so that a stored session can be judged where its plan is not.

use serde::{Deserialize, Serialize};

use crate::metric::Address;

/// What a session is compared with, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ComparisonPolicy {
    /// The baseline file, seen from where the plan was run.
    pub file: String,
    /// Whether the plan has a `[baseline]` section: then a comparison has to be possible.
    pub wanted: bool,
    /// What makes sessions comparable, in the words of `[baseline] match`.
    pub r#match: Vec<String>,
    /// What it means that there is nothing to compare with.
    pub missing: WithoutBaseline,
    /// Further sessions that a suspected regression asks for.
    pub confirm: u64,
    /// Only some phases or loads were run: nothing is comparable, and nothing has to be.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub narrowed: bool,
    /// What is compared, and the drift allowed when it is first recorded.
    pub tolerances: Vec<ToleranceLine>,
}

/// What a session without a comparable baseline is worth.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum WithoutBaseline {
    /// Exit 4: what should be compared was not.
    #[default]
    Fail,
    /// Exit 0, said in the report.
    Warn,
}

/// The drift that one metric may have when it is first recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToleranceLine {
    /// The full address of the metric.
    pub metric: Address,
    /// `15%`, `50ms`, `10% and 50ms`.
    pub tolerance: String,
}
