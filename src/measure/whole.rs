//! The values of an iteration as a whole.

use super::{Measurement, Recorder, Ticket};
use crate::clock::Tick;
use crate::metric::{MetricId, MetricIds, MetricName, Outcome};
use crate::units::Duration;

/// Values that an iteration has at most.
const WHOLE_VALUES: usize = 5;

/// Lag, latency, duration, service time and real-time factor, as far as the iteration has them.
pub(super) type WholeValues = [Option<(MetricId, Measurement)>; WHOLE_VALUES];

/// Delays of the generator shorter than this, or than this share of the latency, are not worth correcting.
const WORTH_CORRECTING: (Duration, u64) = (Duration::from_micros(50), 100);

/// The values of an iteration. One that failed or was refused has its lag alone.
pub(super) fn whole(
    ids: &MetricIds,
    ticket: &Ticket,
    outcome: Outcome,
    end: Tick,
    recorder: &Recorder,
) -> WholeValues {
    let lost = outcome.is_slow_loss();
    let ranked = |value: u64| {
        if lost {
            Measurement::Beyond(value)
        } else {
            Measurement::Known(value)
        }
    };
    let of = |metric, value: u64| Some((ids.get(metric)?, ranked(value)));
    let late = ticket.start.since(ticket.due).into();
    let lag = ids.get(MetricName::Lag).map(|id| (id, late));
    if !lost && outcome != Outcome::Ok {
        return [lag, None, None, None, None];
    }
    let duration = end.since(ticket.due);
    let latency = duration - recorder.pauses;
    let service = end.since(ticket.start) - recorder.pauses;
    let work = latency - recorder.idle;
    let factor = recorder.audio.as_secs_f64() / work.as_secs_f64() * 1e3;
    let has_factor = !recorder.audio.is_zero() && !work.is_zero();
    [
        lag,
        of(MetricName::Latency, latency.as_nanos()),
        of(MetricName::Duration, duration.as_nanos()),
        of(MetricName::Service, service.as_nanos()),
        has_factor
            .then(|| of(MetricName::Rtfx, factor.round() as u64))
            .flatten(),
    ]
}

/// The same without the generator's own delays: the late start, and the late look at the sockets (`read_late`) that found
/// the end. `None` where they are not worth correcting. Lag itself is never corrected.
pub(super) fn without_own_delay(
    ids: &MetricIds,
    ticket: &Ticket,
    end: Tick,
    read_late: Duration,
    recorder: &Recorder,
) -> Option<WholeValues> {
    let delay = ticket.start.since(ticket.due) + read_late;
    let took = end.since(ticket.due);
    if delay < WORTH_CORRECTING.0 || delay.as_nanos() * WORTH_CORRECTING.1 < took.as_nanos() {
        return None;
    }
    let on_time = Ticket {
        due: ticket.start,
        ..*ticket
    };
    let read = Tick::from_nanos(end.as_nanos() - read_late.as_nanos().min(end.as_nanos()));
    let mut values = whole(ids, &on_time, Outcome::Ok, read.max(ticket.start), recorder);
    values[0] = None;
    Some(values)
}

/// Whether a metric is the time from a begin that is due to the read that ends it: a generator that looks late can only
/// lengthen it.
pub(super) const fn ends_with_a_read(metric: MetricName) -> bool {
    matches!(
        metric,
        MetricName::Latency
            | MetricName::Duration
            | MetricName::Service
            | MetricName::RequestsLatency
            | MetricName::Total
    )
}
