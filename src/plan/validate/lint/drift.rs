//! Whether a load is measured long enough to have a drift.

use crate::diag::{Diagnostic, Diagnostics};
use crate::gate::{MetricIndex, Rule};
use crate::metric::{DRIFT, DRIFT_SECONDS};
use crate::plan::PreparedLoad;
use crate::schedule::Schedule;
use crate::units::Duration;

/// Warns of a rule about a drift that there will be no data for.
pub(in crate::plan) fn drift(
    load: &PreparedLoad,
    rules: &[&Rule],
    index: &MetricIndex,
    diagnostics: &mut Diagnostics,
) {
    let measured = match load.load.schedule(0) {
        Schedule::Open(open) if open.window().1 != Duration::MAX => {
            open.window().1 - open.window().0
        }
        Schedule::Closed(closed) if closed.measured() != Duration::MAX => closed.measured(),
        _ => return,
    };
    if measured.as_secs_f64() >= DRIFT_SECONDS {
        return;
    }
    for rule in rules.iter().filter(|rule| rule.bound != "any") {
        let metrics = index.of_load(&rule.metric, &load.owner());
        if metrics.iter().any(|address| address.stat() == Some(DRIFT)) {
            let message = format!(
                "`{}` is measured for {measured}: too short for `{}`",
                load.name, rule.metric
            );
            let finding = Diagnostic::warning(message, rule.span.clone());
            diagnostics.push(finding.help(format!(
                "a drift compares the last third with the first, of at least {DRIFT_SECONDS} s; without data the exit code is 4"
            )));
        }
    }
}
