//! How the metrics of a plan go along over its sessions.

use crate::gate::amount;
use crate::history::{Course, Courses, Drift, TrendValue};
use crate::metric::{Address, Better};
use crate::report::text::{Tone, clean, plural};
use crate::stats::order::median;
use crate::units::{Unit, print, print_apart};

/// Heights of a small chart, the lowest first.
const HEIGHTS: [char; 5] = ['▁', '▂', '▃', '▅', '▇'];
/// A chart is at most so wide; of more sessions each place is the median of several.
const PLACES: usize = 12;
/// A trend less likely by chance is spoken of.
const SURE: f64 = 0.01;
/// Probabilities below this are only said to be.
const SMALL: f64 = 0.001;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TrendView {
    pub(crate) plan: String,
    /// `9 sessions`, from when to when, on which machine.
    pub(crate) facts: Vec<String>,
    /// `left out: 2 of other work, 1 on other machines`; `None` where nothing is.
    pub(crate) left_out: Option<String>,
    pub(crate) rows: Vec<TrendRow>,
    pub(crate) drifts: Vec<String>,
    /// `✓`, `▲` or `–`.
    pub(crate) shape: &'static str,
    pub(crate) tone: Tone,
    pub(crate) conclusion: String,
}

/// One metric. Texts that make no sense without a baseline are empty there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TrendRow {
    pub(crate) metric: String,
    pub(crate) sessions: String,
    pub(crate) first: String,
    pub(crate) last: String,
    pub(crate) baseline: String,
    /// The last session against it: `+6.1 %`.
    pub(crate) change: String,
    /// From each session to the next: `+0.4 %`.
    pub(crate) slope: String,
    /// The probability of such a trend by chance.
    pub(crate) p: String,
    /// `drift`, or `–`.
    pub(crate) drift: String,
    pub(crate) drifts: bool,
    pub(crate) chart: String,
}

impl TrendView {
    /// One plan, beside the baseline of this name. `metrics` says which are shown.
    pub(crate) fn of(
        plan: &str,
        courses: &Courses,
        baseline: Option<&str>,
        metrics: &dyn Fn(&Address) -> bool,
    ) -> Self {
        let shown: Vec<&Course> = courses
            .metrics
            .iter()
            .filter(|course| metrics(&course.metric))
            .collect();
        let drifts: Vec<String> = shown
            .iter()
            .filter_map(|course| course.drift.as_ref())
            .map(|drift| clean(&drift.sentence()))
            .collect();
        let (shape, tone, conclusion) = match (baseline, drifts.len()) {
            (None, _) => (
                "–",
                Tone::Dim,
                "no drift is looked for: there is no baseline".to_owned(),
            ),
            (Some(file), 0) if !courses.known => {
                let why = format!(
                    "no drift is looked for: nothing in {file} is comparable with these sessions"
                );
                ("–", Tone::Warn, why)
            }
            (Some(file), 0) => match creeping(&shown) {
                None => ("✓", Tone::Good, format!("no metric drifts from {file}")),
                Some(metric) => {
                    let why = format!(
                        "no metric drifts from {file} yet; `{metric}` goes the wrong way, and not by chance"
                    );
                    ("▲", Tone::Warn, why)
                }
            },
            (Some(file), 1) => ("▲", Tone::Warn, format!("1 metric drifts from {file}")),
            (Some(file), many) => ("▲", Tone::Warn, format!("{many} metrics drift from {file}")),
        };
        Self {
            plan: clean(plan),
            facts: facts(courses),
            left_out: left_out(courses),
            rows: shown
                .iter()
                .map(|course| TrendRow::of(course, baseline.is_some()))
                .collect(),
            drifts,
            shape,
            tone,
            conclusion: clean(&conclusion),
        }
    }
}

/// A metric that becomes worse from session to session, although not so much yet that it drifts.
fn creeping<'a>(shown: &[&'a Course]) -> Option<&'a str> {
    let worse = |course: &&&Course| {
        let sign = if course.better == Better::Higher {
            -1.0
        } else {
            1.0
        };
        course.p.is_some_and(|p| p < SURE) && course.slope.is_some_and(|slope| sign * slope > 0.0)
    };
    shown
        .iter()
        .find(worse)
        .map(|course| course.metric.as_str())
}

fn facts(courses: &Courses) -> Vec<String> {
    let mut facts = vec![plural(courses.sessions.len() as u64, "session")];
    if let (Some(first), Some(last)) = (courses.sessions.first(), courses.sessions.last()) {
        facts.push(if first == last {
            clean(first)
        } else {
            clean(&format!("{first} to {last}"))
        });
        facts.push(clean(&courses.class));
    }
    facts
}

fn left_out(courses: &Courses) -> Option<String> {
    let why = [
        (courses.other_work, "of other work"),
        (courses.other_machines, "on other machines"),
        (courses.unusable, "interrupted, invalid or run in part"),
    ];
    let said: Vec<String> = why
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(n, why)| format!("{n} {why}"))
        .collect();
    (!said.is_empty()).then(|| format!("left out: {}", said.join(", ")))
}

impl TrendRow {
    fn of(course: &Course, with_baseline: bool) -> Self {
        let (first, last) = (course.values[0], course.values[course.values.len() - 1]);
        let (shown_first, shown_last) = print_apart(first.value, last.value, course.unit);
        let against = |text: &dyn Fn(&crate::gate::Deviation) -> String| match (
            &course.against,
            with_baseline,
        ) {
            (_, false) => String::new(),
            (Some(against), true) => text(against),
            (None, true) => "–".to_owned(),
        };
        let drift = |drift: &Option<Drift>| if drift.is_some() { "drift" } else { "–" }.to_owned();
        Self {
            metric: clean(&course.metric),
            sessions: course.values.len().to_string(),
            first: bounded(first, shown_first, course.better),
            last: bounded(last, shown_last, course.better),
            baseline: against(&|against| print_apart(against.normal, last.value, course.unit).0),
            change: against(&|against| match against.shown() {
                change if change.is_finite() => signed(change, course.unit, against.relative),
                _ => "far".to_owned(),
            }),
            slope: course.slope.map_or("–".to_owned(), |slope| {
                signed(slope, course.unit, course.relative)
            }),
            p: course.p.map_or("–".to_owned(), |p| match p {
                p if p < SMALL => format!("< {SMALL}"),
                p => print(p, Unit::Count),
            }),
            drift: if with_baseline {
                drift(&course.drift)
            } else {
                String::new()
            },
            drifts: course.drift.is_some(),
            chart: chart(&course.values),
        }
    }
}

fn bounded(value: TrendValue, text: String, better: Better) -> String {
    match (value.beyond, better) {
        (false, _) => text,
        (true, Better::Higher) => format!("< {text}"),
        (true, _) => format!("> {text}"),
    }
}

fn signed(change: f64, unit: Unit, relative: bool) -> String {
    let sign = if change < 0.0 { "−" } else { "+" };
    format!("{sign}{}", amount(change.abs(), unit, relative))
}

/// The values as heights between the least and the greatest; all in the middle where they are equal.
fn chart(values: &[TrendValue]) -> String {
    let all: Vec<f64> = values.iter().map(|value| value.value).collect();
    let places: Vec<f64> = all
        .chunks(all.len().div_ceil(PLACES).max(1))
        .filter_map(median)
        .collect();
    let (low, high) = places
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
            (l.min(*v), h.max(*v))
        });
    let height = |value: &f64| {
        let share = if high > low {
            (value - low) / (high - low)
        } else {
            0.5
        };
        HEIGHTS[((share * HEIGHTS.len() as f64) as usize).min(HEIGHTS.len() - 1)]
    };
    places.iter().map(height).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(of: &[f64]) -> Vec<TrendValue> {
        of.iter()
            .map(|value| TrendValue {
                value: *value,
                beyond: false,
            })
            .collect()
    }

    #[test]
    fn a_chart_shows_the_shape_whatever_the_number_of_sessions() {
        assert_eq!(chart(&values(&[1.0, 2.0, 3.0, 4.0, 5.0])), "▁▂▃▅▇");
        assert_eq!(chart(&values(&[2.0, 2.0])), "▃▃");
        let many: Vec<f64> = (0..500).map(f64::from).collect();
        let chart = chart(&values(&many));
        assert!(
            chart.chars().count() <= PLACES && chart.starts_with('▁') && chart.ends_with('▇'),
            "{chart}"
        );
    }

    #[test]
    fn what_is_worse_than_its_number_says_so() {
        let beyond = TrendValue {
            value: 2.0,
            beyond: true,
        };
        assert_eq!(bounded(beyond, "2 s".to_owned(), Better::Lower), "> 2 s");
        assert_eq!(bounded(beyond, "2/s".to_owned(), Better::Higher), "< 2/s");
        assert_eq!(
            (
                signed(-0.004, Unit::Ratio, false),
                signed(0.061, Unit::Seconds, true)
            ),
            ("−0.4 points".to_owned(), "+6.1 %".to_owned())
        );
    }
}
