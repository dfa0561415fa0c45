//! A sweep: its points side by side, and what they say together.

use super::points::{counted, noun};
use super::sentences::sentences;
use crate::metric::Owner;
use crate::report::text::{Tone, clean};
use crate::summary::{
    FoundPoint, PointFigures, Run, Summary, SweepAnalysis, SweepDescription, loads_of, of_session,
};
use crate::units::{Unit, print};

/// One load over the points of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SweepView {
    /// `single/transcribe over vus`.
    pub(crate) title: String,
    /// The load, without its point: `single/transcribe`.
    pub(crate) load: String,
    /// What the values count: `users`, `workers`.
    pub(crate) noun: String,
    /// The names of the columns; those of numbers begin with `#`.
    pub(crate) columns: Vec<&'static str>,
    /// A row for each value.
    pub(crate) rows: Vec<SweepRow>,
    /// What the points say together, the answer first.
    pub(crate) sentences: Vec<String>,
    /// A line for each point, as people who know load-test reports read them.
    pub(crate) lines: Vec<String>,
    /// Whether the values are units of the service, and not load.
    pub(crate) scales: bool,
    pub(crate) analysis: SweepAnalysis,
}

/// One point.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SweepRow {
    /// The value first, what is special about it last.
    pub(crate) cells: Vec<String>,
    pub(crate) tone: Tone,
    /// The point's address: `single/transcribe@8`.
    pub(crate) address: String,
    pub(crate) outcome: PointOutcome,
}

/// What became of a point.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PointOutcome {
    /// It holds what the plan wants of it.
    Accepted,
    /// It breaks a rule of `accept`: which, and with what value.
    Refused(String),
    /// The generator could not do what the plan says.
    Invalid,
    /// It was not measured, or not to its end, and why.
    Unmeasured(String),
}

/// Names of variables that count parts of a service.
const UNITS: [&str; 7] = [
    "workers",
    "replicas",
    "instances",
    "nodes",
    "shards",
    "pods",
    "servers",
];

impl SweepView {
    /// Every sweep of a session, load by load.
    pub(crate) fn all(summary: &Summary) -> Vec<Self> {
        let of = |sweep| {
            let mut loads: Vec<Owner> = Vec::new();
            for load in summary.runs.iter().flat_map(|run| loads_of(sweep, run)) {
                if !loads.contains(&load) {
                    loads.push(load);
                }
            }
            loads
                .into_iter()
                .map(move |load| Self::of(summary, sweep, &load))
        };
        summary.sweeps.iter().flat_map(of).collect()
    }

    fn of(summary: &Summary, sweep: &SweepDescription, load: &Owner) -> Self {
        let analysis = SweepAnalysis::of(of_session(summary, sweep, load));
        let scales = scales(summary, sweep, load);
        let noun = noun(&sweep.over);
        let mut columns = vec!["", "#throughput", "#mean", "#p95"];
        let has_audio = analysis.points.iter().any(|point| point.rtfx.is_some());
        if has_audio {
            columns.push("#rtfx");
        }
        columns.extend(["#success", "#errors"]);
        if scales {
            columns.extend(["#expected", "#efficiency"]);
        }
        columns.push("");
        let shape = Shape {
            has_audio,
            scales,
            noun: &noun,
        };
        let rows = rows(summary, sweep, load, &analysis, &shape);
        let lines = analysis.points.iter().enumerate();
        let lines = lines.map(|(at, _)| line(&analysis, at, &shape)).collect();
        Self {
            title: clean(&format!("{load} over {}", sweep.over)),
            load: load.to_string(),
            sentences: sentences(summary, sweep, &analysis, (&noun, scales)),
            noun,
            columns,
            rows,
            lines,
            scales,
            analysis,
        }
    }
}

/// What stands in the columns of a table.
struct Shape<'a> {
    has_audio: bool,
    scales: bool,
    noun: &'a str,
}

/// Whether the values count parts of the service: they are not the number of users, nor the rate of arrivals.
fn scales(summary: &Summary, sweep: &SweepDescription, load: &Owner) -> bool {
    let points = summary
        .loads
        .iter()
        .filter(|own| own.owner().at_point(None) == *load);
    let is_load = |own: &crate::summary::LoadDescription| {
        let owner = own.owner();
        let value = owner.point().and_then(|point| sweep.value(point));
        own.open || own.users.map(|users| users as f64) == value
    };
    UNITS.contains(&sweep.over.as_str()) || !points.clone().any(is_load)
}

fn rows(
    summary: &Summary,
    sweep: &SweepDescription,
    load: &Owner,
    analysis: &SweepAnalysis,
    shape: &Shape<'_>,
) -> Vec<SweepRow> {
    let row = |point: &String| {
        let at = analysis.points.iter().position(|own| own.point == *point);
        let outcome = outcome(summary, sweep, point, at.map(|at| &analysis.points[at]));
        let shown: Vec<FoundPoint> = found(sweep, shape.scales).collect();
        let (words, tone) = words(analysis, at, &shown, &outcome);
        let mut cells = vec![counted(point, shape.noun)];
        cells.extend(figures(analysis, at, shape));
        cells.push(words);
        SweepRow {
            cells,
            tone,
            address: load.at_point(Some(point)).to_string(),
            outcome,
        }
    };
    sweep.points.iter().map(row).collect()
}

fn shown(value: Option<f64>, unit: Unit) -> String {
    value.map_or_else(|| "–".to_owned(), |value| print(value, unit))
}

fn figures(analysis: &SweepAnalysis, at: Option<usize>, shape: &Shape<'_>) -> Vec<String> {
    let point = at.map(|at| &analysis.points[at]);
    let of = |value: fn(&PointFigures) -> Option<f64>, unit| shown(point.and_then(value), unit);
    let mut cells = vec![
        of(|own| own.throughput, Unit::PerSecond),
        of(|own| own.mean_s, Unit::Seconds),
        of(|own| own.p95_s, Unit::Seconds),
    ];
    if shape.has_audio {
        cells.push(of(|own| own.rtfx, Unit::Factor));
    }
    cells.push(of(|own| own.success, Unit::Ratio));
    cells.push(of(|own| own.errors, Unit::Ratio));
    if shape.scales {
        let expected = at.and_then(|at| analysis.expected(at));
        let efficiency = at.and_then(|at| analysis.efficiency(at));
        cells.push(shown(expected, Unit::PerSecond));
        cells.push(shown(efficiency, Unit::Ratio));
    }
    cells
}

fn outcome(
    summary: &Summary,
    sweep: &SweepDescription,
    point: &str,
    figures: Option<&PointFigures>,
) -> PointOutcome {
    let name = sweep.phase_at(point);
    let of_run = |run: &Run| {
        let phase = run.phases.iter().find(|phase| phase.name == name);
        phase.and_then(|phase| phase.skipped.clone())
    };
    match figures.map(|figures| figures.decision.as_ref()) {
        Some(Some(own)) if own.invalid => PointOutcome::Invalid,
        Some(Some(own)) if own.accepted => PointOutcome::Accepted,
        Some(Some(own)) => PointOutcome::Refused(clean(&own.because.join("; "))),
        Some(None) => PointOutcome::Unmeasured("cut short".to_owned()),
        None => {
            let why = summary.runs.iter().rev().find_map(of_run);
            PointOutcome::Unmeasured(clean(&why.unwrap_or_else(|| "not run".to_owned())))
        }
    }
}

/// The points worth a word: what scales has no optimum, and without rules every point is accepted.
fn found(sweep: &SweepDescription, scales: bool) -> impl Iterator<Item = FoundPoint> {
    let has_rules = !sweep.accept.is_empty();
    let search = sweep.search;
    let found = FoundPoint::ALL.into_iter().filter(move |_| !scales);
    found.filter(move |found| {
        let is_capacity = *found == FoundPoint::Capacity;
        (has_rules || !is_capacity) && (is_capacity || !search)
    })
}

/// What is special about a point.
fn words(
    analysis: &SweepAnalysis,
    at: Option<usize>,
    shown: &[FoundPoint],
    outcome: &PointOutcome,
) -> (String, Tone) {
    let mut words: Vec<String> = Vec::new();
    let found = shown
        .iter()
        .filter(|found| at.is_some() && analysis.place(**found) == at);
    words.extend(found.map(|found| found.word().to_owned()));
    if shown.contains(&FoundPoint::Optimum)
        && at.is_some()
        && analysis.best == at
        && analysis.optimum != at
    {
        words.push("highest throughput".to_owned());
    }
    let tone = match outcome {
        PointOutcome::Accepted if words.iter().any(|word| word == "optimum") => Tone::Good,
        PointOutcome::Accepted => Tone::Plain,
        PointOutcome::Refused(why) => {
            words.insert(0, format!("refused: {why}"));
            Tone::Warn
        }
        PointOutcome::Invalid => {
            words.insert(0, "no evidence: the generator did not keep up".to_owned());
            Tone::Warn
        }
        PointOutcome::Unmeasured(why) => {
            words.insert(0, why.clone());
            Tone::Dim
        }
    };
    (words.join(", "), tone)
}

/// `2 workers: 20.1/s (expected: 21/s, efficiency: 95.7 %)`, or `10 users: 100 % success, avg latency 1.3 s, p95 latency 1.9 s`.
fn line(analysis: &SweepAnalysis, at: usize, shape: &Shape<'_>) -> String {
    let point = &analysis.points[at];
    let name = counted(&point.point, shape.noun);
    let throughput = shown(point.throughput, Unit::PerSecond);
    match (shape.scales, analysis.expected(at), analysis.efficiency(at)) {
        (true, Some(expected), Some(efficiency)) => format!(
            "{name}: {throughput} (expected: {}, efficiency: {})",
            print(expected, Unit::PerSecond),
            print(efficiency, Unit::Ratio)
        ),
        _ => format!(
            "{name}: {} success, avg latency {}, p95 latency {}, {throughput}",
            shown(point.success, Unit::Ratio),
            shown(point.mean_s, Unit::Seconds),
            shown(point.p95_s, Unit::Seconds)
        ),
    }
}
