//! The errors behind a verdict, for who reads nothing but the verdict.

use super::error_view::ErrorsView;
use super::trouble::measured;
use crate::gate::{Judgement, Mark, Overall, Verdict};
use crate::summary::Summary;

/// So many kinds are named.
const NAMED: usize = 3;
/// Where more than this share of the iterations did not end well, errors are the news whatever else was crossed.
const MANY: f64 = 0.1;

/// The most frequent errors, `[4x] no reply within 30s (step submit, class timeout, first seen at 1:12)`, where they are why
/// something fails or is missing, or where many iterations went wrong; else nothing.
pub(super) fn causes(summary: &Summary, verdict: &Verdict, errors: &ErrorsView) -> Vec<String> {
    let counts = measured(summary);
    let lost = counts.failed + counts.timed_out + counts.interrupted;
    let many = counts.started > 0 && lost as f64 > MANY * counts.started as f64;
    let nothing = matches!(verdict.verdict, Overall::Missing | Overall::NeverAnswered | Overall::NotReady);
    let crossed = verdict.thresholds.iter().any(|one| one.mark != Mark::Pass && counts_errors(&one.metric));
    let worse = |judgement: Judgement| !matches!(judgement, Judgement::Pass | Judgement::Improved);
    let regressed = verdict.comparisons.iter().any(|one| worse(one.judgement) && counts_errors(&one.metric));
    if !(many || nothing || crossed || regressed) {
        return Vec::new();
    }
    let mut named: Vec<String> =
        errors.groups.iter().take(NAMED).map(|own| format!("{} ({})", own.line, own.place)).collect();
    let more = errors.groups.len().saturating_sub(NAMED);
    if more > 0 {
        named.push(format!("and {more} more {} of errors", if more == 1 { "kind" } else { "kinds" }));
    }
    named
}

/// Whether a metric says how much went wrong.
fn counts_errors(metric: &str) -> bool {
    const ENDS: [&str; 6] = ["error_rate", "success_rate", "failed", "timed_out", "interrupted", "ok"];
    metric.contains(".errors.") || metric.rsplit('.').next().is_some_and(|end| ENDS.contains(&end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_of_errors_are_known_by_their_names() {
        for metric in ["ask.error_rate", "ask.submit.error_rate", "smoke/ask.errors.timeout", "ask.timed_out"] {
            assert!(counts_errors(metric), "{metric}");
        }
        assert!(!counts_errors("ask.latency.p95") && !counts_errors("ask.drop_rate"));
    }
}
