//! The errors behind a verdict, for who reads nothing but the verdict.

use super::errors::ErrorsView;
use super::next::measured;
use crate::gate::{Judgement, Mark, Overall, Verdict};
use crate::metric::Address;
use crate::report::text::clean;
use crate::summary::Summary;
use crate::units::{Unit, print};

const NAMED: usize = 3;
/// Where more than this share of the iterations did not end well, errors are the news whatever else was crossed.
const MANY: f64 = 0.1;

/// The most frequent errors, `[4x] no reply within 30s (step submit, class timeout, first seen at 1:12)`, where they are why
/// something fails or is missing, or where many iterations went wrong; else nothing.
pub(crate) fn causes(summary: &Summary, verdict: &Verdict, errors: &ErrorsView) -> Vec<String> {
    let counts = measured(summary);
    let lost = counts.failed + counts.timed_out + counts.interrupted;
    let share = |count: u64| {
        if counts.started > 0 {
            count as f64 / counts.started as f64
        } else {
            0.0
        }
    };
    let many = share(lost) > MANY || share(counts.rejected) > MANY;
    let nothing = matches!(
        verdict.verdict,
        Overall::Missing | Overall::NeverAnswered | Overall::NotReady
    );
    let crossed = verdict
        .thresholds
        .iter()
        .any(|threshold| threshold.mark != Mark::Pass && counts_errors(&threshold.metric));
    let worse = |judgement: Judgement| !matches!(judgement, Judgement::Pass | Judgement::Improved);
    let regressed = verdict
        .comparisons
        .iter()
        .any(|comparison| worse(comparison.judgement) && counts_errors(&comparison.metric));
    if !(many || nothing || crossed || regressed) {
        return Vec::new();
    }
    let mut named: Vec<String> = Vec::new();
    if counts.rejected > 0 {
        let how_many = print(share(counts.rejected), Unit::Ratio);
        let told = said(summary).map_or_else(String::new, |said| format!(", for example: {said}"));
        named.push(format!(
            "[{}x] refused ({how_many} of the iterations started){told}",
            counts.rejected
        ));
    }
    named.extend(
        errors
            .groups
            .iter()
            .take(NAMED)
            .map(|group| format!("{} ({})", group.line, group.place)),
    );
    let more = errors.groups.len().saturating_sub(NAMED);
    if more > 0 {
        named.push(format!(
            "and {more} more {} of errors",
            if more == 1 { "kind" } else { "kinds" }
        ));
    }
    named
}

/// What the target said most often when it refused.
fn said(summary: &Summary) -> Option<String> {
    let all = summary
        .runs
        .iter()
        .flat_map(|run| &run.loads)
        .flat_map(|load| &load.rejections);
    all.max_by_key(|line| line.count)
        .map(|line| clean(&line.message))
}

/// Whether a metric says how much went wrong.
fn counts_errors(metric: &Address) -> bool {
    const ENDS: [&str; 8] = [
        "error_rate",
        "success_rate",
        "rejection_rate",
        "rejected",
        "failed",
        "timed_out",
        "interrupted",
        "ok",
    ];
    let quantity = metric.quantity();
    quantity.starts_with("errors.")
        || (metric.stat().is_none() && ENDS.contains(&metric.last_word()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_of_errors_are_known_by_their_names() {
        for metric in [
            "ask.error_rate",
            "ask.submit.error_rate",
            "smoke/ask.errors.timeout",
            "ask.timed_out",
        ] {
            assert!(counts_errors(&metric.into()), "{metric}");
        }
        assert!(
            !counts_errors(&"ask.latency.p95".into()) && !counts_errors(&"ask.drop_rate".into())
        );
    }
}
