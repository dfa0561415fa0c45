//! Symptoms among what monitors have shown.

use super::evidence::{percent, watched};
use crate::summary::{MonitorLine, Summary};
use crate::units::{Unit, print};

/// A machine with so much of its processor or memory in use has none to spare.
const FULL_CPU: f64 = 0.95;
const FULL_MEMORY: f64 = 0.9;
/// A growth is worth a word only where it was watched for so long,
const LONG_ENOUGH_S: f64 = 60.0;
/// and would add so much of what is there within an hour.
const GROWTH: f64 = 0.1;

fn name(line: &MonitorLine) -> String {
    let instance = if line.instance.is_empty() {
        String::new()
    } else {
        format!(" ({})", line.instance)
    };
    format!("{}.{}{instance}", line.owner(), line.value)
}

pub(super) fn restarted(summary: &Summary) -> Option<String> {
    watched(summary).find_map(|line| {
        let restarts = line
            .statistic("last")
            .filter(|_| line.value == "restarts")?;
        (restarts > 0.0).then(|| format!("`{}` is {restarts} at the end", name(line)))
    })
}

pub(super) fn memory_full(summary: &Summary) -> Option<String> {
    watched(summary).find_map(|line| {
        let most = line.statistic("max").filter(|_| line.unit == Unit::Ratio)?;
        let is_memory = ["memory", "swap"].contains(&line.value.as_str());
        (is_memory && most > FULL_MEMORY)
            .then(|| format!("`{}` goes up to {}", name(line), percent(most)))
    })
}

pub(super) fn cpu_full(summary: &Summary) -> Option<String> {
    watched(summary).find_map(|line| {
        let mean = line
            .statistic("mean")
            .filter(|_| line.unit == Unit::Ratio)?;
        let long = line.at_s.last().is_some_and(|last| *last >= 5.0);
        (line.value == "cpu" && mean > FULL_CPU && long)
            .then(|| format!("`{}` is {} in the mean", name(line), percent(mean)))
    })
}

pub(super) fn grows(summary: &Summary) -> Option<String> {
    watched(summary).find_map(|line| {
        let growth = line.growth.filter(|_| line.unit == Unit::Bytes)?;
        let long = line.at_s.last().is_some_and(|last| *last >= LONG_ENOUGH_S);
        let last = line.statistic("last")?;
        (long && growth.settled_s.is_none() && growth.low > GROWTH * last).then(|| {
            format!(
                "`{}` grows by {} in an hour (at least {}), and has not settled",
                name(line),
                print(growth.per_hour, line.unit),
                print(growth.low, line.unit)
            )
        })
    })
}
