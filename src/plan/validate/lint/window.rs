//! Whether the measured time is long enough for what happens in it.

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::plan::PreparedLoad;
use crate::schedule::Schedule;
use crate::units::Duration;

/// Warns of a measured window that is shorter than one iteration may take, and of a drain that cuts iterations off.
pub(in crate::plan) fn window(
    load: &PreparedLoad,
    expected: Duration,
    allowed: Duration,
    span: &Span,
    diagnostics: &mut Diagnostics,
) {
    let mut warn = |message: String, help: &str| {
        diagnostics.push(Diagnostic::warning(message, span.clone()).help(help));
    };
    let measured = match load.load.schedule(0) {
        Schedule::Open(open) if open.window().1 != Duration::MAX => {
            Some(open.window().1 - open.window().0)
        }
        Schedule::Closed(closed) if closed.measured() != Duration::MAX => Some(closed.measured()),
        _ => None,
    };
    if let Some(measured) = measured.filter(|measured| *measured < expected) {
        let message = format!(
            "`{}` is measured for {measured}, and one iteration may take the {expected} that its polls, audio and pauses allow",
            load.name
        );
        warn(
            message,
            "what ends after the window is in no throughput: measure at least a few times as long",
        );
    }
    if load.load.drain.is_some_and(|drain| drain < allowed) {
        let drain = load.drain;
        let message = format!(
            "`{}` drains for {drain}, and its flow allows an iteration {allowed} to finish",
            load.name
        );
        warn(
            message,
            "what is cut off counts as interrupted, in `error_rate` and above every percentile",
        );
    }
}
