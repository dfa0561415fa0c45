//! Judges a session by the thresholds of its plan.

use super::abort::ABORT_SECONDS;
use super::bound::{Bound, Operand};
use super::verdict::{Mark, Overall, RunValue, SCHEMA, ThresholdVerdict, VERSION, Verdict};
use crate::metric::{Better, Stat};
use crate::summary::{Aborted, Demand, Interruption, LoadRun, Metric, MetricValue, Run, Summary, ThresholdLine};
use crate::units::{Unit, print};

/// With fewer samples beyond a percentile than this, its value is mostly chance.
const SAMPLES_BEYOND: f64 = 10.0;

/// The verdict of one session. A threshold must hold in every run.
#[must_use]
pub fn judge(summary: &Summary) -> Verdict {
    let thresholds: Vec<_> = summary.thresholds.iter().map(|line| threshold(summary, line)).collect();
    let invalid = invalid(summary);
    let overall = overall(summary, &thresholds, &invalid);
    Verdict {
        schema: format!("{SCHEMA}/{VERSION}"),
        verdict: overall,
        exit_code: exit_code(overall, summary),
        sentence: sentence(overall, summary, &thresholds, &invalid),
        sessions: vec![summary.session.clone()],
        baseline: None,
        invalid,
        thresholds,
        notes: notes(summary),
    }
}

/// Whether a phase passed in the run that the metrics at `run` belong to: what its `must_pass` asks.
#[must_use]
pub fn phase_passes(summary: &Summary, phase: &str, loads: &[LoadRun], aborted: bool, run: usize) -> bool {
    let own = format!("{phase}/");
    let held = |line: &&ThresholdLine| {
        let metric = summary.metrics.get(&line.metric);
        let value = metric.and_then(|metric| metric.runs.get(run)).copied().unwrap_or_default();
        let better = metric.map_or(Better::Neither, |metric| metric.better);
        line.bound.parse().is_ok_and(|bound| mark(summary, &bound, value, better, run) == Mark::Pass)
    };
    let mine = |line: &&ThresholdLine| line.demand == Demand::Must && line.metric.starts_with(&own);
    let mut loads = loads.iter().filter(|load| load.phase.as_deref() == Some(phase));
    !aborted && summary.thresholds.iter().filter(mine).all(|line| held(&line)) && !loads.any(nothing_ok)
}

/// Nothing ended well.
fn nothing_ok(load: &LoadRun) -> bool {
    load.counts.get("measured").is_none_or(|counts| counts.ok == 0)
}

fn invalid(summary: &Summary) -> Vec<String> {
    let many = summary.runs.len() > 1;
    let prefix = |run: &Run| if many { format!("run {}: ", run.number) } else { String::new() };
    summary.runs.iter().flat_map(|run| run.health.invalid.iter().map(move |why| prefix(run) + why)).collect()
}

fn notes(summary: &Summary) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for run in &summary.runs {
        notes.extend(run.health.notes.iter().cloned());
        if run.samples_lost > 0 {
            notes.push(format!(
                "{} raw samples were not kept because the disk was too slow; no number depends on them",
                run.samples_lost
            ));
        }
        notes.extend(run.aborted.iter().map(|one| format!("ended early after {:.0} s: {}", one.at_s, early_end(one))));
        let skipped = run.phases.iter().filter_map(|phase| Some((phase, phase.skipped.as_ref()?)));
        notes.extend(skipped.map(|(phase, why)| format!("phase `{}` was not run: {why}", phase.name)));
    }
    notes.extend(littles_law(summary));
    notes.dedup();
    notes
}

/// Throughput × latency can never exceed the number of users of a closed loop: where it does, a number is wrong.
fn littles_law(summary: &Summary) -> Vec<String> {
    let value = |address: String, run: usize| summary.metrics.get(&address)?.runs.get(run)?.value;
    let mut found = Vec::new();
    for load in summary.loads.iter().filter(|load| !load.open) {
        for run in 0..summary.runs.len() {
            let throughput = value(format!("{}.throughput", load.address()), run);
            let latency = value(format!("{}.latency.mean", load.address()), run);
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

fn threshold(summary: &Summary, line: &ThresholdLine) -> ThresholdVerdict {
    let metric = summary.metrics.get(&line.metric);
    let bound: Option<Bound> = line.bound.parse().ok();
    let none = MetricValue::default();
    let values: Vec<MetricValue> = (0..summary.runs.len().max(1))
        .map(|run| metric.and_then(|m| m.runs.get(run)).copied().unwrap_or(none))
        .collect();
    let better = metric.map_or(Better::Neither, |m| m.better);
    let unit = metric.map_or(Unit::Count, |m| m.unit);
    let marks: Vec<Mark> = values
        .iter()
        .enumerate()
        .map(|(run, value)| match &bound {
            Some(bound) => mark(summary, bound, *value, better, run),
            None => Mark::Missing,
        })
        .collect();
    let mark = [Mark::Crossed, Mark::Missing].into_iter().find(|mark| marks.contains(mark)).unwrap_or(Mark::Pass);
    let worst = worst(&values, &marks, mark, bound.as_ref());
    ThresholdVerdict {
        metric: line.metric.clone(),
        bound: line.bound.clone(),
        mark,
        unit,
        runs: values.iter().map(|value| RunValue { value: value.value, beyond: value.beyond }).collect(),
        worst_run: worst.map_or(0, |at| at as u64 + 1),
        limit: bound.as_ref().and_then(|bound| limit(summary, bound, worst.unwrap_or(0))),
        demand: line.demand,
        few_samples: few_samples(&line.metric, metric),
        file: line.file.clone(),
        line: line.line,
    }
}

fn mark(summary: &Summary, bound: &Bound, value: MetricValue, better: Better, run: usize) -> Mark {
    let Some(number) = value.value else { return Mark::Missing };
    let operand = |operand: &Operand| operand_value(summary, operand, run);
    let holds = match bound {
        Bound::Any => Some(true),
        Bound::OneSided(side, limit) => operand(limit).map(|limit| {
            // What is known only to be worse than its value crosses every bound on that side.
            let lost = value.beyond && (side.is_upper() || better == Better::Higher);
            !lost && side.allows(number, limit)
        }),
        Bound::Between(low, high) => {
            operand(low).zip(operand(high)).map(|(low, high)| !value.beyond && low <= number && number <= high)
        }
        Bound::Exactly(exact) => {
            operand(exact).map(|exact| !value.beyond && (number - exact).abs() <= 1e-9 * exact.abs().max(1e-3))
        }
    };
    match holds {
        Some(true) => Mark::Pass,
        Some(false) => Mark::Crossed,
        None => Mark::Missing,
    }
}

fn operand_value(summary: &Summary, operand: &Operand, run: usize) -> Option<f64> {
    match operand {
        Operand::Value(value, _) => Some(value.value),
        Operand::Metric(factor, address) => {
            let value = summary.metrics.get(address)?.runs.get(run)?;
            value.value.filter(|_| !value.beyond).map(|value| value * factor)
        }
    }
}

fn limit(summary: &Summary, bound: &Bound, run: usize) -> Option<f64> {
    match bound {
        Bound::OneSided(_, operand) | Bound::Exactly(operand) => operand_value(summary, operand, run),
        Bound::Between(..) | Bound::Any => None,
    }
}

/// The run to show: among those that decide, the one furthest on the wrong side.
fn worst(values: &[MetricValue], marks: &[Mark], mark: Mark, bound: Option<&Bound>) -> Option<usize> {
    let low_is_bad = matches!(bound, Some(Bound::OneSided(side, _)) if !side.is_upper());
    let badness = |at: &usize| {
        let value = values[*at];
        let number = value.value.unwrap_or(f64::NAN);
        (value.beyond, if low_is_bad { -number } else { number })
    };
    (0..values.len())
        .filter(|at| marks[*at] == mark && values[*at].value.is_some())
        .max_by(|a, b| badness(a).0.cmp(&badness(b).0).then(badness(a).1.total_cmp(&badness(b).1)))
}

fn few_samples(address: &str, metric: Option<&Metric>) -> bool {
    let stat = address.rsplit('.').next().and_then(Stat::named);
    let Some(Stat::Percentile(share)) = stat else { return false };
    metric.is_some_and(|m| m.runs.iter().any(|run| (run.samples as f64) * (1.0 - share) < SAMPLES_BEYOND))
}

fn overall(summary: &Summary, thresholds: &[ThresholdVerdict], invalid: &[String]) -> Overall {
    let must = |t: &&ThresholdVerdict| t.demand == Demand::Must;
    let any = |mark: Mark| thresholds.iter().filter(must).any(|t| t.mark == mark);
    let loads = || summary.runs.iter().flat_map(|run| &run.loads);
    let aborted = summary.runs.iter().any(|run| !run.aborted.is_empty());
    if summary.interrupted.is_some() {
        Overall::Interrupted
    } else if summary.not_ready.is_some() {
        Overall::NotReady
    } else if loads().all(|load| load.answered == 0) {
        Overall::NeverAnswered
    } else if !invalid.is_empty() {
        Overall::Invalid
    } else if any(Mark::Crossed) || aborted {
        Overall::Fail
    } else if any(Mark::Missing) || loads().any(nothing_ok) {
        Overall::Missing
    } else {
        Overall::Pass
    }
}

const fn exit_code(overall: Overall, summary: &Summary) -> u8 {
    match overall {
        Overall::Pass => 0,
        Overall::Fail => 1,
        Overall::Invalid | Overall::Missing => 4,
        Overall::NeverAnswered | Overall::NotReady | Overall::Unwritten => 5,
        Overall::Interrupted => match summary.interrupted {
            Some(Interruption::Sigterm) => 143,
            _ => 130,
        },
    }
}

/// `asr.error_rate was 40.0 % over the last 10 s, where < 10% must hold`.
fn early_end(aborted: &Aborted) -> String {
    let value = print(aborted.value, aborted.unit);
    format!("{} was {value} over the last {ABORT_SECONDS} s, where {} must hold", aborted.metric, aborted.bound)
}

fn sentence(overall: Overall, summary: &Summary, thresholds: &[ThresholdVerdict], invalid: &[String]) -> String {
    let must: Vec<_> = thresholds.iter().filter(|t| t.demand == Demand::Must).collect();
    let of = |mark: Mark| must.iter().filter(|t| t.mark == mark).count();
    let (total, crossed, missing) = (must.len(), of(Mark::Crossed), of(Mark::Missing));
    match overall {
        Overall::Pass => {
            let held = match total {
                0 => "the plan has no thresholds to cross".to_owned(),
                1 => "the only threshold holds".to_owned(),
                _ => format!("all {total} thresholds hold"),
            };
            let should = thresholds.iter().filter(|t| t.demand == Demand::Should && t.mark == Mark::Crossed).count();
            match should {
                0 => held,
                1 => format!("{held}, with 1 warning"),
                _ => format!("{held}, with {should} warnings"),
            }
        }
        Overall::Fail if crossed == 0 => {
            let first = summary.runs.iter().flat_map(|run| &run.aborted).next();
            first.map_or(String::new(), |first| format!("the load was ended early: {}", early_end(first)))
        }
        Overall::Fail => format!("{crossed} of {total} thresholds {} crossed", if crossed == 1 { "is" } else { "are" }),
        Overall::Invalid => {
            format!("the generator did not do what the plan says: {}", invalid.first().map_or("", String::as_str))
        }
        Overall::Missing if missing > 0 => {
            format!("{missing} of {total} thresholds {} no data", if missing == 1 { "has" } else { "have" })
        }
        Overall::Missing => "no iteration ended well, so nothing was measured".to_owned(),
        Overall::NeverAnswered => {
            let first = summary.runs.iter().flat_map(|run| &run.errors).next();
            let why = first.map_or(String::new(), |error| format!(": {}", error.message));
            format!("the target never answered{why}")
        }
        Overall::NotReady => summary.not_ready.clone().unwrap_or_default(),
        Overall::Unwritten => "results could not be written".to_owned(),
        Overall::Interrupted => {
            format!("a signal ended the session; until then {} of {total} thresholds held", of(Mark::Pass))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(value: f64) -> MetricValue {
        MetricValue { value: Some(value), beyond: false, samples: 1000 }
    }

    fn held(bound: &str, value: MetricValue, better: Better) -> Mark {
        let summary = crate::summary::Summary::empty("plan");
        mark(&summary, &bound.parse().unwrap(), value, better, 0)
    }

    #[test]
    fn a_bound_holds_at_its_limit_as_its_sign_says() {
        for (bound, number, expected) in [
            ("< 2s", 2.0, Mark::Crossed),
            ("<= 2s", 2.0, Mark::Pass),
            ("< 2s", 1.999, Mark::Pass),
            ("> 95%", 0.95, Mark::Crossed),
            (">= 95%", 0.95, Mark::Pass),
            ("1s .. 3s", 3.0, Mark::Pass),
            ("1s .. 3s", 3.001, Mark::Crossed),
            ("0", 0.0, Mark::Pass),
            ("0%", 0.001, Mark::Crossed),
            ("any", 99.0, Mark::Pass),
        ] {
            assert_eq!(held(bound, value(number), Better::Lower), expected, "{number} {bound}");
        }
    }

    #[test]
    fn no_data_is_never_a_pass_and_what_is_beyond_crosses_every_upper_bound() {
        assert_eq!(held("< 2s", MetricValue::default(), Better::Lower), Mark::Missing);
        let beyond = MetricValue { beyond: true, ..value(1.0) };
        assert_eq!(held("< 1h", beyond, Better::Lower), Mark::Crossed);
        assert_eq!(held("> 5", beyond, Better::Higher), Mark::Crossed, "of a factor, what is lost is lower");
    }

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
        }];
        let metric = |unit, number| Metric { unit, better: Better::Neither, runs: vec![value(number)] };
        summary.metrics.insert("a.latency.mean".to_owned(), metric(Unit::Seconds, 0.476));
        for (throughput, contradicts) in [(8.4, false), (10.5, true)] {
            summary.metrics.insert("a.throughput".to_owned(), metric(Unit::PerSecond, throughput));
            assert_eq!(littles_law(&summary).len(), usize::from(contradicts), "{throughput}/s");
        }
    }

    #[test]
    fn every_run_must_hold_and_the_worst_is_named() {
        let mut summary = crate::summary::Summary::empty("plan");
        summary.runs = (1..=3).map(crate::summary::Run::empty).collect();
        let runs = [0.5, 2.5, 1.0].map(value).to_vec();
        summary.metrics.insert("a.latency.p95".to_owned(), Metric { unit: Unit::Seconds, better: Better::Lower, runs });
        let line = ThresholdLine {
            metric: "a.latency.p95".to_owned(),
            bound: "< 2s".to_owned(),
            demand: Demand::Must,
            file: String::new(),
            line: 3,
        };
        let judged = threshold(&summary, &line);
        assert_eq!((judged.mark, judged.worst_run, judged.limit), (Mark::Crossed, 2, Some(2.0)));
        let gone = threshold(&summary, &ThresholdLine { metric: "a.wer".to_owned(), ..line });
        assert_eq!((gone.mark, gone.worst_run), (Mark::Missing, 0));
    }
}
