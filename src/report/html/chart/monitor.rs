//! One value of a monitor over time.

use crate::report::html::budget::PageBudget;
use crate::report::html::drawing::{Ink, Pen, Plot};
use crate::report::html::figure::Figure;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::text::clock;
use crate::summary::MonitorLine;
use crate::units::print;

/// The value over the time of its phase; nothing for fewer than three looks.
pub(crate) fn monitor(line: &MonitorLine, name: &str, budget: &PageBudget) -> Option<Figure> {
    let points: Vec<(f64, f64)> = line.known().collect();
    let last = points.last()?.0;
    if points.len() < 3 {
        return None;
    }
    let high = points.iter().map(|point| point.1).fold(0.0, f64::max);
    let low = points
        .iter()
        .map(|point| point.1)
        .fold(f64::INFINITY, f64::min);
    let shown = |value: f64| print(value, line.unit);
    let desc = format!("{name} from {} to {}.", shown(low), shown(high));
    let high = if high > 0.0 { high } else { 1.0 };
    let mut plot = Plot::over_time(desc, last, high, budget.points);
    plot.values(&shown);
    plot.clock();
    plot.line(&line.value, &points, Pen::solid(Ink::Now, 1.5));
    let step = points.len().div_ceil(budget.data_rows.max(1));
    let rows = points.iter().step_by(step);
    let rows = rows.map(|(at, value)| PageRow::new([clock(*at), shown(*value)]));
    let table = PageTable::new(
        format!("{name} over time"),
        &["time", "#value"],
        rows.collect(),
        budget,
    );
    let sentence = "Seconds count from the begin of the loads of the phase.";
    Some(Figure::new(name, sentence, Some(plot.svg), table))
}
