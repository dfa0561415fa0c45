//! How a load changed while it was measured: the last third of the measured time against the first.

use super::window::window_seconds;
use super::{Metric, MetricValue};
use crate::clock::Tick;
use crate::measure::{LoadResult, SecondSlot};
use crate::metric::{Better, DRIFT_SECONDS, DRIFTS, MetricKind, MetricLevel};
use crate::units::Unit;

/// The drift of each quantity that has one, by its name. Of a share it is the difference in points, of everything else
/// the relative change; seconds that lie only partly in the window count where they begin.
pub(super) fn of_load(result: &LoadResult) -> Vec<(&'static str, Metric)> {
    let thirds = thirds(result);
    let metric = |quantity: &'static str| {
        let value = thirds
            .as_ref()
            .and_then(|(first, last, seconds)| change(quantity, first, last, *seconds));
        let samples = thirds
            .as_ref()
            .map_or(0, |(first, last, _)| ended(first) + ended(last));
        let better = MetricKind::find(MetricLevel::Load, quantity)
            .map_or(Better::Neither, |kind| kind.better);
        (
            quantity,
            Metric {
                unit: Unit::Ratio,
                better,
                runs: vec![MetricValue {
                    value,
                    samples,
                    ..MetricValue::default()
                }],
            },
        )
    };
    DRIFTS.iter().map(|quantity| metric(quantity)).collect()
}

/// What ended in the first and in the last third, and how many seconds each of them has.
fn thirds(result: &LoadResult) -> Option<(SecondSlot, SecondSlot, f64)> {
    let seconds = window_seconds(result).filter(|seconds| *seconds >= DRIFT_SECONDS)?;
    let begin = if result.by_count {
        result.stats.span?.0
    } else {
        result.window.from
    };
    let from = begin.max(result.zero).since(result.zero).as_secs_f64();
    let third = seconds / 3.0;
    let part = |from: f64| {
        let own = |slot: &&SecondSlot| (from..from + third).contains(&(slot.second as f64));
        let mut all = SecondSlot::new(0);
        result
            .slots
            .iter()
            .filter(own)
            .for_each(|slot| all.merge(slot));
        all
    };
    (begin != Tick::NEVER).then(|| (part(from), part(from + 2.0 * third), third))
}

fn ended(slot: &SecondSlot) -> u64 {
    slot.ended.iter().sum()
}

fn change(quantity: &str, first: &SecondSlot, last: &SecondSlot, seconds: f64) -> Option<f64> {
    let relative = |first: f64, last: f64| (first > 0.0).then(|| last / first - 1.0);
    let share =
        |slot: &SecondSlot, part: u64| (ended(slot) > 0).then(|| part as f64 / ended(slot) as f64);
    let points =
        |part: fn(&SecondSlot) -> u64| Some(share(last, part(last))? - share(first, part(first))?);
    match quantity {
        "latency" if first.latency.is_empty() || last.latency.is_empty() => None,
        "latency" => relative(first.latency.mean(), last.latency.mean()),
        "throughput" => relative(
            first.ended[0] as f64 / seconds,
            last.ended[0] as f64 / seconds,
        ),
        "success_rate" => points(|slot| slot.ended[0]),
        "rejection_rate" => points(|slot| slot.ended[2]),
        _ => points(|slot| slot.ended[1] + slot.ended[3] + slot.ended[4]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(ok: u64, failed: u64, millis: u64) -> SecondSlot {
        let mut slot = SecondSlot::new(0);
        slot.ended = [ok, failed, 0, 0, 0];
        (0..ok).for_each(|_| slot.record(millis * 1_000_000));
        slot
    }

    #[test]
    fn the_last_third_is_held_against_the_first() {
        let (first, last) = (slot(10, 0, 200), slot(8, 2, 250));
        let of = |quantity: &str| change(quantity, &first, &last, 10.0).expect("data");
        assert!((of("latency") - 0.25).abs() < 0.01);
        assert!((of("throughput") + 0.2).abs() < 1e-9);
        assert!((of("error_rate") - 0.2).abs() < 1e-9 && (of("success_rate") + 0.2).abs() < 1e-9);
        assert_eq!(
            change("latency", &slot(0, 3, 1), &last, 10.0),
            None,
            "nothing to compare with"
        );
    }
}
