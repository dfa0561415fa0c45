//! Rules that end a load early: judged every second over the last ten.

use hdrhistogram::Histogram;

use super::bound::{MetricBound, Operand};
use super::metric_index::LookupError;
use crate::measure::SecondSlot;
use crate::metric::{Catalog, LoadId, Stat};
use crate::summary::ThresholdLine;
use crate::units::Unit;

/// Seconds that are looked at together.
pub const ABORT_SECONDS: u64 = 10;

/// What every second tells of a load without a statistic.
const PLAIN: [&str; 5] = [
    "throughput",
    "success_rate",
    "error_rate",
    "rejection_rate",
    "drop_rate",
];

/// One rule about one load.
#[derive(Debug, Clone)]
pub struct AbortRule {
    /// The load that it ends.
    pub load: LoadId,
    /// The rule as it stands in the plan.
    pub line: ThresholdLine,
    quantity: WatchedQuantity,
    bound: MetricBound,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum WatchedQuantity {
    Throughput,
    Plain(&'static str),
    Latency(Stat),
}

impl AbortRule {
    /// The rule of a threshold line with a full address.
    ///
    /// # Errors
    /// When the metric is not one that every second tells, or the bound is not a plain value.
    pub fn new(catalog: &Catalog, line: ThresholdLine) -> Result<Self, LookupError> {
        let wrong = |message: String| LookupError {
            message,
            help: format!(
                "`abort` can watch `latency` with a statistic, and {}",
                PLAIN.map(|name| format!("`{name}`")).join(", ")
            ),
        };
        let metric = &line.metric;
        let load = catalog
            .loads()
            .map(|(id, _)| id)
            .find(|id| metric.owner() == Some(catalog.owner(*id, None)));
        let plain = PLAIN
            .iter()
            .find(|plain| metric.stat().is_none() && **plain == metric.quantity());
        let quantity = match (plain, metric.quantity()) {
            (Some(&"throughput"), _) => Some(WatchedQuantity::Throughput),
            (Some(plain), _) => Some(WatchedQuantity::Plain(plain)),
            (None, "latency") => metric.statistic().map(WatchedQuantity::Latency),
            (None, _) => None,
        };
        let known = load.zip(quantity);
        let Some((load, quantity)) = known else {
            return Err(wrong(format!(
                "`{}` is not known second by second",
                line.metric
            )));
        };
        let bound: MetricBound = line
            .bound
            .parse()
            .map_err(|error: super::BoundError| wrong(error.to_string()))?;
        if bound
            .operands()
            .iter()
            .any(|operand| matches!(operand, Operand::Metric(..)))
        {
            return Err(wrong(format!(
                "`{}` compares with another metric, which is not known yet",
                line.bound
            )));
        }
        Ok(Self {
            load,
            line,
            quantity,
            bound,
        })
    }

    /// The base unit of its values.
    #[must_use]
    pub const fn unit(&self) -> Unit {
        match self.quantity {
            WatchedQuantity::Throughput => Unit::PerSecond,
            WatchedQuantity::Plain(_) => Unit::Ratio,
            WatchedQuantity::Latency(Stat::Count) => Unit::Count,
            WatchedQuantity::Latency(_) => Unit::Seconds,
        }
    }

    /// The value over these seconds, where it crosses the bound. Without data nothing is crossed.
    #[must_use]
    pub fn crossed(&self, slots: &[&SecondSlot]) -> Option<f64> {
        let (value, beyond) = self.quantity.of(slots)?;
        let limit = |operand: &Operand| match operand {
            Operand::Value(value, _) => value.value,
            Operand::Metric(..) => f64::NAN,
        };
        let holds = match &self.bound {
            MetricBound::Any => true,
            MetricBound::OneSided(side, operand) => {
                !(beyond && side.is_upper()) && side.allows(value, limit(operand))
            }
            MetricBound::Between(low, high) => {
                !beyond && limit(low) <= value && value <= limit(high)
            }
            MetricBound::Exactly(exact) => !beyond && (value - limit(exact)).abs() < 1e-9,
        };
        (!holds).then_some(value)
    }
}

impl WatchedQuantity {
    /// The value in base units, and whether it is only known to be worse.
    fn of(self, slots: &[&SecondSlot]) -> Option<(f64, bool)> {
        let sum =
            |of: &dyn Fn(&SecondSlot) -> u64| slots.iter().map(|slot| of(slot)).sum::<u64>() as f64;
        let share = |part: f64, whole: f64| (whole > 0.0).then(|| (part / whole, false));
        let ended = sum(&|slot| slot.ended.iter().sum());
        match self {
            Self::Throughput => Some((sum(&|slot| slot.ended[0]) / ABORT_SECONDS as f64, false)),
            Self::Plain("success_rate") => share(sum(&|slot| slot.ended[0]), ended),
            Self::Plain("error_rate") => share(
                sum(&|slot| slot.ended[1] + slot.ended[3] + slot.ended[4]),
                ended,
            ),
            Self::Plain("rejection_rate") => share(sum(&|slot| slot.ended[2]), ended),
            Self::Plain(_) => share(sum(&|slot| slot.dropped), sum(&|slot| slot.planned)),
            Self::Latency(stat) => latency(stat, slots),
        }
    }
}

fn latency(stat: Stat, slots: &[&SecondSlot]) -> Option<(f64, bool)> {
    let mut all: Histogram<u32> = Histogram::new(2).ok()?;
    all.auto(true);
    for slot in slots {
        all.add(&slot.latency).ok()?;
    }
    let lost: u64 = slots.iter().map(|slot| slot.ended[3] + slot.ended[4]).sum();
    if all.is_empty() && lost == 0 {
        return None;
    }
    let nanos = match stat {
        Stat::Count => return Some((all.len() as f64, false)),
        Stat::Min => all.min() as f64,
        Stat::Max => all.max() as f64,
        Stat::Mean => all.mean(),
        Stat::StdDev => all.stdev(),
        Stat::Percentile(share) => {
            // What timed out ranks above everything that ended.
            let total = all.len() + lost;
            let rank = (share * total as f64).ceil().max(1.0) as u64;
            if rank > all.len() {
                return Some((all.max() as f64 / 1e9, true));
            }
            all.value_at_quantile(rank as f64 / all.len() as f64) as f64
        }
    };
    (!all.is_empty()).then_some((nanos / 1e9, false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::summary::Demand;

    fn rule(metric: &str, bound: &str) -> Result<AbortRule, LookupError> {
        let mut catalog = Catalog::default();
        catalog.add_load(Some("stress"), "asr");
        let line = ThresholdLine {
            metric: format!("stress/asr.{metric}").into(),
            bound: bound.to_owned(),
            demand: Demand::Must,
            file: String::new(),
            line: 0,
            told: None,
        };
        AbortRule::new(&catalog, line)
    }

    fn slot(ok: u64, failed: u64, timed_out: u64) -> SecondSlot {
        let mut slot = SecondSlot::new(0);
        slot.ended = [ok, failed, 0, timed_out, 0];
        (0..ok).for_each(|_| slot.record(200_000_000));
        slot
    }

    #[test]
    fn the_last_seconds_decide_together() {
        let (fine, bad) = (slot(9, 1, 0), slot(0, 0, 10));
        let crossed = |metric: &str, bound: &str, slots: &[&SecondSlot]| {
            rule(metric, bound).unwrap().crossed(slots).is_some()
        };
        assert!(!crossed("error_rate", "<= 10%", &[&fine]));
        assert!(crossed("error_rate", "<= 10%", &[&fine, &bad]));
        assert!(!crossed("latency.p50", "< 300ms", &[&fine]));
        assert!(
            crossed("latency.p95", "< 1h", &[&fine, &bad]),
            "what timed out is slower than every bound"
        );
        assert!(
            crossed("throughput", "> 1/s", &[&fine]) && !crossed("throughput", "> 0.5/s", &[&fine])
        );
        assert!(!crossed("error_rate", "0%", &[]), "no data ends nothing");
    }

    #[test]
    fn only_what_every_second_tells_can_be_watched() {
        for (metric, bound) in [
            ("lag.p95", "< 1s"),
            ("job.total.p95", "< 1s"),
            ("latency.p95", "< 2 * asr.latency.p50"),
        ] {
            assert!(
                rule(metric, bound)
                    .unwrap_err()
                    .help
                    .contains("`abort` can watch"),
                "{metric} {bound}"
            );
        }
    }
}
