//! Latency by percentile, now over then.

use super::time::FEWEST;
use crate::metric::Stat;
use crate::report::html::budget::PageBudget;
use crate::report::html::drawing::{AxisScale, Ink, Pen, Plot};
use crate::report::html::figure::Figure;
use crate::report::html::source::Behind;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::text::{over, pick, text};
use crate::summary::{MetricValue, Summary};
use crate::units::{Unit, print};

/// A percentile with fewer values beyond it is mostly chance.
const BEYOND: f64 = 10.0;

struct Point {
    name: &'static str,
    share: f64,
    now: MetricValue,
    then: Option<f64>,
    few: bool,
}

/// The percentiles of the latency of a load, as far as enough iterations lie beyond them.
pub(crate) fn percentiles(
    summary: &Summary,
    load: &str,
    then: Option<Behind<'_>>,
    budget: &PageBudget,
) -> Option<Figure> {
    let point = |(name, stat): (&'static str, Stat)| {
        let Stat::Percentile(share) = stat else {
            return None;
        };
        let metric = summary.metrics.get(&format!("{load}.latency.{name}"))?;
        let now = pick(metric, over(metric.runs.len()));
        now.value?;
        let samples = metric.runs.iter().map(|run| run.samples).min().unwrap_or(0);
        let old = then.and_then(|then| {
            let curve = then.curve;
            let at = curve
                .percentiles
                .iter()
                .position(|own| (own - share).abs() < 1e-9)?;
            curve.seconds.get(at).copied()
        });
        Some(Point {
            name,
            share,
            now,
            then: old,
            few: samples as f64 * (1.0 - share) < BEYOND - 1e-9,
        })
    };
    let points: Vec<Point> = Stat::ALL.into_iter().filter_map(point).collect();
    if points.is_empty() {
        return None;
    }
    let (word, whose) = then.map_or(("", ""), |then| (then.word, then.whose));
    let any_then = points.iter().any(|point| point.then.is_some());
    let mut sentence = "How the slow ones compare with the usual ones: at p95, 95 % of the iterations were at least so \
        fast. A curve that is higher everywhere is slower throughout; one that is higher only at the right has a worse tail."
        .to_owned();
    if any_then {
        sentence.push_str(&format!(" Dashed: {whose}."));
    }
    let cut: Vec<&str> = points
        .iter()
        .filter(|point| point.few)
        .map(|point| point.name)
        .collect();
    if !cut.is_empty() {
        sentence.push_str(&format!(
            " Not drawn, with fewer than ten iterations beyond: {}.",
            cut.join(", ")
        ));
    }
    let row = |point: &Point| {
        let then = point
            .then
            .map_or_else(|| "–".to_owned(), |value| print(value, Unit::Seconds));
        let few = if point.few { "few samples" } else { "" };
        let now = text(point.now, Unit::Seconds);
        let mut cells = vec![point.name.to_owned(), now, few.to_owned()];
        if any_then {
            cells.insert(2, then);
        }
        PageRow::new(cells)
    };
    let then_column = format!("#{word}");
    let mut columns = vec!["percentile", "#now", "note"];
    if any_then {
        columns.insert(2, &then_column);
    }
    let data = PageTable::new(
        "Latency by percentile",
        &columns,
        points.iter().map(row).collect(),
        budget,
    );
    Some(Figure::new(
        "Latency by percentile",
        sentence,
        drawing(&points, word, budget),
        data,
    ))
}

fn drawing(
    points: &[Point],
    word: &str,
    budget: &PageBudget,
) -> Option<crate::report::html::drawing::Svg> {
    // Each further nine has as much room as the one before.
    let place = |share: f64| -(1.0 - share).log10();
    let shown: Vec<&Point> = points
        .iter()
        .filter(|point| !point.few && !point.now.beyond)
        .collect();
    let now: Vec<(f64, f64)> = shown
        .iter()
        .filter_map(|point| Some((place(point.share), point.now.value?)))
        .collect();
    let then: Vec<(f64, f64)> = shown
        .iter()
        .filter_map(|point| Some((place(point.share), point.then?)))
        .collect();
    if now.len() < FEWEST {
        return None;
    }
    let values = || now.iter().chain(&then).map(|point| point.1);
    let (low, high) = (
        values().fold(f64::INFINITY, f64::min),
        values().fold(0.0, f64::max),
    );
    let time = |value: f64| print(value, Unit::Seconds);
    let desc = format!(
        "A rising line from {} at the median to {} at the last percentile drawn.",
        time(now[0].1),
        time(now[now.len() - 1].1)
    );
    let x = AxisScale::linear(
        (now[0].0 - 0.05, now[now.len() - 1].0 + 0.05),
        Plot::across(),
    );
    // Tails many times as long as the median would press everything else flat.
    let y = if high > low * 20.0 {
        AxisScale::logarithmic((low * 0.8, high * 1.25), Plot::upwards())
    } else {
        AxisScale::linear((0.0, high * 1.08), Plot::upwards())
    };
    let mut plot = Plot::new(desc, x, y, budget.points);
    plot.values(&time);
    let marks: Vec<(f64, String)> = shown
        .iter()
        .map(|point| (place(point.share), point.name.to_owned()))
        .collect();
    plot.below(&marks, "percentile");
    plot.line("now", &now, Pen::solid(Ink::Now, 2.5));
    if !then.is_empty() {
        plot.line(word, &then, Pen::dashed(Ink::Base, 2.0));
    }
    Some(plot.svg)
}
