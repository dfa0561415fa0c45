//! How every metric of a plan goes along, session by session.

use std::collections::BTreeSet;

use super::drift::{Drift, drifts};
use super::entry::HistoryEntry;
use crate::gate::baseline::{Baseline, MetricPolicy, MetricScale, Setting};
use crate::gate::{Deviation, Normal};
use crate::metric::{Address, Better};
use crate::stats::multiple::holm;
use crate::stats::order::median;
use crate::stats::trend::Trend;
use crate::summary::Metric;
use crate::units::Unit;

/// The sessions of one plan that can be held against each other, and what became of their metrics.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Courses {
    /// Names of the sessions that are shown, the oldest first: the newest, and those of the same work and machine class.
    pub sessions: Vec<String>,
    /// The class of their machine, in words.
    pub class: String,
    /// Sessions left out, because they are no evidence or only a part of the plan was run,
    pub unusable: usize,
    /// did other work,
    pub other_work: usize,
    /// or ran on other machines.
    pub other_machines: usize,
    /// Whether the baseline knows sessions like these; `false` without a baseline.
    pub known: bool,
    /// Every metric that is compared, by name.
    pub metrics: Vec<Course>,
}

/// How one metric goes along.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// The metric's full address.
    pub metric: Address,
    /// Its base unit.
    pub unit: Unit,
    /// Which direction is good.
    pub better: Better,
    /// Its value in every session that has one, the oldest first; never empty.
    pub values: Vec<TrendValue>,
    /// Whether the slope is a share of the value; otherwise it is in the base unit.
    pub relative: bool,
    /// Theil and Sen's slope, from each session to the next; positive is more. `None` for one session.
    pub slope: Option<f64>,
    /// The probability of such a trend where there is none (Kendall), after Holm over all metrics of the plan.
    pub p: Option<f64>,
    /// The last session against the baseline.
    pub against: Option<Deviation>,
    /// That it drifts.
    pub drift: Option<Drift>,
}

/// The value of one session, in the base unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrendValue {
    /// The median of the runs; of a counted share, that of all of them.
    pub value: f64,
    /// It is worse than the value: the rank fell among what was given up.
    pub beyond: bool,
}

impl Courses {
    /// What the sessions of one plan, in any order, say beside its baseline.
    #[must_use]
    pub fn of(lines: &[&HistoryEntry], baseline: Option<&Baseline>) -> Self {
        let mut usable: Vec<&HistoryEntry> =
            lines.iter().copied().filter(|line| line.counts()).collect();
        usable.sort_by(|a, b| (&a.started, &a.session).cmp(&(&b.started, &b.session)));
        let unusable = lines.len() - usable.len();
        let Some(newest) = usable.last() else {
            return Self {
                unusable,
                ..Self::default()
            };
        };
        let words = newest.r#match.as_slice();
        let own = newest.setting(words);
        let class = own.class();
        let settings = || usable.iter().map(|line| (*line, line.setting(words)));
        let same = settings().filter(|(_, other)| other.same_work(&own) && other.class() == class);
        let shown: Vec<&HistoryEntry> = same.map(|(line, _)| line).collect();
        let other_work = settings()
            .filter(|(_, other)| !other.same_work(&own))
            .count();
        let normal = baseline.map(|baseline| Normal::of(baseline, words));
        let mut metrics = metrics(&shown, baseline, normal.as_ref(), &own);
        for drift in baseline
            .map(|baseline| drifts(lines, baseline, words))
            .unwrap_or_default()
        {
            let course = metrics
                .iter_mut()
                .find(|course| course.metric == drift.metric);
            course
                .into_iter()
                .for_each(|course| course.drift = Some(drift.clone()));
        }
        Self {
            sessions: shown.iter().map(|line| line.session.clone()).collect(),
            class,
            unusable,
            other_work,
            other_machines: usable.len() - other_work - shown.len(),
            known: normal.is_some_and(|normal| normal.knows(&own)),
            metrics,
        }
    }
}

fn metrics(
    shown: &[&HistoryEntry],
    baseline: Option<&Baseline>,
    normal: Option<&Normal<'_>>,
    own: &Setting,
) -> Vec<Course> {
    let names: BTreeSet<&Address> = shown.iter().flat_map(|line| line.metrics.keys()).collect();
    let course = |name: &&Address| {
        let compared = baseline.and_then(|baseline| baseline.metrics.get(*name));
        let mut course = course(name, shown, compared)?;
        let last = shown
            .iter()
            .rev()
            .find_map(|line| line.metrics.get(*name).filter(|metric| is_measured(metric)));
        course.against = normal.and_then(|normal| normal.deviation(name, own, &last?.runs));
        Some(course)
    };
    let mut metrics: Vec<Course> = names.iter().filter_map(course).collect();
    // A trend that could not be looked for is no evidence, and counts among the tests.
    let p: Vec<f64> = metrics
        .iter()
        .map(|course| course.p.unwrap_or(f64::NAN))
        .collect();
    for (course, adjusted) in metrics.iter_mut().zip(holm(&p)) {
        course.p = course.p.map(|_| adjusted);
    }
    metrics
}

/// The course of one metric, with the probability of its trend alone. `None` where no session has a value.
fn course(
    name: &Address,
    shown: &[&HistoryEntry],
    compared: Option<&MetricPolicy>,
) -> Option<Course> {
    let all = || {
        shown
            .iter()
            .enumerate()
            .filter_map(|(at, line)| Some((at, line.metrics.get(name)?)))
    };
    let newest = all().next_back()?.1;
    let measured = || all().filter(|(_, metric)| is_measured(metric) && metric.unit == newest.unit);
    let usual = MetricPolicy::within(newest.unit, newest.better, None);
    // What no direction is better of has no scale to be compared on, and is shown all the same.
    let scale = MetricScale::of(name, compared.unwrap_or(&usual)).ok();
    let values: Vec<(usize, TrendValue)> = measured()
        .filter_map(|(at, metric)| Some((at, value(metric, scale.as_ref())?)))
        .collect();
    let trend = scale.as_ref().and_then(|scale| {
        let points = values
            .iter()
            .map(|(at, own)| (*at as f64, scale.transform(own.value, false)));
        Trend::of(&points.collect::<Vec<_>>())
    });
    let relative = scale.as_ref().is_some_and(|scale| scale.logarithmic);
    Some(Course {
        metric: name.to_owned(),
        unit: newest.unit,
        better: newest.better,
        relative,
        slope: trend.map(|trend| {
            if relative {
                trend.slope.exp_m1()
            } else {
                trend.slope
            }
        }),
        p: trend.map(|trend| trend.p),
        against: None,
        drift: None,
        values: values.into_iter().map(|(_, value)| value).collect(),
    })
    .filter(|course| !course.values.is_empty())
}

fn is_measured(metric: &Metric) -> bool {
    !metric.runs.is_empty()
        && metric
            .runs
            .iter()
            .all(|run| run.value.is_some_and(f64::is_finite))
}

fn value(metric: &Metric, scale: Option<&MetricScale>) -> Option<TrendValue> {
    let place = scale.and_then(|scale| Some((scale.measured(&metric.runs)?, scale)));
    if let Some((place, scale)) = place
        && place.is_finite()
    {
        return Some(TrendValue {
            value: scale.value(place),
            beyond: false,
        });
    }
    // Of what is worse than its number, the number is what is known; zero has no logarithm and is a number all the same.
    let known: Option<Vec<f64>> = metric.runs.iter().map(|run| run.value).collect();
    let beyond = place.is_some_and(|(place, scale)| {
        place * scale.sign > 0.0 && metric.runs.iter().any(|run| run.beyond)
    });
    Some(TrendValue {
        value: median(&known?)?,
        beyond,
    })
}
