//! What monitors have shown.

use crate::report::text::{clean, wall};
use crate::summary::{GrowthLine, MonitorLine, Summary};
use crate::units::{Unit, print};

/// The columns of the table of monitors; those of numbers begin with `#`.
pub(crate) const MONITOR_COLUMNS: [&str; 7] = [
    "monitor", "#first", "#last", "#min", "#mean", "#max", "course",
];

/// One value of one instance in the last run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct MonitorRow {
    /// What stands in [`MONITOR_COLUMNS`].
    pub(crate) cells: [String; 7],
    /// The phase that it belongs to, with its point; empty in a plan without phases.
    pub(crate) phase: String,
    /// Its place among the monitors of the last run.
    pub(crate) at: usize,
    /// It was not the same all the time.
    pub(crate) varies: bool,
}

/// A growth is worth a word only where it was watched for so long.
const LONG_ENOUGH_S: f64 = 30.0;

impl MonitorRow {
    /// Every value of the last run, in the order of the plan.
    pub(crate) fn all(summary: &Summary) -> Vec<Self> {
        let lines = summary.runs.last().map_or(&[][..], |run| &run.monitors);
        let row = |(at, line): (usize, &MonitorLine)| Self::of(line, at);
        lines.iter().enumerate().map(row).collect()
    }

    fn of(line: &MonitorLine, at: usize) -> Self {
        let of = |stat: &str| {
            let value = line.statistic(stat);
            value.map_or_else(|| "–".to_owned(), |value| print(value, line.unit))
        };
        let instance = if line.instance.is_empty() {
            String::new()
        } else {
            format!(" ({})", line.instance)
        };
        let phase = line.phase.as_ref();
        let place = phase.map_or_else(String::new, |phase| format!("{phase}/"));
        let name = clean(&format!("{place}{}.{}{instance}", line.monitor, line.value));
        let [first, last, min, mean, max] = ["first", "last", "min", "mean", "max"].map(of);
        Self {
            varies: min != max,
            cells: [name, first, last, min, mean, max, course(line)],
            phase: phase.cloned().unwrap_or_default(),
            at,
        }
    }
}

/// `grows 12 MB/h ± 2 MB`, `settled after 4m`, `3 gaps`.
fn course(line: &MonitorLine) -> String {
    let span = line.at_s.last().copied().unwrap_or_default();
    let mut words = Vec::new();
    match line.growth.filter(|_| span >= LONG_ENOUGH_S) {
        Some(GrowthLine {
            settled_s: Some(settled),
            ..
        }) => words.push(format!("settled after {}", wall(settled))),
        Some(growth) if growth.low > 0.0 || growth.high < 0.0 => {
            words.push(grows(&growth, line.unit));
        }
        Some(_) => words.push("level".to_owned()),
        None => {}
    }
    let gaps = line.values.iter().filter(|value| value.is_none()).count();
    // The first look at a counter gives no rate.
    if gaps > 1 {
        words.push(format!("{gaps} gaps"));
    }
    words.join(", ")
}

fn grows(growth: &GrowthLine, unit: Unit) -> String {
    let word = if growth.per_hour > 0.0 {
        "grows"
    } else {
        "falls"
    };
    let reach = (growth.high - growth.low) / 2.0;
    format!(
        "{word} {}/h ± {}",
        print(growth.per_hour.abs(), unit),
        print(reach, unit)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Better;

    #[test]
    fn a_course_is_told_in_words() {
        let line = |of: fn(f64) -> f64| {
            let at_s: Vec<f64> = (0..120).map(f64::from).collect();
            let line = MonitorLine {
                phase: None,
                monitor: "server".to_owned(),
                instance: String::new(),
                value: "rss".to_owned(),
                unit: Unit::Bytes,
                better: Better::Lower,
                values: at_s.iter().map(|at| Some(of(*at))).collect(),
                at_s,
                growth: None,
            };
            course(&line.with_growth())
        };
        assert_eq!(line(|at| 1e6 + 1e6 * at), "grows 3.6 GB/h ± 0 B");
        assert_eq!(line(|at| 1e6 + 1e6 * at.min(20.0)), "settled after 24 s");
        assert_eq!(line(|_| 1e6), "level");
    }
}
