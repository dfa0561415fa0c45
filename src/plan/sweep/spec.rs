//! The `[sweep]` and `[phase.sweep]` sections of a plan.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::values::SweepValues;
use crate::diag::Problem;
use crate::gate::Rules;
use crate::hook::HookSpec;
use crate::units::{Count, Duration, List, Number, Ratio};

/// The phase again for each value of a variable.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::plan) struct SweepSpec {
    /// The variable: `{{NAME}}` has the value of the point. `--set NAME="1 2 3"` and a preset replace `values`.
    pub(in crate::plan) over: String,
    /// The values in order, as an array or as one text: `[1, 2, 4]`, `"1 2 4"`. Exactly one of `values` and `search`.
    #[serde(default)]
    pub(in crate::plan) values: Option<SweepValues>,
    /// Finds the largest value that `accept` accepts.
    #[serde(default)]
    pub(in crate::plan) search: Option<SearchSpec>,
    /// A point that breaks one of these rules is neither optimum nor capacity, and fails nothing.
    #[serde(default)]
    #[expect(dead_code, reason = "each table of rules is read by itself")]
    pub(in crate::plan) accept: Rules,
    /// A point that meets one of these rules is the last.
    #[serde(default)]
    #[expect(dead_code, reason = "each table of rules is read by itself")]
    pub(in crate::plan) stop: Rules,
    /// Commands that are run before each point.
    #[serde(default)]
    #[expect(dead_code, reason = "read at each point, with its value")]
    pub(in crate::plan) before: List<HookSpec>,
    /// Commands that are run after each point, however it ended.
    #[serde(default)]
    #[expect(dead_code, reason = "read at each point, with its value")]
    pub(in crate::plan) after: List<HookSpec>,
    /// The pause between readiness and load at each point; by default the phase's.
    #[serde(default)]
    pub(in crate::plan) rest: Option<Duration>,
}

/// Bisection for the largest accepted value.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::plan) struct SearchSpec {
    /// The smallest value, measured first.
    pub(in crate::plan) from: Number,
    /// The largest value, measured second.
    pub(in crate::plan) to: Number,
    /// How close to each other the largest accepted and the smallest refused value have to be.
    #[serde(default = "usual_precision")]
    pub(in crate::plan) precision: Ratio,
    /// The points that may be measured, repetitions included.
    #[serde(default = "usual_points")]
    pub(in crate::plan) at_most: Count,
}

fn usual_precision() -> Ratio {
    Ratio(0.05)
}

const fn usual_points() -> Count {
    Count(20)
}

/// The keys of a sweep that are read apart from it.
pub(in crate::plan) const SECTIONS: [&str; 4] = ["accept", "stop", "before", "after"];

impl SweepSpec {
    /// What is wrong with a sweep by itself. Values that are not in order are only odd.
    pub(in crate::plan) fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        match (&self.values, &self.search) {
            (None, None) => problems.push(Problem::error(
                "over",
                format!("the sweep over `{}` has no values", self.over),
                "values = [1, 2, 4, 8], or search = { from = 1, to = 64 }",
            )),
            (Some(_), Some(_)) => problems.push(Problem::error(
                "search",
                "a sweep has either `values` or `search`",
                "take one of them out",
            )),
            (Some(values), None) => problems.extend(values_problem(values)),
            (None, Some(search)) => problems.extend(search.problem()),
        }
        problems
    }
}

fn values_problem(values: &SweepValues) -> Option<Problem> {
    let written: Vec<String> = values.0.iter().map(super::written).collect();
    if written.is_empty() {
        return Some(Problem::error(
            "values",
            "the sweep has an empty list of values: nothing would run",
            "values = [1, 2, 4, 8]",
        ));
    }
    if let Some(value) = written
        .iter()
        .enumerate()
        .find_map(|(at, value)| written[..at].contains(value).then_some(value))
    {
        return Some(Problem::error(
            "values",
            format!("the sweep has the value `{value}` twice"),
            "each point is named by its value: keep one of them",
        ));
    }
    if let Some(value) = written.iter().find(|value| value.contains('@')) {
        return Some(Problem::error(
            "values",
            format!(
                "`{value}` cannot name a point: `@` stands before the point in the name of a metric"
            ),
            "choose another text",
        ));
    }
    if let Some(value) = written
        .iter()
        .find(|value| RESERVED.contains(&value.as_str()))
    {
        return Some(Problem::error(
            "values",
            format!("`{value}` cannot be a value: rules name a point of every sweep by that word"),
            "choose another text",
        ));
    }
    let numbers: Vec<f64> = values
        .0
        .iter()
        .filter_map(serde_json::Value::as_f64)
        .collect();
    let in_order = numbers.len() < written.len() || numbers.is_sorted();
    (!in_order).then(|| {
        Problem::warning(
            "values",
            "the values are not in order: an optimum and a knee are looked for from the smallest to the largest",
            "write them from the smallest to the largest",
        )
    })
}

impl SweepSpec {
    /// The values of its points; of a search the smallest and the largest.
    pub(in crate::plan) fn points(&self) -> Vec<Value> {
        match (&self.values, &self.search) {
            (Some(values), _) => values.0.clone(),
            (None, Some(search)) => search.ends().to_vec(),
            (None, None) => Vec::new(),
        }
    }
}

/// Words by which rules name a point.
const RESERVED: [&str; 5] = ["first", "last", "optimum", "capacity", "knee"];

impl SearchSpec {
    /// The smallest and the largest value.
    pub(super) fn ends(&self) -> [Value; 2] {
        [self.from.0, self.to.0].map(|end| {
            if end.fract() == 0.0 && end.abs() < 1e15 {
                Value::from(end as i64)
            } else {
                Value::from(end)
            }
        })
    }

    fn problem(&self) -> Option<Problem> {
        if !(self.from.0 > 0.0 && self.to.0 > self.from.0) {
            return Some(Problem::error(
                "search",
                format!(
                    "a search from {} to {} has nothing in between",
                    self.from.0, self.to.0
                ),
                "`from` is above zero and below `to`: search = { from = 1, to = 64 }",
            ));
        }
        if !(0.001..=0.5).contains(&self.precision.0) {
            return Some(Problem::error(
                "search.precision",
                format!("a search cannot be as precise as {}", self.precision),
                "write 0.1% to 50%, for example \"5%\"",
            ));
        }
        (self.at_most.0 < 3).then(|| {
            Problem::error(
                "search.at_most",
                "a search needs at least three points: both ends and one between them",
                "at_most = 20",
            )
        })
    }
}
