//! A sweep of the plan, as `summary.json` holds it.

use serde::{Deserialize, Serialize};

use crate::metric::{Owner, phase_point};
use crate::stats::bisection::SearchEnd;
use crate::units::Unit;

/// A phase that was repeated for each value of a variable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepDescription {
    /// The phase; `None` in a plan without phases.
    #[serde(default)]
    pub phase: Option<String>,
    /// The variable.
    pub over: String,
    /// Its values in order, as they stand behind the `@` of a metric.
    pub points: Vec<String>,
    /// The unit of the values: a rate, or a number of whatever the variable counts.
    pub unit: Unit,
    /// The values were looked for and not listed: `capacity` is what was found.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub search: bool,
    /// How the search ended; `None` where it did not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<SearchOutcome>,
    /// Points may break rules without failing the plan.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub expects_refusals: bool,
    /// What a point must hold, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accept: Vec<String>,
    /// What makes a point the last one, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stop: Vec<String>,
}

/// How a search ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SearchOutcome {
    /// The capacity is known as precisely as is asked.
    Found,
    /// Even the largest value is accepted.
    AllAccepted,
    /// Even the smallest value is refused.
    NoneAccepted,
    /// As many points were measured as are allowed.
    Budget,
    /// The generator did not keep up again and again.
    NoEvidence,
}

impl From<SearchEnd> for SearchOutcome {
    fn from(end: SearchEnd) -> Self {
        match end {
            SearchEnd::Found => Self::Found,
            SearchEnd::AllAccepted => Self::AllAccepted,
            SearchEnd::NoneAccepted => Self::NoneAccepted,
            SearchEnd::Budget => Self::Budget,
            SearchEnd::NoEvidence => Self::NoEvidence,
        }
    }
}

/// What was decided at one point in one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PointDecision {
    /// It holds every rule of `accept`, and the generator kept up.
    pub accepted: bool,
    /// The rules that it breaks, with their values; or why it is no evidence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
    /// The rule of `stop` that it meets, with its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// The generator could not do what the plan says: nothing is known of the point.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invalid: bool,
}

/// A point that rules name by what it turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundPoint {
    /// The smallest accepted value whose throughput cannot be told from the best.
    Optimum,
    /// The largest accepted value.
    Capacity,
    /// Where throughput stops to grow with the value.
    Knee,
}

impl FoundPoint {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Optimum, Self::Capacity, Self::Knee];

    /// The word behind the `@`, and the metric of the whole sweep that has its value.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Optimum => "optimum",
            Self::Capacity => "capacity",
            Self::Knee => "knee",
        }
    }
}

impl SweepDescription {
    /// The name of one of its points in documents: `scaling@3`.
    #[must_use]
    pub fn phase_at(&self, point: &str) -> String {
        phase_point(self.phase.as_deref(), point)
    }

    /// Whether a load or step belongs to it, at whichever point.
    #[must_use]
    pub fn has(&self, owner: &Owner) -> bool {
        owner.phase() == self.phase.as_deref()
            && owner.point().is_some_and(|point| {
                self.search
                    || self.points.iter().any(|own| own == point)
                    || FoundPoint::ALL.iter().any(|found| found.word() == point)
            })
    }

    /// The value of a point as a number, whichever try of it; `None` where it is a name.
    #[must_use]
    pub fn value(&self, point: &str) -> Option<f64> {
        let point = point.split('#').next().unwrap_or(point);
        let rate = || point.parse::<crate::units::Rate>().ok();
        point
            .parse()
            .ok()
            .or_else(|| rate().map(crate::units::Rate::each_second))
    }
}
