//! A sweep drawn: throughput, latency and errors over the value, against what linear growth would be.

use crate::report::html::budget::PageBudget;
use crate::report::html::drawing::{AxisScale, Ink, Pen, Plot};
use crate::report::html::figure::Figure;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::text::head;
use crate::report::view::SweepView;
use crate::summary::{PointFigures, SweepAnalysis};
use crate::units::{Unit, print};

/// What one chart draws.
type Line = (&'static str, fn(&PointFigures) -> Option<f64>, Ink);

const LATENCIES: [Line; 2] = [
    ("p95", |point| point.p95_s, Ink::Now),
    ("mean", |point| point.mean_s, Ink::Second),
];

/// Throughput over the value: the ideal, the fitted law and the recorded session beside it.
pub(crate) fn throughput(
    sweep: &SweepView,
    recorded: &[(f64, f64)],
    budget: &PageBudget,
) -> Option<Figure> {
    let analysis = &sweep.analysis;
    let now = line(analysis, |point| point.throughput);
    let last = last(&now)?;
    let ideal: Vec<(f64, f64)> = ideal(sweep, last);
    let law = analysis.law.filter(|_| sweep.scales && now.len() > 2);
    let steps = 40;
    let first = now[0].0;
    let fitted: Vec<(f64, f64)> = law.map_or_else(Vec::new, |law| {
        let at = |step: i32| first + (last - first) * f64::from(step) / f64::from(steps);
        (0..=steps)
            .map(|step| (at(step), law.throughput(at(step))))
            .collect()
    });
    let of_all = [&now, &ideal, &fitted, &recorded.to_vec()];
    let high = of_all
        .into_iter()
        .flatten()
        .map(|point| point.1)
        .fold(0.0, f64::max);
    let mut plot = frame(sweep, "throughput", last, high, budget);
    plot.values(&|value| print(value, Unit::PerSecond));
    if !ideal.is_empty() {
        plot.line("linear growth", &ideal, Pen::dashed(Ink::Base, 1.5));
    }
    if !fitted.is_empty() {
        plot.line("fitted law", &fitted, Pen::dashed(Ink::Third, 1.5));
    }
    if !recorded.is_empty() {
        plot.line("recorded", recorded, Pen::solid(Ink::Base, 1.5));
    }
    plot.line("now", &now, Pen::solid(Ink::Now, 2.0));
    marks(&mut plot, sweep);
    let sentence = if sweep.scales {
        "How throughput grows: the dashed grey line is what linear growth from the smallest value would be."
    } else {
        "What more load brings: where the line bends, more of it only waits."
    };
    Some(Figure::new(
        "Throughput",
        sentence,
        Some(plot.svg),
        data(sweep, budget),
    ))
}

/// Latency over the value.
pub(crate) fn latency(sweep: &SweepView, budget: &PageBudget) -> Option<Figure> {
    of_lines(
        sweep,
        ("Latency", Unit::Seconds),
        &LATENCIES,
        budget,
        "How long it takes to be served there.",
    )
}

/// The error rate over the value; nothing where there were no errors.
pub(crate) fn errors(sweep: &SweepView, budget: &PageBudget) -> Option<Figure> {
    let lines: [Line; 1] = [("errors", |point| point.errors, Ink::Bad)];
    let any = sweep
        .analysis
        .points
        .iter()
        .any(|point| point.errors.is_some_and(|share| share > 0.0));
    any.then(|| {
        of_lines(
            sweep,
            ("Errors", Unit::Ratio),
            &lines,
            budget,
            "The share that failed, timed out or was interrupted.",
        )
    })?
}

fn of_lines(
    sweep: &SweepView,
    (title, unit): (&str, Unit),
    lines: &[Line],
    budget: &PageBudget,
    sentence: &str,
) -> Option<Figure> {
    let drawn: Vec<(&Line, Vec<(f64, f64)>)> = lines
        .iter()
        .map(|own| (own, line(&sweep.analysis, own.1)))
        .collect();
    let last = last(&drawn.first()?.1)?;
    let points = drawn.iter().flat_map(|(_, points)| points);
    let high = points.map(|point| point.1).fold(0.0, f64::max);
    let mut plot = frame(sweep, title, last, high, budget);
    plot.values(&|value| print(value, unit));
    for ((name, _, ink), points) in &drawn {
        plot.line(name, points, Pen::solid(*ink, 2.0));
    }
    marks(&mut plot, sweep);
    Some(Figure::new(
        title,
        sentence,
        Some(plot.svg),
        data(sweep, budget),
    ))
}

/// The values of one quantity; points that are names have no place.
fn line(analysis: &SweepAnalysis, of: fn(&PointFigures) -> Option<f64>) -> Vec<(f64, f64)> {
    let points = analysis
        .points
        .iter()
        .filter(|point| point.decision.is_some());
    let mut places: Vec<(f64, f64)> = points
        .filter_map(|point| Some((point.value?, of(point)?)))
        .collect();
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    places
}

/// The largest value of a line that is worth drawing.
fn last(points: &[(f64, f64)]) -> Option<f64> {
    (points.len() > 1).then(|| points[points.len() - 1].0)
}

fn ideal(sweep: &SweepView, last: f64) -> Vec<(f64, f64)> {
    let unit = sweep.analysis.unit_throughput.filter(|_| sweep.scales);
    unit.map_or_else(Vec::new, |unit| vec![(0.0, 0.0), (last, unit * last)])
}

fn frame(sweep: &SweepView, what: &str, last: f64, high: f64, budget: &PageBudget) -> Plot {
    let desc = format!(
        "{what} of {} at {} values up to {}.",
        sweep.title,
        sweep.analysis.points.len(),
        print(last, Unit::Count)
    );
    let x = AxisScale::linear((0.0, last * 1.05), Plot::across());
    let high = if high > 0.0 { high } else { 1.0 };
    let y = AxisScale::linear((0.0, high * 1.12), Plot::upwards());
    let mut plot = Plot::new(desc, x, y, budget.points);
    let points = sweep.analysis.points.iter();
    let mut taken: Vec<(f64, String)> = points
        .filter_map(|point| Some((point.value?, point.point.clone())))
        .collect();
    taken.sort_by(|a, b| a.0.total_cmp(&b.0));
    plot.taken(&taken, &sweep.noun);
    plot
}

/// The optimum, and where the target is past what it takes.
fn marks(plot: &mut Plot, sweep: &SweepView) {
    let analysis = &sweep.analysis;
    let value = |at: usize| analysis.points[at].value;
    let optimum = analysis.optimum.filter(|_| !sweep.scales).and_then(value);
    let knee = analysis
        .knee
        .map(|knee| knee.value)
        .filter(|_| !sweep.scales);
    let inflection = analysis.inflection.as_ref().filter(|_| !sweep.scales);
    let limit = inflection.and_then(|own| value(own.at));
    let mut all: Vec<(f64, String)> = Vec::new();
    for (place, word) in [(optimum, "optimum"), (knee, "knee"), (limit, "degradation")] {
        let Some(place) = place else { continue };
        match all
            .iter_mut()
            .find(|(other, _)| (*other - place).abs() < 0.02 * place)
        {
            Some((_, words)) => words.push_str(&format!(", {word}")),
            None => all.push((place, word.to_owned())),
        }
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (place, words) in all {
        plot.mark(place, &words);
    }
}

fn data(sweep: &SweepView, budget: &PageBudget) -> PageTable {
    let kept = sweep.columns.len() - 1;
    let columns: Vec<String> = sweep.columns[..kept]
        .iter()
        .map(|name| {
            if head(name).is_empty() {
                sweep.noun.clone()
            } else {
                (*name).to_owned()
            }
        })
        .collect();
    let rows = sweep.rows.iter();
    let rows = rows.map(|row| PageRow::new(row.cells[..kept].iter().map(String::as_str)));
    PageTable::new(
        format!("The points of {}", sweep.title),
        &columns,
        rows.collect(),
        budget,
    )
}

/// The recorded throughput at the points of a sweep.
pub(crate) fn recorded(sweep: &SweepView, value: impl Fn(&str) -> Option<f64>) -> Vec<(f64, f64)> {
    let points = sweep.analysis.points.iter().zip(&sweep.rows);
    let mut places: Vec<(f64, f64)> = points
        .filter_map(|(point, _)| Some((point.value?, value(&point.point)?)))
        .collect();
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    if places.len() > 1 { places } else { Vec::new() }
}
