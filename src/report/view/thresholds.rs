//! Thresholds, what crosses them first.

use crate::gate::{Mark, MetricBound, Operand, RunValue, ThresholdVerdict, Verdict};
use crate::metric::{DRIFT, DRIFT_SECONDS};
use crate::report::text::{Tone, beyond, clean};
use crate::summary::Demand;
use crate::units::{Unit, print, print_apart};

/// The note of a percentile that is mostly chance.
const FEW_SAMPLES: &str = "few samples";

/// One threshold and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThresholdView {
    pub(crate) mark: Mark,
    /// `✓`, `▲`, `✗`, `?` or `–`.
    pub(crate) shape: &'static str,
    /// `PASS`, `WARN`, `FAIL`, `UNDECIDED` or `NOT JUDGED`.
    pub(crate) word: &'static str,
    pub(crate) tone: Tone,
    pub(crate) metric: String,
    /// Its worst value: never reads like the limit unless it is the limit.
    pub(crate) value: String,
    /// The bound as it was written; the value of a metric in it stands behind it.
    pub(crate) bound: String,
    /// What is to be known about the value: `few samples`, `run 2 of 3`.
    pub(crate) notes: Vec<String>,
    /// The value of every run, where there are several: `1.2 s, 1.3 s`; else empty.
    pub(crate) runs: String,
    /// What is to be said once below the table of all that are shown.
    pub(crate) footnote: Option<String>,
    /// `plans/nightly.toml:31`; `None` for a rule that holds without being written.
    pub(crate) place: Option<String>,
}

impl ThresholdView {
    /// All thresholds: crossed, not judged, held; within each in the order of the plan.
    pub(crate) fn all(verdict: &Verdict) -> Vec<Self> {
        let mut all: Vec<Self> = verdict.thresholds.iter().map(Self::of).collect();
        all.sort_by_key(|view| match (view.mark, view.word) {
            (Mark::Crossed, "FAIL") => 0,
            (Mark::Crossed, _) => 1,
            (Mark::Suspect, _) => 2,
            (Mark::NotJudged | Mark::Missing, _) => 3,
            (Mark::Pass, _) => 4,
        });
        all
    }

    fn of(threshold: &ThresholdVerdict) -> Self {
        let (shape, word, tone) = match threshold.mark {
            Mark::Pass => ("✓", "PASS", Tone::Good),
            Mark::Crossed if threshold.demand == Demand::Should => ("▲", "WARN", Tone::Warn),
            Mark::Crossed => ("✗", "FAIL", Tone::Bad),
            Mark::Suspect => ("?", "UNDECIDED", Tone::Warn),
            Mark::Missing | Mark::NotJudged => ("–", "NOT JUDGED", Tone::Warn),
        };
        let bound: Option<MetricBound> = threshold.bound.parse().ok();
        Self {
            mark: threshold.mark,
            shape,
            word,
            tone,
            metric: clean(&threshold.metric),
            value: value(threshold, bound.as_ref()),
            bound: clean(&bound_text(threshold, bound.as_ref())),
            notes: notes(threshold),
            runs: runs(threshold),
            footnote: footnote(threshold),
            place: (threshold.line > 0)
                .then(|| format!("{}:{}", clean(&threshold.file), threshold.line)),
        }
    }
}

fn value(threshold: &ThresholdVerdict, bound: Option<&MetricBound>) -> String {
    let worst = usize::try_from(threshold.worst_run).unwrap_or(0);
    let Some(run) = worst.checked_sub(1).and_then(|at| threshold.runs.get(at)) else {
        return "–".to_owned();
    };
    let Some(value) = run.value else {
        return "–".to_owned();
    };
    if run.beyond {
        return beyond(value, threshold.unit);
    }
    let mut others: Vec<f64> = limits(bound);
    others.extend(threshold.limit);
    others.extend((threshold.unit == Unit::Ratio).then_some(1.0));
    // The longest text parts the value from every one of them.
    let apart = others
        .into_iter()
        .map(|other| print_apart(value, other, threshold.unit).0);
    apart
        .max_by_key(String::len)
        .unwrap_or_else(|| print(value, threshold.unit))
}

fn limits(bound: Option<&MetricBound>) -> Vec<f64> {
    let operands = bound.map(MetricBound::operands).unwrap_or_default();
    let value = |operand: &Operand| match operand {
        Operand::Value(value, _) => Some(value.value),
        Operand::Metric(..) => None,
    };
    operands.into_iter().filter_map(value).collect()
}

fn bound_text(threshold: &ThresholdVerdict, bound: Option<&MetricBound>) -> String {
    let named = bound.is_some_and(|bound| {
        bound
            .operands()
            .iter()
            .any(|o| matches!(o, Operand::Metric(..)))
    });
    match (threshold.limit, bound) {
        (Some(limit), _) if named => {
            format!("{} = {}", threshold.bound, print(limit, threshold.unit))
        }
        (_, Some(MetricBound::Exactly(_))) => format!("= {}", threshold.bound),
        _ => threshold.bound.clone(),
    }
}

fn runs(threshold: &ThresholdVerdict) -> String {
    let text = |run: &RunValue| match run.value {
        None => "–".to_owned(),
        Some(value) if run.beyond => beyond(value, threshold.unit),
        Some(value) => print(value, threshold.unit),
    };
    if threshold.runs.len() > 1 {
        threshold
            .runs
            .iter()
            .map(text)
            .collect::<Vec<_>>()
            .join(", ")
    } else {
        String::new()
    }
}

fn footnote(threshold: &ThresholdVerdict) -> Option<String> {
    let without = threshold.runs.iter().any(|run| run.value.is_none());
    if without && threshold.metric.stat() == Some(DRIFT) {
        return Some(format!(
            "no data for a drift: it compares the last third of the measured time with the first, and needs at least \
             {DRIFT_SECONDS} s of it and iterations that ended well in both"
        ));
    }
    let few = threshold.few_samples && threshold.runs.iter().any(|run| run.value.is_some());
    few.then(|| {
        format!(
            "{FEW_SAMPLES}: fewer than ten lie beyond the percentile, so its value is mostly chance"
        )
    })
}

fn notes(threshold: &ThresholdVerdict) -> Vec<String> {
    let runs = threshold.runs.len();
    let mut notes = Vec::new();
    let without: Vec<String> = (1..=runs)
        .filter(|run| threshold.runs[run - 1].value.is_none())
        .map(|run| run.to_string())
        .collect();
    if runs > 1 && !without.is_empty() && without.len() < runs {
        notes.push(format!("no data in run {}", without.join(", ")));
    } else if !without.is_empty() && threshold.told_by.is_none() {
        notes.push("no data".to_owned());
    } else if threshold.runs.iter().any(|run| *run != threshold.runs[0]) {
        notes.push(format!("run {} of {runs}", threshold.worst_run));
    }
    if threshold.few_samples && without.len() < runs {
        notes.push(FEW_SAMPLES.to_owned());
    }
    if let Some(tool) = &threshold.told_by {
        notes.push(format!("{}'s word", clean(tool)));
    }
    // What has a file was written there, on whatever line.
    if threshold.line == 0 && threshold.file.is_empty() {
        notes.push("by default".to_owned());
    }
    notes
}
