//! A session by the thresholds of its plan.

use super::bound::MetricBound;
use super::run_check::{RunCheck, operand_value};
use super::verdict::{Mark, RunValue, ThresholdVerdict};
use crate::metric::{Address, Better, Stat};
use crate::summary::{
    Demand, LoadRun, Metric, MetricValue, SAMPLES_BEYOND, Summary, ThresholdLine, Told,
};
use crate::units::Unit;

/// Every threshold of the sessions: it must hold in every run of each.
pub(super) fn thresholds(sessions: &[Summary]) -> Vec<ThresholdVerdict> {
    let mut all: Vec<ThresholdVerdict> = Vec::new();
    for summary in sessions {
        for line in &summary.thresholds {
            let own = threshold(summary, line);
            let same = |known: &&mut ThresholdVerdict| {
                (&known.metric, &known.bound, known.demand) == (&own.metric, &own.bound, own.demand)
            };
            match all.iter_mut().find(same) {
                Some(known) => known.join(own),
                None => all.push(own),
            }
        }
    }
    all
}

impl ThresholdVerdict {
    /// Adds the runs of a further session.
    fn join(&mut self, other: Self) {
        let before = self.runs.len() as u64;
        if other.mark.gravity() > self.mark.gravity() {
            self.mark = other.mark;
            self.limit = other.limit;
            self.worst_run = if other.worst_run == 0 {
                0
            } else {
                before + other.worst_run
            };
        }
        self.crossed_sessions += other.crossed_sessions;
        self.few_samples |= other.few_samples;
        self.told_by = self.told_by.take().or(other.told_by);
        self.runs.extend(other.runs);
    }
}

impl Mark {
    const fn gravity(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Missing => 1,
            Self::NotJudged => 2,
            Self::Suspect => 3,
            Self::Crossed => 4,
        }
    }
}

/// Whether a phase passed in the run that the metrics at `run` belong to: what its `must_pass` asks.
#[must_use]
pub fn phase_passes(
    summary: &Summary,
    phase: &str,
    loads: &[LoadRun],
    aborted: bool,
    run: usize,
) -> bool {
    let held = |line: &&ThresholdLine| {
        let metric = summary.metrics.get(&line.metric);
        let value = metric
            .and_then(|metric| metric.runs.get(run))
            .copied()
            .unwrap_or_default();
        let better = metric.map_or(Better::Neither, |metric| metric.better);
        line.bound.parse().is_ok_and(|bound| {
            let check = RunCheck {
                summary,
                line,
                bound: &bound,
                better,
                run,
            };
            check.judge(value).0 == Mark::Pass
        })
    };
    let mine =
        |line: &&ThresholdLine| line.demand == Demand::Must && line.metric.is_in_phase(phase);
    let mut loads = loads
        .iter()
        .filter(|load| load.phase.as_deref() == Some(phase));
    !aborted
        && summary
            .thresholds
            .iter()
            .filter(mine)
            .all(|line| held(&line))
        && !loads.any(nothing_ok)
}

/// Nothing ended well.
pub(super) fn nothing_ok(load: &LoadRun) -> bool {
    load.counts
        .get("measured")
        .is_none_or(|counts| counts.ok == 0)
}

fn threshold(summary: &Summary, line: &ThresholdLine) -> ThresholdVerdict {
    let metric = summary.metrics.get(&line.metric);
    let bound: Option<MetricBound> = line.bound.parse().ok();
    let none = MetricValue::default();
    let values: Vec<MetricValue> = (0..summary.runs.len().max(1))
        .map(|run| {
            metric
                .and_then(|m| m.runs.get(run))
                .copied()
                .unwrap_or(none)
        })
        .collect();
    let better = metric.map_or(Better::Neither, |m| m.better);
    let unit = metric.map_or(Unit::Count, |m| m.unit);
    let judged = values.iter().enumerate().map(|(run, value)| match &bound {
        Some(bound) => {
            let check = RunCheck {
                summary,
                line,
                bound,
                better,
                run,
            };
            check.judge(*value)
        }
        None => (Mark::Missing, *value),
    });
    let (own, values): (Vec<Mark>, Vec<MetricValue>) = judged.unzip();
    let can_judge = metric.is_some() && bound.is_some();
    let marks: Vec<Mark> = own
        .iter()
        .map(|own| settled(*own, can_judge, line.told))
        .collect();
    let gravest = marks.iter().copied().max_by_key(|mark| mark.gravity());
    let mark = gravest.unwrap_or(Mark::Pass);
    let worst = worst(&values, &marks, mark, bound.as_ref());
    ThresholdVerdict {
        metric: line.metric.clone(),
        bound: line.bound.clone(),
        mark,
        unit,
        runs: values
            .iter()
            .map(|value| RunValue {
                value: value.value,
                beyond: value.beyond,
                corrected: value.corrected,
            })
            .collect(),
        worst_run: worst.map_or(0, |at| at as u64 + 1),
        limit: bound
            .as_ref()
            .and_then(|bound| limit(summary, bound, worst.unwrap_or(0))),
        demand: line.demand,
        few_samples: few_samples(&line.metric, metric),
        crossed_sessions: u64::from(mark == Mark::Crossed),
        told_by: summary
            .origin
            .as_ref()
            .filter(|_| marks != own)
            .map(|origin| origin.tool.clone()),
        file: line.file.clone(),
        line: line.line,
    }
}

/// What another tool says of its own threshold: that it is crossed always counts, that it holds only where perfgate cannot judge
/// it. It is no evidence where perfgate finds no data: a tool may call what it has never measured good.
const fn settled(own: Mark, can_judge: bool, told: Option<Told>) -> Mark {
    match (told, own) {
        (Some(Told::Crossed), _) => Mark::Crossed,
        (Some(Told::Held), Mark::Missing) if !can_judge => Mark::Pass,
        (_, own) => own,
    }
}

fn limit(summary: &Summary, bound: &MetricBound, run: usize) -> Option<f64> {
    match bound {
        MetricBound::OneSided(_, operand) | MetricBound::Exactly(operand) => {
            operand_value(summary, operand, run)
        }
        MetricBound::Between(..) | MetricBound::Any => None,
    }
}

/// The run to show: among those that decide, the one furthest on the wrong side.
fn worst(
    values: &[MetricValue],
    marks: &[Mark],
    mark: Mark,
    bound: Option<&MetricBound>,
) -> Option<usize> {
    let low_is_bad = matches!(bound, Some(MetricBound::OneSided(side, _)) if !side.is_upper());
    let badness = |at: &usize| {
        let value = values[*at];
        let number = value.value.unwrap_or(f64::NAN);
        (value.beyond, if low_is_bad { -number } else { number })
    };
    (0..values.len())
        .filter(|at| marks[*at] == mark && values[*at].value.is_some())
        .max_by(|a, b| {
            badness(a)
                .0
                .cmp(&badness(b).0)
                .then(badness(a).1.total_cmp(&badness(b).1))
        })
}

fn few_samples(address: &Address, metric: Option<&Metric>) -> bool {
    let Some(Stat::Percentile(share)) = address.statistic() else {
        return false;
    };
    metric.is_some_and(|m| {
        m.runs
            .iter()
            .any(|run| (run.samples as f64) * (1.0 - share) < SAMPLES_BEYOND)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(value: f64) -> MetricValue {
        MetricValue {
            value: Some(value),
            samples: 1000,
            ..MetricValue::default()
        }
    }

    fn held(bound: &str, value: MetricValue, better: Better) -> Mark {
        let line = ThresholdLine {
            metric: "a.latency.p95".into(),
            bound: bound.to_owned(),
            demand: Demand::Must,
            file: String::new(),
            line: 3,
            told: None,
        };
        let check = RunCheck {
            summary: &crate::summary::Summary::empty("plan"),
            line: &line,
            bound: &bound.parse().unwrap(),
            better,
            run: 0,
        };
        check.judge(value).0
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
            assert_eq!(
                held(bound, value(number), Better::Lower),
                expected,
                "{number} {bound}"
            );
        }
    }

    #[test]
    fn no_data_is_never_a_pass_and_what_is_beyond_crosses_every_upper_bound() {
        assert_eq!(
            held("< 2s", MetricValue::default(), Better::Lower),
            Mark::Missing
        );
        let beyond = MetricValue {
            beyond: true,
            ..value(1.0)
        };
        assert_eq!(held("< 1h", beyond, Better::Lower), Mark::Crossed);
        assert_eq!(
            held("> 5", beyond, Better::Higher),
            Mark::Crossed,
            "of a factor, what is lost is lower"
        );
    }

    #[test]
    fn every_run_must_hold_and_the_worst_is_named() {
        let mut summary = crate::summary::Summary::empty("plan");
        summary.runs = (1..=3).map(crate::summary::Run::empty).collect();
        let runs = [0.5, 2.5, 1.0].map(value).to_vec();
        summary.metrics.insert(
            "a.latency.p95".into(),
            Metric {
                unit: Unit::Seconds,
                better: Better::Lower,
                runs,
            },
        );
        let line = ThresholdLine {
            metric: "a.latency.p95".into(),
            bound: "< 2s".to_owned(),
            demand: Demand::Must,
            file: String::new(),
            line: 3,
            told: None,
        };
        let judged = threshold(&summary, &line);
        assert_eq!(
            (judged.mark, judged.worst_run, judged.limit),
            (Mark::Crossed, 2, Some(2.0))
        );
        let gone = threshold(
            &summary,
            &ThresholdLine {
                metric: "a.wer".into(),
                ..line
            },
        );
        assert_eq!((gone.mark, gone.worst_run), (Mark::Missing, 0));
    }

    #[test]
    fn the_word_of_another_tool_counts_but_is_no_data() {
        use Mark::{Crossed, Missing, Pass};
        for (own, can_judge, told, expected) in [
            (Pass, true, None, Pass),
            (Missing, false, None, Missing),
            (Pass, true, Some(Told::Held), Pass),
            (Crossed, true, Some(Told::Held), Crossed),
            (Missing, false, Some(Told::Held), Pass),
            (Missing, true, Some(Told::Held), Missing),
            (Pass, true, Some(Told::Crossed), Crossed),
            (Missing, true, Some(Told::Crossed), Crossed),
            (Missing, false, Some(Told::Crossed), Crossed),
        ] {
            assert_eq!(
                settled(own, can_judge, told),
                expected,
                "{own:?} {can_judge} {told:?}"
            );
        }
    }
}
