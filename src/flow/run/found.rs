//! What a step has found in what the target said, for somebody who tries a plan.

use serde_json::Value;

use crate::units::Duration;

/// What a step was to find.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// The step.
    pub step: String,
    /// Each thing by its name, in the order of the plan.
    pub all: Vec<(String, Found)>,
}

/// One thing that a plan looks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// A value, and where in a message it stands.
    Value {
        /// The selector that has found it.
        from: String,
        /// What it is.
        value: Value,
    },
    /// A time.
    Time(Duration),
    /// Many times.
    Times(Vec<Duration>),
    /// A share.
    Share(f64),
    /// A number of things.
    Count(u64),
    /// Something in words.
    Words(String),
    /// It was looked for in vain, in words.
    Nothing(String),
}
