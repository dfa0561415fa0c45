//! Whether there will be enough samples for what is asked of them.

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::gate::Rule;
use crate::metric::Stat;
use crate::plan::PreparedLoad;

/// With fewer samples beyond a percentile than this, its value is mostly chance.
const BEYOND: f64 = 10.0;
/// Fewer iterations than this say little.
const FEW: u64 = 20;

/// Warns of a percentile that too few iterations stand behind, and of a load that hardly does anything.
pub(in crate::plan) fn samples(load: &PreparedLoad, seed: u64, rules: &[&Rule], span: &Span, found: &mut Diagnostics) {
    let Some(measured) = load.load.schedule(seed).profile(1).measured() else { return };
    for rule in rules {
        let Some((front, stat)) = rule.metric.rsplit_once('.') else { continue };
        let Some(Stat::Percentile(share)) = Stat::named(stat) else { continue };
        // Requests, polls and messages are more than iterations: only what is one value an iteration is counted here.
        let per_iteration = ["latency", "duration", "service", "lag", "rtfx"].iter().any(|own| {
            front == *own || front.strip_suffix(own).is_some_and(|before| before.ends_with(&format!("{}.", load.name)))
        });
        let needed = (BEYOND / (1.0 - share)).round();
        if per_iteration && (measured as f64) < needed {
            let message = format!(
                "`{}` of the {measured} iterations of `{}` is mostly chance: fewer than {BEYOND} lie beyond it",
                rule.metric, load.name
            );
            let finding = Diagnostic::warning(message, rule.span.clone());
            found.push(
                finding.help(format!("{needed} iterations are enough; `latency.mean` and `latency.p50` need fewer")),
            );
        }
    }
    if measured < FEW {
        let message = format!("{measured} iterations of `{}` are few to judge by", load.name);
        let finding = Diagnostic::warning(message, span.clone());
        found.push(finding.help("20 are the least; 50 to 100 for each worker of the service are better"));
    }
}
