//! Little's law: how many users an arrival rate keeps busy.

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::plan::PreparedLoad;
use crate::schedule::Schedule;
use crate::units::Duration;

/// Warns of an open load whose users are used up before its jobs may be done. `expected` is the time that the plan itself
/// allows an iteration by its polls, pauses and audio.
pub(in crate::plan) fn capacity(
    load: &PreparedLoad,
    expected: Duration,
    span: &Span,
    diagnostics: &mut Diagnostics,
) {
    let Schedule::Open(open) = load.load.schedule(0) else {
        return;
    };
    let (rate, seconds) = (open.peak_rate(), expected.as_secs_f64());
    let needed = (rate * seconds).ceil();
    if expected.is_zero() || needed <= open.max_vus as f64 {
        return;
    }
    let sustained = round(open.max_vus as f64 / seconds);
    let message = format!(
        "{} VUs sustain about {sustained}/s when an iteration of `{}` takes the {expected} that its polls, audio and pauses allow; the plan asks for {}/s",
        open.max_vus,
        load.name,
        round(rate)
    );
    let finding = Diagnostic::warning(message, span.clone());
    diagnostics.push(
        finding
            .help(format!(
                "`max_vus = {needed}` is enough for the slowest (rate x time, Little's law)"
            ))
            .help("arrivals that find no free VU are dropped and counted, and cross `drop_rate`"),
    );
}

/// Two significant digits.
fn round(value: f64) -> f64 {
    let scale = 10f64.powf(1.0 - value.log10().floor());
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_two_digits() {
        assert_eq!(
            [12.0 / 40.0, 3.0, 0.0258, 1234.0].map(round),
            [0.3, 3.0, 0.026, 1200.0]
        );
    }
}
