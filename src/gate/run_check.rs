//! How one bound stands in one run: by what was measured, and by what the generator's own lateness leaves of it.

use super::bound::{MetricBound, Operand};
use super::verdict::Mark;
use crate::metric::{Better, Owner};
use crate::summary::{LoadRun, MetricValue, Run, Summary, ThresholdLine};
use crate::units::Unit;

/// Errors that a reply itself shows, however late it was read.
const CONTENT_ERRORS: [&str; 4] = [
    "errors.status",
    "errors.check",
    "errors.server",
    "errors.protocol",
];

/// One threshold in one run of a session.
pub(super) struct RunCheck<'a> {
    pub(super) summary: &'a Summary,
    pub(super) line: &'a ThresholdLine,
    pub(super) bound: &'a MetricBound,
    pub(super) better: Better,
    /// From 0.
    pub(super) run: usize,
}

impl RunCheck<'_> {
    /// Whether the bound holds, and the value that says so.
    pub(super) fn judge(&self, measured: MetricValue) -> (Mark, MetricValue) {
        if matches!(self.bound, MetricBound::Any) {
            return (Mark::Pass, measured);
        }
        let trusted = self.own_run().is_none_or(|run| run.health.is_valid());
        let value = if trusted {
            measured
        } else {
            match self.by_content(measured) {
                Some(value) => value,
                None => return (Mark::NotJudged, measured),
            }
        };
        if value.value.is_some() && self.is_one_drop_by_default() {
            return (Mark::Pass, value);
        }
        let mark = mark(self.summary, self.bound, value, self.better, self.run);
        let mark = match mark {
            Mark::Missing if self.is_latency() && self.is_of_a_broken_load() => Mark::Crossed,
            Mark::Crossed if self.holds_corrected(value) => Mark::NotJudged,
            mark => mark,
        };
        (mark, value)
    }

    fn own_run(&self) -> Option<&Run> {
        self.summary.runs.get(self.run)
    }

    fn owner(&self) -> Option<Owner> {
        self.line.metric.owner()
    }

    fn own_loads(&self) -> impl Iterator<Item = &LoadRun> {
        let loads = self.own_run().into_iter().flat_map(|run| &run.loads);
        loads.filter(|load| self.line.metric.is_of(&load.owner()))
    }

    /// The bound would hold without the generator's own delays.
    fn holds_corrected(&self, value: MetricValue) -> bool {
        value.corrected.is_some_and(|corrected| {
            let value = MetricValue {
                value: Some(corrected),
                ..value
            };
            mark(self.summary, self.bound, value, self.better, self.run) == Mark::Pass
        })
    }

    /// What the replies themselves show in a run that is no evidence of times: `None` where the metric is about times.
    fn by_content(&self, measured: MetricValue) -> Option<MetricValue> {
        let owner = self.owner()?;
        let of = |quantity: &str| {
            let metric = self.summary.metrics.get(&owner.metric(quantity))?;
            metric.runs.get(self.run)?.value
        };
        let errors = || {
            CONTENT_ERRORS
                .iter()
                .filter_map(|name| of(name))
                .sum::<f64>()
        };
        let share = || {
            let started = of("started").filter(|started| *started > 0.0)?;
            Some(errors() / started)
        };
        let value = match self.line.metric.quantity() {
            "error_rate" if self.line.metric.step().is_none() => share()?,
            "success_rate" => 1.0 - share()? - of("rejection_rate").unwrap_or(0.0),
            "failed" => errors(),
            "rejection_rate" | "rejected" => return Some(measured),
            quantity if CONTENT_ERRORS.contains(&quantity) => return Some(measured),
            _ => return None,
        };
        Some(MetricValue {
            value: Some(value),
            corrected: None,
            ..measured
        })
    }

    /// The rule that holds without being written allows a single arrival to be dropped.
    fn is_one_drop_by_default(&self) -> bool {
        is_default(self.line, "drop_rate") && {
            let dropped = self.own_loads().map(LoadRun::dropped);
            dropped.sum::<u64>() <= 1
        }
    }

    /// A time that only iterations or steps that ended well have.
    fn is_latency(&self) -> bool {
        let kind = self.line.metric.kind();
        kind.is_some_and(|kind| kind.is_distribution() && kind.unit == Unit::Seconds)
    }

    fn is_of_a_broken_load(&self) -> bool {
        self.own_loads().any(is_broken)
    }
}

/// Whether a rule holds without being written, and is about this quantity.
pub(super) fn is_default(line: &ThresholdLine, quantity: &str) -> bool {
    line.line == 0 && line.told.is_none() && line.metric.quantity() == quantity
}

/// Nothing ended well although the target answered: the service is broken, and data is not missing.
pub(super) fn is_broken(load: &LoadRun) -> bool {
    load.counts.get("measured").is_some_and(|counts| {
        counts.ok == 0 && counts.failed + counts.timed_out > 0 && load.answered > 0
    })
}

fn mark(
    summary: &Summary,
    bound: &MetricBound,
    value: MetricValue,
    better: Better,
    run: usize,
) -> Mark {
    let Some(number) = value.value else {
        return Mark::Missing;
    };
    let operand = |operand: &Operand| operand_value(summary, operand, run);
    let holds = match bound {
        MetricBound::Any => Some(true),
        MetricBound::OneSided(side, limit) => operand(limit).map(|limit| {
            // What is known only to be worse than its value crosses every bound on that side.
            let lost = value.beyond && (side.is_upper() || better == Better::Higher);
            !lost && side.allows(number, limit)
        }),
        MetricBound::Between(low, high) => operand(low)
            .zip(operand(high))
            .map(|(low, high)| !value.beyond && low <= number && number <= high),
        MetricBound::Exactly(exact) => operand(exact)
            .map(|exact| !value.beyond && (number - exact).abs() <= 1e-9 * exact.abs().max(1e-3)),
    };
    match holds {
        Some(true) => Mark::Pass,
        Some(false) => Mark::Crossed,
        None => Mark::Missing,
    }
}

/// What a bound is compared with, in base units.
pub(super) fn operand_value(summary: &Summary, operand: &Operand, run: usize) -> Option<f64> {
    match operand {
        Operand::Value(value, _) => Some(value.value),
        Operand::Metric(factor, address) => {
            let value = summary.metrics.get(address)?.runs.get(run)?;
            value
                .value
                .filter(|_| !value.beyond)
                .map(|value| value * factor)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Counts;
    use crate::summary::{Demand, Metric, Run};

    fn line(metric: &str, bound: &str, line: usize) -> ThresholdLine {
        ThresholdLine {
            metric: metric.into(),
            bound: bound.to_owned(),
            demand: Demand::Must,
            file: String::new(),
            line,
            told: None,
        }
    }

    /// A session of one run with one load `a`, with these values.
    fn session(values: &[(&str, f64)]) -> Summary {
        let mut summary = Summary::empty("plan");
        summary.runs = vec![Run::empty(1)];
        summary.runs[0].loads = vec![LoadRun {
            load: "a".to_owned(),
            answered: 10,
            ..LoadRun::default()
        }];
        for (name, value) in values {
            summary.metrics.insert(
                (*name).into(),
                Metric {
                    unit: Unit::Seconds,
                    better: Better::Lower,
                    runs: vec![MetricValue {
                        value: Some(*value),
                        samples: 1000,
                        ..MetricValue::default()
                    }],
                },
            );
        }
        summary
    }

    fn judged(summary: &Summary, line: &ThresholdLine) -> (Mark, Option<f64>) {
        let bound = line.bound.parse().unwrap();
        let metric = summary.metrics.get(&line.metric);
        let measured = metric.map_or(MetricValue::default(), |metric| metric.runs[0]);
        let check = RunCheck {
            summary,
            line,
            bound: &bound,
            better: metric.map_or(Better::Lower, |metric| metric.better),
            run: 0,
        };
        let (mark, value) = check.judge(measured);
        (mark, value.value)
    }

    #[test]
    fn what_the_generator_added_itself_crosses_no_bound_and_holds_none() {
        let mut summary = session(&[("a.latency.p95", 0.230)]);
        let rule = line("a.latency.p95", "< 200ms", 3);
        assert_eq!(judged(&summary, &rule).0, Mark::Crossed);
        let metric = summary.metrics.get_mut(&rule.metric).unwrap();
        metric.runs[0].corrected = Some(0.190);
        assert_eq!(judged(&summary, &rule).0, Mark::NotJudged);
        let metric = summary.metrics.get_mut(&rule.metric).unwrap();
        metric.runs[0].corrected = Some(0.210);
        assert_eq!(
            judged(&summary, &rule).0,
            Mark::Crossed,
            "too slow in either way"
        );
        let held = line("a.latency.p95", "< 300ms", 3);
        assert_eq!(
            judged(&summary, &held).0,
            Mark::Pass,
            "evidence, however busy the machine"
        );
    }

    #[test]
    fn a_run_that_is_no_evidence_of_times_is_evidence_of_replies() {
        let mut summary = session(&[
            ("a.latency.p95", 0.1),
            ("a.error_rate", 0.5),
            ("a.started", 100.0),
            ("a.errors.status", 20.0),
            ("a.errors.timeout", 30.0),
        ]);
        summary.runs[0].health.invalid.push("stopped".to_owned());
        assert_eq!(
            judged(&summary, &line("a.latency.p95", "< 1s", 1)),
            (Mark::NotJudged, Some(0.1))
        );
        assert_eq!(
            judged(&summary, &line("a.error_rate", "< 10%", 1)),
            (Mark::Crossed, Some(0.2)),
            "timeouts may be the generator's, statuses are not"
        );
        assert_eq!(
            judged(&summary, &line("a.error_rate", "< 30%", 1)).0,
            Mark::Pass
        );
        assert_eq!(
            judged(&summary, &line("a.drop_rate", "< 30%", 1)).0,
            Mark::NotJudged
        );
    }

    #[test]
    fn a_service_that_answers_nothing_but_errors_crosses_every_bound_on_its_latency() {
        let mut summary = session(&[]);
        let counts = |ok, failed| Counts {
            planned: ok + failed,
            started: ok + failed,
            ok,
            failed,
            ..Counts::default()
        };
        let rule = line("a.latency.p95", "< 1h", 1);
        for (ok, failed, answered, expected) in [
            (0, 40, 40, Mark::Crossed),
            (0, 40, 0, Mark::Missing),
            (1, 39, 40, Mark::Missing),
        ] {
            let load = &mut summary.runs[0].loads[0];
            load.counts
                .insert("measured".to_owned(), counts(ok, failed));
            load.answered = answered;
            assert_eq!(judged(&summary, &rule).0, expected, "{ok} ok of {failed}");
        }
        assert_eq!(judged(&summary, &line("a.wer", "< 5%", 1)).0, Mark::Missing);
        assert_eq!(
            judged(&summary, &line("a.latency.p95", "any", 1)).0,
            Mark::Pass
        );
    }

    #[test]
    fn one_dropped_arrival_crosses_a_written_rule_alone() {
        let mut summary = session(&[("a.drop_rate", 0.01)]);
        let counts = |dropped| Counts {
            planned: 100,
            started: 100 - dropped,
            ok: 100 - dropped,
            dropped,
            ..Counts::default()
        };
        for (dropped, at, expected) in [
            (1, 0, Mark::Pass),
            (2, 0, Mark::Crossed),
            (1, 7, Mark::Crossed),
        ] {
            let load = &mut summary.runs[0].loads[0];
            load.counts.insert("measured".to_owned(), counts(dropped));
            assert_eq!(
                judged(&summary, &line("a.drop_rate", "<= 0.1%", at)).0,
                expected,
                "{dropped} dropped, line {at}"
            );
        }
    }
}
