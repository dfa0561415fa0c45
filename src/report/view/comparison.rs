//! Metrics against their baseline, what matters most first.

use crate::gate::baseline::Severity;
use crate::gate::{Comparison, Judgement, Verdict};
use crate::report::text::{Tone, clean};
use crate::units::{print, print_apart};

/// One metric and what was normal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparisonView {
    /// `✓`, `▲`, `✗`, `?` or `–`.
    pub(crate) shape: &'static str,
    /// `PASS`, `WARN`, `FAIL`, `UNDECIDED`, `INFO` or `NOT JUDGED`.
    pub(crate) word: &'static str,
    pub(crate) tone: Tone,
    pub(crate) metric: String,
    /// Its value; `–` without data.
    pub(crate) value: String,
    pub(crate) baseline: String,
    /// The change: `+8.9 %`, `+0.4 points`.
    pub(crate) change: String,
    /// Both in one: `+8.9 %, allowed 15 %`; empty without a change.
    pub(crate) change_and_allowed: String,
    /// `+4.1 % to +13.9 %`.
    pub(crate) interval: String,
    pub(crate) allowed: String,
    /// `regressed`, `suspect`, `provisional` and the like; empty where the word says it all.
    pub(crate) notes: Vec<String>,
    pub(crate) sentence: String,
    /// It is within its tolerance, and nothing is to be said about it.
    pub(crate) quiet: bool,
}

impl ComparisonView {
    /// All of them: failed, undecided, warned, not judged, passed; within each by name.
    pub(crate) fn all(verdict: &Verdict) -> Vec<Self> {
        let mut all: Vec<Self> = verdict.comparisons.iter().map(Self::of).collect();
        let order = ["FAIL", "UNDECIDED", "WARN", "NOT JUDGED", "INFO", "PASS"];
        all.sort_by_key(|view| order.iter().position(|word| *word == view.word));
        all
    }

    fn of(one: &Comparison) -> Self {
        let (shape, word, tone) = marks(one);
        let judgement = one.judgement.word();
        let mut notes = Vec::new();
        if one.few {
            notes.push("few samples".to_owned());
        } else if one.judgement != Judgement::Pass {
            notes.push(judgement.to_owned());
        }
        if one.severity != Severity::Fail {
            notes.push(format!("severity {}", one.severity.word()));
        }
        if one.reaches && one.judgement == Judgement::Pass {
            notes.push("interval reaches beyond".to_owned());
        }
        if one.provisional {
            notes.push("provisional".to_owned());
        }
        let value = one.value.map_or("–".to_owned(), |value| {
            let beside = one.baseline.or(one.limit).unwrap_or(value);
            let text = print_apart(value, beside, one.unit).0;
            if one.beyond {
                format!("> {text}")
            } else {
                text
            }
        });
        let baseline = one.baseline.map_or("–".to_owned(), |value| {
            one.value.map_or_else(
                || print(value, one.unit),
                |other| print_apart(value, other, one.unit).0,
            )
        });
        Self {
            shape,
            word,
            tone,
            metric: clean(&one.metric),
            value,
            baseline,
            change: one
                .change
                .map_or("–".to_owned(), |change| one.signed(change)),
            change_and_allowed: one
                .change_in_words()
                .map_or(String::new(), |words| clean(&words)),
            interval: one.interval.map_or(String::new(), |(low, high)| {
                format!("{} to {}", one.signed(low), one.signed(high))
            }),
            allowed: one.tolerance_in_words(),
            notes,
            sentence: clean(&one.sentence),
            quiet: one.judgement == Judgement::Pass && !one.reaches,
        }
    }
}

const fn marks(one: &Comparison) -> (&'static str, &'static str, Tone) {
    match (one.judgement, one.severity) {
        (Judgement::Pass, _) if one.reaches => ("▲", "WARN", Tone::Warn),
        (Judgement::Pass | Judgement::Improved, _) => ("✓", "PASS", Tone::Good),
        (Judgement::Regressed, Severity::Fail) => ("✗", "FAIL", Tone::Bad),
        (Judgement::Suspect | Judgement::Inconclusive, Severity::Fail) => {
            ("?", "UNDECIDED", Tone::Warn)
        }
        (Judgement::Regressed | Judgement::Suspect | Judgement::Inconclusive, Severity::Warn) => {
            ("▲", "WARN", Tone::Warn)
        }
        (Judgement::Regressed | Judgement::Suspect | Judgement::Inconclusive, Severity::Info) => {
            ("–", "INFO", Tone::Dim)
        }
        (Judgement::Masked | Judgement::Missing | Judgement::Mismatch | Judgement::Invalid, _) => {
            ("–", "NOT JUDGED", Tone::Warn)
        }
    }
}
