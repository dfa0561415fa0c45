//! From what monitors have shown to evidence.

use crate::monitor::MonitorSeries;
use crate::summary::MonitorLine;

/// A line for each value of each instance; times count from `zero_s` on the run's clock.
pub(super) fn watched(
    series: &[MonitorSeries],
    phase: Option<&str>,
    zero_s: f64,
) -> Vec<MonitorLine> {
    let of_series = |own: &MonitorSeries| -> Vec<MonitorLine> {
        let columns = own.kinds.iter().zip(&own.values);
        let line = |(kind, values): (&crate::monitor::ValueKind, &Vec<Option<f64>>)| {
            MonitorLine {
                phase: phase.map(str::to_owned),
                monitor: own.monitor.clone(),
                instance: own.instance.clone(),
                value: kind.name.clone(),
                unit: kind.unit,
                better: kind.better,
                at_s: own.at_s.iter().map(|at| at - zero_s).collect(),
                values: values.clone(),
                growth: None,
            }
            .with_growth()
        };
        columns.map(line).collect()
    };
    series.iter().flat_map(of_series).collect()
}
