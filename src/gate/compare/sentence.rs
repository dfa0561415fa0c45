//! What was compared, in one sentence.

use super::comparison::{Comparison, Judgement};
use crate::metric::Better;
use crate::units::{Unit, print, print_apart};

impl Comparison {
    /// The same with its sentence.
    pub(super) fn described(self) -> Self {
        let sentence = match (self.value, self.baseline) {
            (Some(value), Some(_)) => self.against(value),
            (Some(value), None) => {
                let value = self.shown(value, self.limit);
                let holds = if self.judgement == Judgement::Pass {
                    "holds"
                } else {
                    "does not hold"
                };
                let few = if self.few {
                    ", with few samples behind the percentile"
                } else {
                    ""
                };
                format!("{value}: the fixed bound {} {holds}{few}", self.tolerance)
            }
            (None, _) => return self,
        };
        Self { sentence, ..self }
    }

    /// `1.72 s, 8.9 % above the 1.58 s of 8 sessions (90 % interval +4.1 % to +13.9 %; 15% is allowed): within …`
    fn against(&self, value: f64) -> String {
        let baseline = self.baseline.unwrap_or_default();
        let value = self.shown(value, Some(baseline));
        let against = match (self.pairs, self.sessions) {
            (0, 1) => "1 session".to_owned(),
            (0, sessions) => format!("{sessions} sessions"),
            (pairs, _) => format!("the base in {pairs} pairs"),
        };
        let change = match self.change {
            None => "far from".to_owned(),
            Some(change) if self.is_nothing(change) => "as good as".to_owned(),
            Some(change) => format!(
                "{} {}",
                self.amount(change.abs()),
                if change > 0.0 { "above" } else { "below" }
            ),
        };
        let mut inside = Vec::new();
        if let Some((low, high)) = self.interval {
            inside.push(format!(
                "90 % interval {} to {}",
                self.signed(low),
                self.signed(high)
            ));
        }
        inside.push(format!("{} is allowed", self.tolerance_in_words()));
        let end = match self.judgement {
            Judgement::Pass if self.reaches && self.has_left_its_limit() => {
                "beyond it in the median, but one session is as always, as none of a slower target would be"
            }
            Judgement::Pass if self.reaches => {
                "within the tolerance, and a change beyond it is not ruled out"
            }
            Judgement::Pass => "within the tolerance",
            Judgement::Improved => "better, and not by chance",
            Judgement::Regressed => "worse, and not by chance",
            Judgement::Suspect if !self.decides() => "worse",
            Judgement::Suspect => "worse, to be confirmed by more sessions",
            Judgement::Inconclusive if self.pairs > 0 => {
                "worse, but chance may have done it: compare more pairs"
            }
            Judgement::Inconclusive => {
                "worse, but chance or a slow machine may have done it: record more sessions"
            }
            Judgement::Masked => "not judged, because errors or drops hide it",
            Judgement::Invalid => "not judged, because the session is no evidence",
            Judgement::Missing | Judgement::Mismatch => "not judged",
        };
        let mut sentence = format!(
            "{value}, {change} the {} of {against} ({}): {end}",
            self.shown(baseline, self.value),
            inside.join("; ")
        );
        if let Some(seen) = self.detectable.filter(|seen| seen.is_finite()) {
            sentence.push_str(&format!(
                ". A change of {} would be seen in 8 of 10 cases",
                self.signed(seen)
            ));
        }
        if self.provisional {
            sentence.push_str(". Provisional: fewer than 5 sessions are recorded");
        }
        sentence
    }

    fn shown(&self, value: f64, beside: Option<f64>) -> String {
        let text = beside.map_or_else(
            || print(value, self.unit),
            |other| print_apart(value, other, self.unit).0,
        );
        if self.beyond
            && self
                .value
                .is_some_and(|own| own.to_bits() == value.to_bits())
        {
            let sign = if self.better == Better::Higher {
                "<"
            } else {
                ">"
            };
            return format!("{sign} {text}");
        }
        text
    }

    fn has_left_its_limit(&self) -> bool {
        self.value
            .zip(self.limit)
            .is_some_and(|(value, limit)| match self.better {
                Better::Higher => value < limit,
                _ => value > limit,
            })
    }

    fn is_nothing(&self, change: f64) -> bool {
        change.abs() < if self.relative { 5e-4 } else { 1e-12 }
    }

    fn amount(&self, change: f64) -> String {
        amount(change, self.unit, self.relative)
    }

    /// The change with its sign.
    #[must_use]
    pub fn signed(&self, change: f64) -> String {
        let sign = if change < 0.0 { "−" } else { "+" };
        format!("{sign}{}", self.amount(change.abs()))
    }

    /// The drift allowed, as people say it.
    #[must_use]
    pub fn tolerance_in_words(&self) -> String {
        if self.unit == Unit::Ratio && self.baseline.is_some() {
            points(self.tolerance.trim_end_matches('%').trim())
        } else {
            // As every other share is printed.
            self.tolerance.replace(" %", "%").replace('%', " %")
        }
    }

    /// A change beside what is allowed: `+27.2 %, allowed 15 %`. Nothing without a change.
    #[must_use]
    pub fn change_in_words(&self) -> Option<String> {
        Some(format!(
            "{}, allowed {}",
            self.signed(self.change?),
            self.tolerance_in_words()
        ))
    }
}

/// A change without its sign: a share where it is `relative`, percentage points of a share, or an amount in the base unit.
#[must_use]
pub fn amount(change: f64, unit: Unit, relative: bool) -> String {
    match (relative, unit) {
        (true, _) => print(change, Unit::Ratio),
        (false, Unit::Ratio) => points(&print(change * 100.0, Unit::Count)),
        (false, unit) => print(change, unit),
    }
}

fn points(number: &str) -> String {
    if number == "1" {
        "1 point".to_owned()
    } else {
        format!("{number} points")
    }
}
