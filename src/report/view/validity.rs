//! Whether the generator is to be believed.

use crate::gate::Verdict;
use crate::report::text::{Tone, clean, plural};
use crate::summary::Summary;
use crate::units::{Unit, print};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ValidityView {
    /// Whether the session is evidence as far as the generator is concerned.
    pub(crate) healthy: bool,
    /// `✓`, `✗` or, without a run, `–`.
    pub(crate) shape: &'static str,
    pub(crate) tone: Tone,
    /// `generator healthy: lag p99 0.9 ms, busiest of 2 workers 3.2 % of a core`.
    pub(crate) line: String,
    pub(crate) reasons: Vec<String>,
    pub(crate) notes: Vec<String>,
}

impl ValidityView {
    pub(crate) fn of(summary: &Summary, verdict: &Verdict) -> Self {
        let healthy = verdict.invalid.is_empty();
        let elsewhere = summary.origin.as_ref();
        let elsewhere = elsewhere.map(|origin| {
            format!(
                "{} made the load: whether it kept up is not known",
                origin.tool
            )
        });
        let word = match healthy {
            _ if elsewhere.is_some() => elsewhere.as_deref().unwrap_or_default(),
            _ if summary.runs.is_empty() => {
                "nothing is known about the generator: there was no run"
            }
            true => "generator healthy",
            false => "generator NOT healthy, so nothing above is evidence",
        };
        let health = || summary.runs.iter().map(|run| &run.health);
        let highest = |values: &mut dyn Iterator<Item = f64>| values.reduce(f64::max);
        let mut facts = Vec::new();
        if let Some(lag) = highest(&mut health().filter_map(|health| health.lag_p99_s)) {
            facts.push(format!("lag p99 {}", print(lag, Unit::Seconds)));
        }
        if let Some(lag) = highest(&mut health().filter_map(|health| health.send_lag_p99_s)) {
            facts.push(format!("audio lag p99 {}", print(lag, Unit::Seconds)));
        }
        let workers = health().map(|health| health.workers).max().unwrap_or(0);
        if let Some(busiest) =
            highest(&mut health().map(|health| health.busiest)).filter(|_| workers > 0)
        {
            let measured = busiest > 0.0;
            let busiest = print(busiest, Unit::Ratio);
            facts.push(match workers {
                _ if !measured => {
                    "too short to measure the processor time of its workers".to_owned()
                }
                1 => format!("its worker used up to {busiest} of a core"),
                _ => format!(
                    "the busiest of {} used up to {busiest} of a core",
                    plural(workers as u64, "worker")
                ),
            });
        }
        let line = if facts.is_empty() {
            word.to_owned()
        } else {
            format!("{word}: {}", facts.join(", "))
        };
        let (shape, tone) = match healthy {
            _ if summary.runs.is_empty() => ("–", Tone::Warn),
            true => ("✓", Tone::Good),
            false => ("✗", Tone::Bad),
        };
        Self {
            healthy,
            shape,
            tone,
            line,
            reasons: verdict.invalid.iter().map(|reason| clean(reason)).collect(),
            notes: verdict.notes.iter().map(|note| clean(note)).collect(),
        }
    }
}
