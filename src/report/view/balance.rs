//! Whether the target's instances got the same share of a load.

use crate::report::text::clean;
use crate::stats::chi_square::equal_shares;
use crate::summary::{LoadDescription, LoadRun};
use crate::units::{Unit, print};

/// What has no name of its own: iterations without a value, and all beyond the values that are kept apart.
const UNKNOWN: &str = "unknown";
const OTHER: &str = "(other)";
/// Up to so many times as much is even.
const EVEN: f64 = 2.0;
/// What chance does more often than this is no unevenness.
const CHANCE: f64 = 0.05;
/// More instances than this are not all listed.
const LISTED: usize = 8;

/// The verdict on one load, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Balance {
    /// `UNEVEN: worker-1 80, worker-2 10, worker-3 10 (8 times)`.
    pub(crate) verdict: String,
    /// What is to be said beside the judgement where it is uneven.
    pub(crate) warning: Option<String>,
}

/// Of a load that is split by what its target says. Nothing where fewer than two instances were named, or so many values that
/// they name no instances.
pub(crate) fn balance(about: &LoadDescription, runs: &[(u64, &LoadRun)]) -> Option<Balance> {
    let split = about.split.as_ref().filter(|split| split.captured)?;
    let mut shares: Vec<(String, u64)> = Vec::new();
    for line in runs.iter().flat_map(|(_, run)| &run.splits) {
        match shares.iter_mut().find(|(value, _)| *value == line.value) {
            Some((_, count)) => *count += line.counts.started,
            None => shares.push((line.value.clone(), line.counts.started)),
        }
    }
    if shares.iter().any(|(value, _)| value == OTHER) {
        return None;
    }
    let unknown: u64 = shares
        .iter()
        .filter(|(value, _)| value == UNKNOWN)
        .map(|(_, count)| count)
        .sum();
    shares.retain(|(value, count)| value != UNKNOWN && *count > 0);
    if shares.is_empty() && unknown > 0 {
        let verdict = format!(
            "not known over `{}`: no iteration said which took it",
            clean(&split.by)
        );
        return Some(Balance {
            verdict,
            warning: None,
        });
    }
    shares.sort_by(|(a, more), (b, less)| less.cmp(more).then_with(|| a.cmp(b)));
    let counts: Vec<u64> = shares.iter().map(|(_, count)| *count).collect();
    let by_chance = equal_shares(&counts)? >= CHANCE;
    let ratio = *counts.first()? as f64 / *counts.last()? as f64;
    let (name, each) = (clean(&split.by), listed(&shares));
    let times = print(ratio, Unit::Factor).replace('x', " times");
    let without = if unknown > 0 {
        format!("; {unknown} without a known `{name}`")
    } else {
        String::new()
    };
    Some(match (ratio > EVEN, by_chance) {
        (true, false) => Balance {
            verdict: format!("UNEVEN over `{name}`: {each} ({times}){without}"),
            warning: Some(format!(
                "iterations are spread unevenly over `{name}`: {each} ({times}){without}"
            )),
        },
        (true, true) => {
            let why = "which so few iterations come to by chance";
            Balance {
                verdict: format!("even over `{name}`: {each} ({times}, {why}){without}"),
                warning: None,
            }
        }
        (false, _) => Balance {
            verdict: format!("even over `{name}`: {each} ({times}){without}"),
            warning: None,
        },
    })
}

/// The most loaded first; of many the ends.
fn listed(shares: &[(String, u64)]) -> String {
    let one = |(value, count): &(String, u64)| format!("{} {count}", clean(value));
    let all = |shares: &[(String, u64)]| shares.iter().map(one).collect::<Vec<_>>().join(", ");
    if shares.len() <= LISTED {
        return all(shares);
    }
    let (first, last) = (&shares[..LISTED / 2], &shares[shares.len() - LISTED / 2..]);
    format!(
        "{}, {} more, {}",
        all(first),
        shares.len() - LISTED,
        all(last)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Counts;
    use crate::summary::{MetricValue, SplitDescription, SplitLine};

    fn of(captured: bool, counts: &[(&str, u64)]) -> Option<Balance> {
        let nothing = MetricValue::default();
        let line = |(value, started): &(&str, u64)| SplitLine {
            value: (*value).to_owned(),
            counts: Counts {
                started: *started,
                ..Counts::default()
            },
            latency_p50_s: nothing,
            latency_p95_s: nothing,
            latency_mean_s: nothing,
            wer: None,
        };
        let run = LoadRun {
            load: "live".to_owned(),
            window_s: (0.0, 1.0),
            splits: counts.iter().map(line).collect(),
            ..LoadRun::default()
        };
        let about = LoadDescription {
            phase: None,
            name: "live".to_owned(),
            executor: String::new(),
            plan: String::new(),
            open: false,
            users: None,
            canary: false,
            split: Some(SplitDescription {
                by: "instance".to_owned(),
                captured,
            }),
        };
        balance(&about, &[(1, &run)])
    }

    #[test]
    fn what_chance_does_is_even() {
        for (counts, uneven) in [
            (&[("a", 80), ("b", 10), ("c", 10)][..], true),
            (&[("a", 40), ("b", 30), ("c", 30)], false),
            (&[("a", 3), ("b", 2), ("c", 1)], false),
            (&[("a", 8), ("b", 1), ("c", 1)], true),
            (&[("a", 1_900), ("b", 1_000)], false),
        ] {
            let found = of(true, counts).expect("two instances");
            assert_eq!(
                found.verdict.starts_with("UNEVEN"),
                uneven,
                "{counts:?}: {}",
                found.verdict
            );
            assert_eq!(found.warning.is_some(), uneven, "{counts:?}");
        }
        assert_eq!(
            of(true, &[("w1", 10), ("w2", 80), ("unknown", 3), ("w3", 10)])
                .and_then(|own| own.warning)
                .as_deref(),
            Some(
                "iterations are spread unevenly over `instance`: w2 80, w1 10, w3 10 (8 times); 3 without a known `instance`"
            )
        );
        let few = of(true, &[("a", 3), ("b", 1)]).expect("two").verdict;
        assert_eq!(
            few,
            "even over `instance`: a 3, b 1 (3 times, which so few iterations come to by chance)"
        );
    }

    #[test]
    fn what_names_no_instances_is_not_judged() {
        assert_eq!(of(false, &[("short", 80), ("long", 10)]), None);
        assert_eq!(of(true, &[("a", 80), ("unknown", 3)]), None);
        assert_eq!(of(true, &[("a", 80), ("b", 1), ("(other)", 3)]), None);
        let many: Vec<(String, u64)> = (0..20).map(|at| (format!("w{at:02}"), 20 - at)).collect();
        let many: Vec<(&str, u64)> = many
            .iter()
            .map(|(name, count)| (name.as_str(), *count))
            .collect();
        let verdict = of(true, &many).expect("many").verdict;
        assert!(verdict.contains("w03 17, 12 more, w16 4"), "{verdict}");
    }
}
