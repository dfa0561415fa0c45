//! What went wrong without crossing any bound: nobody should have to look for it.

use crate::measure::Counts;
use crate::report::text::{clock, plural, ratio};
use crate::summary::{LoadRun, Run, Summary};
use crate::units::{Unit, print};

/// A stillness is at least so many seconds,
const STILL_SECONDS: u64 = 3;
/// and so many times the median latency.
const STILL: f64 = 3.0;

/// `7 of 360 iterations did not end well (1.9 %)`, or when nothing ended although something was under way; empty where all is well.
pub(crate) fn troubles(summary: &Summary) -> Vec<String> {
    let all = measured(summary);
    let mut found = Vec::new();
    let lost = all.failed + all.timed_out + all.interrupted;
    if lost > 0 {
        let share = ratio(lost, all.started).map_or(String::new(), |share| format!(" ({share})"));
        found.push(format!(
            "{lost} of {} did not end well{share}",
            plural(all.started, "iteration")
        ));
    }
    if all.dropped > 0 {
        found.push(format!(
            "{} of {} never started",
            all.dropped,
            plural(all.planned, "planned iteration")
        ));
    }
    let stills = summary
        .runs
        .iter()
        .flat_map(|run| run.loads.iter().map(move |load| (run, load)));
    let mut stills = stills.filter(|(_, load)| is_judged(summary, load));
    found.extend(stills.find_map(|(run, load)| still(summary, run, load)));
    found
}

/// What became of the measured iterations of all runs and loads, controls left out.
pub(crate) fn measured(summary: &Summary) -> Counts {
    let mut all = Counts::default();
    for load in summary
        .runs
        .iter()
        .flat_map(|run| &run.loads)
        .filter(|load| is_judged(summary, load))
    {
        load.counts
            .get("measured")
            .into_iter()
            .for_each(|counts| all.merge(counts));
    }
    all
}

fn is_judged(summary: &Summary, run: &LoadRun) -> bool {
    summary
        .loads
        .iter()
        .any(|load| !load.canary && load.address() == run.address())
}

/// The longest time in the measured window in which nothing ended, where it is much longer than an iteration takes.
fn still(summary: &Summary, run: &Run, load: &LoadRun) -> Option<String> {
    let at = summary
        .runs
        .iter()
        .position(|own| own.number == run.number)?;
    let usual = summary
        .metrics
        .get(&format!("{}.latency.p50", load.address()))?
        .runs
        .get(at)?
        .value?;
    let series = &load.series;
    let (mut under_way, mut longest, mut since) = (0_i64, (0, 0), None);
    for (place, second) in series.second.iter().enumerate() {
        let of = |column: &[u64]| column.get(place).copied().unwrap_or(0);
        let ended = of(&series.ok) + of(&series.not_ok);
        let waits = under_way > 0 && ended == 0 && (*second as f64) < load.window_s.1;
        since = since.filter(|_| waits).or_else(|| waits.then_some(*second));
        if let Some(from) = since.filter(|from| second + 1 - from > longest.0) {
            longest = (second + 1 - from, from);
        }
        under_way += of(&series.started) as i64 - ended as i64;
    }
    let (seconds, from) = longest;
    (seconds >= STILL_SECONDS && seconds as f64 > STILL * usual).then(|| {
        format!(
            "nothing ended for {} from {} on",
            print(seconds as f64, Unit::Seconds),
            clock(from as f64 + load.zero_s)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Better;
    use crate::summary::{LoadDescription, Metric, MetricValue, Series};

    fn session(ends: &[u64], usual: f64) -> Summary {
        let mut summary = Summary::empty("plan");
        summary.loads.push(LoadDescription {
            phase: None,
            name: "ask".to_owned(),
            executor: String::new(),
            plan: String::new(),
            open: true,
            users: None,
            canary: false,
            split: None,
        });
        let seconds = ends.len() as u64;
        let load = LoadRun {
            load: "ask".to_owned(),
            window_s: (0.0, seconds as f64),
            series: Series {
                second: (0..seconds).collect(),
                started: vec![2; ends.len()],
                ok: ends.to_vec(),
                ..Series::default()
            },
            ..LoadRun::default()
        };
        summary.runs.push(Run {
            loads: vec![load],
            ..Run::empty(1)
        });
        let runs = vec![MetricValue {
            value: Some(usual),
            samples: 1,
            ..MetricValue::default()
        }];
        let metric = Metric {
            unit: Unit::Seconds,
            better: Better::Lower,
            runs,
        };
        summary.metrics.insert("ask.latency.p50".into(), metric);
        summary
    }

    #[test]
    fn a_target_that_stands_still_is_seen_and_a_slow_one_is_not() {
        let still = [0, 2, 2, 0, 0, 0, 0, 8, 2];
        assert_eq!(
            troubles(&session(&still, 0.5)),
            ["nothing ended for 4 s from 0:03 on"]
        );
        assert_eq!(
            troubles(&session(&still, 2.0)),
            Vec::<String>::new(),
            "iterations take as long as that"
        );
        assert_eq!(
            troubles(&session(&[0, 2, 2, 0, 2, 4, 2], 0.5)),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_did_not_end_well_is_counted() {
        let mut lossy = session(&[0, 2, 2], 0.5);
        let counts = Counts {
            planned: 9,
            started: 8,
            dropped: 1,
            ok: 6,
            failed: 1,
            timed_out: 1,
            ..Counts::default()
        };
        lossy.runs[0].loads[0]
            .counts
            .insert("measured".to_owned(), counts);
        assert_eq!(
            troubles(&lossy),
            [
                "2 of 8 iterations did not end well (25 %)",
                "1 of 9 planned iterations never started"
            ]
        );
    }
}
