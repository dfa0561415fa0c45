//! Metrics over sessions, or over the variable in which they differ.

use crate::report::html::budget::PageBudget;
use crate::report::html::drawing::{AxisScale, Ink, Pen, Plot};
use crate::report::html::figure::Figure;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::sessions::{SeriesChart, SeriesLine, SessionSeries};
use crate::stats::order::median;
use crate::units::{Unit, print};

const INKS: [Ink; 3] = [Ink::Second, Ink::Now, Ink::Third];
/// Values that lie so many times apart are drawn by their ratios.
const WIDE: f64 = 16.0;
/// About so many names stand below an axis.
const NAMES: usize = 9;

/// One chart; nothing where fewer than two places have a value.
pub(crate) fn over_sessions(
    all: &SessionSeries,
    chart: &SeriesChart,
    budget: &PageBudget,
) -> Option<Figure> {
    let xs = || all.places.iter().map(|(x, _)| *x);
    let (low, high) = (
        xs().fold(f64::INFINITY, f64::min),
        xs().fold(f64::NEG_INFINITY, f64::max),
    );
    if low >= high {
        return None;
    }
    let x = if all.varied && low > 0.0 && high / low >= WIDE {
        AxisScale::logarithmic((low * 0.9, high * 1.1), Plot::across())
    } else {
        let room = (high - low) * 0.03;
        AxisScale::linear((low - room, high + room), Plot::across())
    };
    let most = chart
        .lines
        .iter()
        .flat_map(|line| line.values.iter().flatten())
        .fold(0.0_f64, |a, b| a.max(*b));
    let each = chart
        .lines
        .iter()
        .map(|line| format!("{} {}", line.name, ends(line)));
    let desc = format!(
        "Lines over {}: {}.",
        all.axis,
        each.collect::<Vec<_>>().join("; ")
    );
    let y = if chart.unit == Unit::Ratio {
        most.min(1.0)
    } else {
        most
    };
    let mut plot = Plot::new(
        desc,
        x,
        AxisScale::linear((0.0, y * 1.08), Plot::upwards()),
        budget.points,
    );
    plot.values(&|value| print(value, chart.unit));
    plot.below(&marks(all), &all.axis);
    for (line, ink) in chart.lines.iter().zip(INKS) {
        let points: Vec<(f64, f64)> = all
            .places
            .iter()
            .zip(&line.values)
            .filter_map(|((x, _), y)| Some((*x, (*y)?)))
            .collect();
        plot.line(
            line.name,
            &middles(&points),
            Pen::solid(ink, if line.name == "p95" { 2.5 } else { 1.5 }),
        );
        if all.varied {
            plot.dots(&points, ink);
        }
    }
    let read = if all.varied {
        " Each dot is a session; the line goes through the medians of each value."
    } else {
        ""
    };
    let rows = all.places.iter().enumerate().map(|(at, (_, name))| {
        PageRow::new(
            std::iter::once(name.clone())
                .chain(chart.lines.iter().map(|line| line.texts[at].clone())),
        )
    });
    let first = if all.varied {
        all.axis.clone()
    } else {
        "session".to_owned()
    };
    let columns: Vec<String> = std::iter::once(first)
        .chain(chart.lines.iter().map(|line| format!("#{}", line.name)))
        .collect();
    let data = PageTable::new(chart.title.as_str(), &columns, rows.collect(), budget);
    Some(Figure::new(
        chart.title.as_str(),
        format!("{}{read}", chart.sentence),
        Some(plot.svg),
        data,
    ))
}

/// One point for each place: the median of those there.
fn middles(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let groups = points.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq());
    groups
        .filter_map(|group| {
            Some((
                group[0].0,
                median(&group.iter().map(|own| own.1).collect::<Vec<_>>())?,
            ))
        })
        .collect()
}

/// The names below the axis, as many as have room; the last one always.
fn marks(all: &SessionSeries) -> Vec<(f64, String)> {
    let mut places = all.places.clone();
    places.dedup_by(|a, b| a.0.total_cmp(&b.0).is_eq());
    let step = places.len().div_ceil(NAMES).max(1);
    let last = places.len().saturating_sub(1);
    places
        .into_iter()
        .enumerate()
        .filter(|(at, _)| (last - at).is_multiple_of(step))
        .map(|(_, own)| own)
        .collect()
}

fn ends(line: &SeriesLine) -> String {
    let known = || {
        line.texts
            .iter()
            .zip(&line.values)
            .filter(|(_, value)| value.is_some())
            .map(|(text, _)| text.as_str())
    };
    format!(
        "from {} to {}",
        known().next().unwrap_or("–"),
        known().next_back().unwrap_or("–")
    )
}
