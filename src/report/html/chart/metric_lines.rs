//! Each metric over the last sessions, as a small line of its own.

use crate::gate::baseline::Baseline;
use crate::history::{Course, Courses, HistoryEntry};
use crate::report::html::brief::tail;
use crate::report::html::budget::PageBudget;
use crate::report::html::drawing::{Anchor, AxisScale, Ink, Pen, Svg, WIDTH};
use crate::report::html::figure::Figure;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::text::{clean, over, pick, text};
use crate::units::print;

const LEFT: f64 = 250.0;
const RIGHT: f64 = WIDTH - 220.0;
const ROW: f64 = 44.0;
/// Letters of a name that have room beside its line.
const LETTERS: usize = 34;
/// Metrics that have a column in the table of all sessions.
const COLUMNS: usize = 8;

/// One row for each metric that has a value in at least two sessions.
pub(crate) fn courses(
    all: &Courses,
    lines: &[&HistoryEntry],
    baseline: Option<&Baseline>,
    budget: &PageBudget,
) -> Option<Figure> {
    let drawn = all.metrics.iter().filter(|course| course.values.len() > 1);
    let rows: Vec<&Course> = drawn.take(budget.chart_rows).collect();
    let sessions = all.sessions.len();
    if rows.is_empty() {
        return None;
    }
    let normal = |course: &Course| {
        course
            .against
            .as_ref()
            .map(|against| against.normal)
            .filter(|_| baseline.is_some())
            .filter(|own| own.is_finite())
    };
    let desc = format!("One line a metric over {sessions} sessions.");
    let mut svg = Svg::new(ROW * rows.len() as f64 + 34.0, desc);
    let x = AxisScale::linear((0.0, (sessions - 1) as f64), (LEFT, RIGHT));
    for (at, course) in rows.iter().enumerate() {
        let (top, bottom) = (ROW * at as f64 + 8.0, ROW * (at + 1) as f64 - 4.0);
        let values = course
            .values
            .iter()
            .map(|value| value.value)
            .chain(normal(course));
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
            (l.min(v), h.max(v))
        });
        // What does not vary stands in the middle, and noise of a thousandth is no mountain.
        let room = ((high - low) * 0.1).max(high.abs() * 0.01);
        let y = AxisScale::linear((low - room, high + room), (bottom, top));
        if let Some(normal) = normal(course) {
            svg.line(
                &[(LEFT, y.at(normal)), (RIGHT, y.at(normal))],
                Pen::dashed(Ink::Base, 1.0),
            );
        }
        // The newest value is at the right; what older sessions lack is at the left.
        let first = sessions - course.values.len();
        let points: Vec<(f64, f64)> = course
            .values
            .iter()
            .enumerate()
            .map(|(n, own)| (x.at((first + n) as f64), y.at(own.value)))
            .collect();
        svg.line(&points, Pen::solid(Ink::Now, 1.5));
        let (last, before) = points.split_last()?;
        svg.dots(before, Pen::solid(Ink::Now, 4.0));
        svg.dots(
            &[*last],
            Pen::solid(
                if course.drift.is_some() {
                    Ink::Warn
                } else {
                    Ink::Now
                },
                8.0,
            ),
        );
        let middle = f64::midpoint(top, bottom) + 4.0;
        svg.text(
            (LEFT - 12.0, middle),
            Anchor::End,
            Ink::Text,
            tail(&clean(&course.metric), LETTERS),
        );
        svg.text(
            (RIGHT + 14.0, middle),
            Anchor::Start,
            Ink::Text,
            ends(course),
        );
    }
    let base = ROW * rows.len() as f64 + 20.0;
    svg.text(
        (LEFT, base),
        Anchor::Start,
        Ink::Text,
        clean(&all.sessions[0]),
    );
    svg.text(
        (RIGHT, base),
        Anchor::End,
        Ink::Text,
        clean(&all.sessions[sessions - 1]),
    );
    let mut sentence = "Each judged metric over the last sessions of the same work on the same class of machine, the newest at the right. \
                        Every line has its own scale; its lowest and highest value stand behind the last one."
        .to_owned();
    if rows.iter().any(|course| normal(course).is_some()) {
        sentence.push_str(" Dashed: what the baseline says is normal.");
    }
    Some(Figure::new(
        "Judged metrics, session by session",
        sentence,
        Some(svg),
        table(all, lines, &rows, budget),
    ))
}

/// `1.43 s (1.38 s to 1.51 s)`.
fn ends(course: &Course) -> String {
    let values = || course.values.iter().map(|value| value.value);
    let (low, high) = (
        values().fold(f64::INFINITY, f64::min),
        values().fold(f64::NEG_INFINITY, f64::max),
    );
    let last = course.values.last().map_or(0.0, |value| value.value);
    let [last, low, high] = [last, low, high].map(|value| print(value, course.unit));
    format!("{last} ({low} to {high})")
}

fn table(
    all: &Courses,
    lines: &[&HistoryEntry],
    rows: &[&Course],
    budget: &PageBudget,
) -> PageTable {
    let shown = &rows[..rows.len().min(COLUMNS)];
    let columns: Vec<String> = std::iter::once("session".to_owned())
        .chain(
            shown
                .iter()
                .map(|course| format!("#{}", clean(&course.metric))),
        )
        .collect();
    let row = |session: &String| {
        let line = lines.iter().find(|line| line.session == *session);
        let cell = |course: &&Course| {
            let metric = line.and_then(|line| line.metrics.get(&course.metric));
            metric.map_or_else(
                || "–".to_owned(),
                |metric| text(pick(metric, over(metric.runs.len())), metric.unit),
            )
        };
        PageRow::new(std::iter::once(clean(session)).chain(shown.iter().map(cell)))
    };
    PageTable::new(
        "The sessions one by one",
        &columns,
        all.sessions.iter().map(row).collect(),
        budget,
    )
}
