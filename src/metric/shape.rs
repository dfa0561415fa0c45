//! What metrics can be: which way is good news, what has them, how they are summed up.

use serde::{Deserialize, Serialize};

/// Which direction of a metric is good news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Less is better.
    Lower,
    /// More is better.
    Higher,
    /// Neither is: it describes the load, not the target.
    Neither,
}

/// What a metric belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricLevel {
    /// A load's iterations.
    Load,
    /// One step of a flow with a single exchange.
    Exchange,
    /// A poll step.
    Poll,
    /// A step whose reply is a stream of messages.
    Stream,
    /// A load at the points of a sweep.
    Sweep,
}

impl MetricLevel {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Load,
        Self::Exchange,
        Self::Poll,
        Self::Stream,
        Self::Sweep,
    ];

    /// Whether a step has it, and not a whole load.
    #[must_use]
    pub const fn is_of_step(self) -> bool {
        matches!(self, Self::Exchange | Self::Poll | Self::Stream)
    }

    /// What has it, in a few words.
    #[must_use]
    pub const fn doc(self) -> &'static str {
        match self {
            Self::Load => "a load",
            Self::Exchange => "a step with a single exchange",
            Self::Poll => "a step that polls",
            Self::Stream => "a step that streams",
            Self::Sweep => "a load in a sweep",
        }
    }
}

/// Whether a metric has one value a run or one a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricShape {
    /// One value a sample, summed up by a statistic; kept with so many significant digits.
    Distribution {
        /// Significant digits of its histogram.
        digits: u8,
    },
    /// One value a run.
    Plain,
    /// One value a run: how often it was recorded.
    Counter,
    /// One value a run: of things that were counted, the share that went one way.
    Share,
}

/// Which outcomes have a value of a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoveredOutcomes {
    /// All that started, however they ended.
    Started,
    /// Ok ones with their value; those that timed out, ran out of polls or were interrupted rank beyond them.
    Finished,
    /// Ok ones alone.
    Ok,
}
