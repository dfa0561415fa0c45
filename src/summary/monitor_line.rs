//! What a monitor has shown beside the load, as `summary.json` holds it.

use serde::{Deserialize, Serialize};

use super::{Metric, MetricValue};
use crate::metric::{Address, Better, IMBALANCE, OF_SERIES, Owner};
use crate::stats::slope::GrowthCourse;
use crate::units::Unit;

/// One value of one instance over one phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonitorLine {
    /// The phase, `None` in a plan without phases.
    #[serde(default)]
    pub phase: Option<String>,
    /// The monitor's name.
    pub monitor: String,
    /// Which of several instances; empty where there is one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub instance: String,
    /// The value's name.
    pub value: String,
    /// Its base unit.
    pub unit: Unit,
    /// Which direction is good.
    pub better: Better,
    /// When it was looked at, in seconds since the loads of the phase began.
    pub at_s: Vec<f64>,
    /// What was seen; `None` is a gap.
    pub values: Vec<Option<f64>>,
    /// How it grew; `None` where there is too little to say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth: Option<GrowthLine>,
}

/// How a value grew, in its unit for each hour.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct GrowthLine {
    /// The growth; of a value that has settled that since then.
    pub per_hour: f64,
    /// The 90 % interval: from.
    pub low: f64,
    /// To.
    pub high: f64,
    /// From when on it grows no more, in seconds; `None` where it never grew or still does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settled_s: Option<f64>,
}

const HOUR: f64 = 3600.0;

impl MonitorLine {
    /// The same with its growth.
    #[must_use]
    pub fn with_growth(self) -> Self {
        let points: Vec<(f64, f64)> = self.known().collect();
        let growth = GrowthCourse::of(&points).map(|course| GrowthLine {
            per_hour: course.slope.value * HOUR,
            low: course.slope.low * HOUR,
            high: course.slope.high * HOUR,
            settled_s: course.settled,
        });
        Self { growth, ..self }
    }

    /// What was seen, without the gaps.
    pub fn known(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        let points = self.at_s.iter().zip(&self.values);
        points.filter_map(|(at, value)| Some((*at, (*value)?)))
    }

    /// What its metrics belong to.
    #[must_use]
    pub fn owner(&self) -> Owner {
        Owner::load(self.phase.as_deref(), &self.monitor)
    }

    /// One statistic in the order of time; `None` without data.
    #[must_use]
    pub fn statistic(&self, stat: &str) -> Option<f64> {
        let values: Vec<f64> = self.known().map(|(_, value)| value).collect();
        let (first, last) = (*values.first()?, *values.last()?);
        match stat {
            "first" => Some(first),
            "last" => Some(last),
            "min" => values.iter().copied().reduce(f64::min),
            "max" => values.iter().copied().reduce(f64::max),
            "mean" => Some(values.iter().sum::<f64>() / values.len() as f64),
            // What cannot be told from no growth is none.
            "slope" => self.growth.map(|own| {
                if own.low <= 0.0 && 0.0 <= own.high {
                    0.0
                } else {
                    own.per_hour
                }
            }),
            _ => None,
        }
    }
}

/// The metrics of these lines in one run. Of several instances of a monitor each statistic is that of the worst.
#[must_use]
pub fn monitor_metrics(lines: &[MonitorLine]) -> Vec<(Address, Metric)> {
    let mut all: Vec<(Address, Metric)> = Vec::new();
    let mut done: Vec<(Owner, &str)> = Vec::new();
    for line in lines {
        let key = (line.owner(), line.value.as_str());
        if done.contains(&key) {
            continue;
        }
        let alike: Vec<&MonitorLine> = lines
            .iter()
            .filter(|own| (own.owner(), own.value.as_str()) == key)
            .collect();
        for stat in OF_SERIES {
            let values = alike.iter().filter_map(|own| own.statistic(stat));
            let worst = match line.better {
                Better::Higher => values.reduce(f64::min),
                Better::Lower | Better::Neither => values.reduce(f64::max),
            };
            let address = key.0.statistic(&line.value, stat);
            all.push((address, metric(line.unit, line.better, worst, alike.len())));
        }
        if alike.len() > 1 {
            let means: Vec<f64> = alike
                .iter()
                .filter_map(|own| own.statistic("mean"))
                .collect();
            let high = means.iter().copied().reduce(f64::max);
            let low = means
                .iter()
                .copied()
                .reduce(f64::min)
                .filter(|low| *low > 0.0);
            let value = high.zip(low).map(|(high, low)| high / low);
            let address = key.0.statistic(&line.value, IMBALANCE);
            all.push((
                address,
                metric(Unit::Factor, Better::Lower, value, alike.len()),
            ));
        }
        done.push(key);
    }
    all
}

fn metric(unit: Unit, better: Better, value: Option<f64>, samples: usize) -> Metric {
    Metric {
        unit,
        better,
        runs: vec![MetricValue {
            value,
            samples: samples as u64,
            ..MetricValue::default()
        }],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(instance: &str, values: &[f64]) -> MonitorLine {
        MonitorLine {
            phase: Some("soak".to_owned()),
            monitor: "server".to_owned(),
            instance: instance.to_owned(),
            value: "rss".to_owned(),
            unit: Unit::Bytes,
            better: Better::Lower,
            at_s: (0..values.len()).map(|at| at as f64).collect(),
            values: values.iter().map(|value| Some(*value)).collect(),
            growth: None,
        }
        .with_growth()
    }

    #[test]
    fn the_worst_instance_is_what_counts() {
        let leak: Vec<f64> = (0..30).map(|at| 100.0 + f64::from(at)).collect();
        let lines = [line("a", &[50.0; 30]), line("b", &leak)];
        let metrics = monitor_metrics(&lines);
        let value = |name: &str| {
            let address = format!("soak/server.rss.{name}");
            let found = metrics.iter().find(|(own, _)| own.as_str() == address);
            found.and_then(|(_, metric)| metric.runs[0].value).unwrap()
        };
        assert_eq!(
            (value("first"), value("last"), value("max")),
            (100.0, 129.0, 129.0)
        );
        assert!((value("slope") - 3600.0).abs() < 1e-6);
        assert!((value("imbalance") - 114.5 / 50.0).abs() < 1e-9);
    }
}
