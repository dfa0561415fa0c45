//! Whether there will be enough samples for what is asked of them.

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::gate::{MetricIndex, Rule};
use crate::metric::Stat;
use crate::plan::PreparedLoad;

/// With fewer samples beyond a percentile than this, its value is mostly chance.
const BEYOND: f64 = 10.0;
/// Fewer iterations than this say little.
const FEW: u64 = 20;
/// What has one value an iteration.
const PER_ITERATION: [&str; 5] = ["latency", "duration", "service", "lag", "rtfx"];

/// Warns of a percentile that too few iterations stand behind, and of a load that hardly does anything.
pub(in crate::plan) fn samples(
    load: &PreparedLoad,
    seed: u64,
    rules: &[&Rule],
    index: &MetricIndex,
    span: &Span,
    diagnostics: &mut Diagnostics,
) {
    let Some(measured) = load.load.schedule(seed).profile(1).measured() else {
        return;
    };
    let mut scarce: Vec<(&Rule, f64)> = Vec::new();
    for rule in rules {
        // Requests, polls and messages are more than iterations: only what is one value an iteration is counted here.
        let metrics = index.of_load(&rule.metric, &load.owner());
        let per_iteration = metrics.iter().find(|address| {
            address.step().is_none() && PER_ITERATION.contains(&address.quantity())
        });
        let Some(Stat::Percentile(share)) = per_iteration.and_then(|address| address.statistic())
        else {
            continue;
        };
        let needed = (BEYOND / (1.0 - share)).round();
        if (measured as f64) < needed
            && !scarce.iter().any(|(other, _)| other.metric == rule.metric)
        {
            scarce.push((rule, needed));
        }
    }
    if let [(first, _), ..] = scarce[..] {
        let names: Vec<String> = scarce
            .iter()
            .map(|(rule, _)| format!("`{}`", rule.metric))
            .collect();
        let message = format!(
            "{} of the {measured} iterations of `{}` {} mostly chance: fewer than {BEYOND} lie beyond {}",
            names.join(", "),
            load.name,
            if names.len() == 1 { "is" } else { "are" },
            if names.len() == 1 { "it" } else { "each" },
        );
        let enough = scarce.iter().map(|(_, needed)| *needed).fold(0.0, f64::max);
        let help =
            format!("{enough} iterations are enough; `latency.mean` and `latency.p50` need fewer");
        diagnostics.push(Diagnostic::warning(message, first.span.clone()).help(help));
        // That a percentile has too few samples says already that there are few.
        return;
    }
    if measured < FEW {
        let are = if measured == 1 {
            "iteration of"
        } else {
            "iterations of"
        };
        let message = format!("{measured} {are} `{}`: few to judge by", load.name);
        let finding = Diagnostic::warning(message, span.clone());
        diagnostics.push(
            finding.help("20 are the least; 50 to 100 for each worker of the service are better"),
        );
    }
}
