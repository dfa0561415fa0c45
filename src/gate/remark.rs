//! What is worth knowing about a session and decides nothing.

use super::bound::MetricBound;
use super::verdict::{Mark, ThresholdVerdict};
use super::verdict_sentence::early_end;
use crate::metric::Address;
use crate::metric::split_point;
use crate::summary::Summary;

pub(super) fn notes(summary: &Summary) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for run in &summary.runs {
        notes.extend(run.health.notes.iter().cloned());
        if run.samples_lost > 0 {
            notes.push(format!(
                "{} raw samples were not kept because the disk was too slow; no number depends on them",
                run.samples_lost
            ));
        }
        notes.extend(
            run.aborted
                .iter()
                .map(|one| format!("ended early after {:.0} s: {}", one.at_s, early_end(one))),
        );
        let skipped = run
            .phases
            .iter()
            // Of a sweep its own table says it.
            .filter(|phase| split_point(&phase.name).1.is_none())
            .filter_map(|phase| Some((phase, phase.skipped.as_ref()?)));
        notes.extend(
            skipped.map(|(phase, why)| format!("phase `{}` was not run: {why}", phase.name)),
        );
    }
    notes.extend(
        summary
            .origin
            .iter()
            .flat_map(|origin| origin.notes.iter().cloned()),
    );
    notes.extend(littles_law(summary));
    notes.dedup();
    notes
}

/// Where the word of another tool decided, and why.
pub(super) fn told(thresholds: &[ThresholdVerdict]) -> Vec<String> {
    let note = |threshold: &ThresholdVerdict| {
        let tool = threshold.told_by.as_ref()?;
        let says = if threshold.mark == Mark::Crossed {
            "is crossed"
        } else {
            "holds"
        };
        let judged = threshold.runs.iter().any(|run| run.value.is_some())
            && threshold.bound.parse::<MetricBound>().is_ok();
        let why = match judged {
            true => "the number in its file says otherwise, and its word counts",
            false => "its file has no number to judge that by, so its word counts",
        };
        Some(format!(
            "{tool} says that `{} {}` {says}: {why}",
            threshold.metric, threshold.bound
        ))
    };
    thresholds.iter().filter_map(note).collect()
}

/// Throughput × latency can never exceed the number of users of a closed loop: where it does, a number is wrong.
fn littles_law(summary: &Summary) -> Vec<String> {
    let value = |address: Address, run: usize| summary.metrics.get(&address)?.runs.get(run)?.value;
    let mut found = Vec::new();
    for load in summary.loads.iter().filter(|load| !load.open) {
        for run in 0..summary.runs.len() {
            let throughput = value(load.owner().metric("throughput"), run);
            let latency = value(load.owner().statistic("latency", "mean"), run);
            let users = load.users.map(|users| users as f64);
            if let (Some(throughput), Some(latency), Some(users)) = (throughput, latency, users)
                && throughput * latency > users * 1.05
            {
                found.push(format!(
                    "the numbers of `{}` contradict each other: {throughput:.3}/s at {latency:.3} s need {:.1} users, there were {users} (Little's law)",
                    load.name,
                    throughput * latency
                ));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Better;
    use crate::summary::{Metric, MetricValue};
    use crate::units::Unit;

    #[test]
    fn numbers_that_contradict_each_other_are_named() {
        let mut summary = crate::summary::Summary::empty("plan");
        summary.runs = vec![crate::summary::Run::empty(1)];
        summary.loads = vec![crate::summary::LoadDescription {
            phase: None,
            name: "a".to_owned(),
            executor: "constant-vus".to_owned(),
            plan: String::new(),
            open: false,
            users: Some(4),
            canary: false,
            split: None,
        }];
        let metric = |unit, number| Metric {
            unit,
            better: Better::Neither,
            runs: vec![MetricValue {
                value: Some(number),
                samples: 1000,
                ..MetricValue::default()
            }],
        };
        summary
            .metrics
            .insert("a.latency.mean".into(), metric(Unit::Seconds, 0.476));
        for (throughput, contradicts) in [(8.4, false), (10.5, true)] {
            summary
                .metrics
                .insert("a.throughput".into(), metric(Unit::PerSecond, throughput));
            assert_eq!(
                littles_law(&summary).len(),
                usize::from(contradicts),
                "{throughput}/s"
            );
        }
    }
}
