//! How far each metric is from its baseline, on the scale of what is allowed.

use crate::gate::{Comparison, Verdict};
use crate::report::html::brief::{brief, tail};
use crate::report::html::budget::PageBudget;
use crate::report::html::drawing::{Anchor, AxisScale, Ink, Pen, Svg, WIDTH};
use crate::report::html::figure::Figure;
use crate::report::html::table::PageTable;
use crate::report::text::{Tone, clean};
use crate::report::view::{ComparisonView, View};

const LEFT: f64 = 240.0;
const RIGHT: f64 = WIDTH - 330.0;
const ROW: f64 = 30.0;
/// What the axis shows of the change, as a multiple of what is allowed.
const SHOWN: (f64, f64) = (-1.5, 2.5);
/// Letters of a name that have room beside the chart.
const LETTERS: usize = 34;

/// Letters of the change that have room behind it.
const BESIDE: usize = 40;

/// One row of the chart: everything as a multiple of what is allowed, positive is worse.
struct Reach<'a> {
    view: &'a ComparisonView,
    now: f64,
    interval: Option<(f64, f64)>,
}

/// Every metric that has a baseline and a tolerance; `data` is the table of all comparisons.
pub(crate) fn gates(
    verdict: &Verdict,
    view: &View,
    data: PageTable,
    budget: &PageBudget,
) -> Option<Figure> {
    let own = |view: &&ComparisonView| {
        verdict
            .comparisons
            .iter()
            .find(|comparison| clean(&comparison.metric) == view.metric)
    };
    let all: Vec<Reach<'_>> = view
        .comparisons
        .iter()
        .filter_map(|view| reach(own(&view)?, view))
        .collect();
    if all.is_empty() {
        return None;
    }
    let rows = &all[..all.len().min(budget.chart_rows)];
    let bottom = 14.0 + ROW * rows.len() as f64;
    let x = AxisScale::linear(SHOWN, (LEFT, RIGHT));
    let beyond = rows.iter().filter(|row| row.now > 1.0).count();
    let desc = format!(
        "One row a metric. {beyond} of {} are worse by more than is allowed.",
        rows.len()
    );
    let mut svg = Svg::new(bottom + 40.0, desc);
    svg.rectangle((x.at(SHOWN.0), 8.0), (x.at(1.0), bottom), Ink::Band);
    svg.line(
        &[(x.at(0.0), 8.0), (x.at(0.0), bottom)],
        Pen::dashed(Ink::Base, 1.5),
    );
    svg.line(
        &[(x.at(1.0), 4.0), (x.at(1.0), bottom + 4.0)],
        Pen::solid(Ink::Text, 2.0),
    );
    for (value, text) in [
        (-1.0, "better"),
        (0.0, "baseline"),
        (1.0, "limit"),
        (2.0, "twice the limit"),
    ] {
        svg.text(
            (x.at(value), bottom + 18.0),
            Anchor::Middle,
            Ink::Text,
            text,
        );
    }
    svg.text(
        (f64::midpoint(LEFT, RIGHT), bottom + 36.0),
        Anchor::Middle,
        Ink::Text,
        "+ = worse, to the right",
    );
    for (at, row) in rows.iter().enumerate() {
        draw(&mut svg, &x, row, 14.0 + ROW * (at as f64 + 0.5));
    }
    let mut sentence =
        "Each metric against its baseline: the mark is now, the bar holds the true change in nine of ten \
        cases, and the shaded area up to the black line is allowed. An arrow points to what lies outside the chart."
            .to_owned();
    if rows.len() < all.len() {
        sentence.push_str(&format!(
            " The first {} of {} are drawn; the table has all.",
            rows.len(),
            all.len()
        ));
    }
    let figure = Figure::new("Change against what is allowed", sentence, Some(svg), data);
    Some(Figure {
        open: true,
        ..figure
    })
}

fn reach<'a>(one: &Comparison, view: &'a ComparisonView) -> Option<Reach<'a>> {
    let (baseline, limit, change) = (one.baseline?, one.limit?, one.change?);
    let allowed = if one.relative {
        limit / baseline - 1.0
    } else {
        limit - baseline
    };
    let share = |change: f64| Some(change / allowed).filter(|share| !share.is_nan());
    let now = share(change).filter(|_| allowed.abs() > 0.0 && allowed.is_finite())?;
    let interval = one.interval.and_then(|(low, high)| {
        let (a, b) = (share(low)?, share(high)?);
        Some((a.min(b), a.max(b)))
    });
    Some(Reach {
        view,
        now,
        interval,
    })
}

fn draw(svg: &mut Svg, x: &AxisScale, row: &Reach<'_>, y: f64) {
    let ink = match row.view.tone {
        Tone::Good => Ink::Good,
        Tone::Bad => Ink::Bad,
        _ => Ink::Warn,
    };
    if let Some((low, high)) = row.interval {
        svg.line(&[(x.at(low), y), (x.at(high), y)], Pen::solid(ink, 3.0));
        for (end, outside, way) in [(low, low < SHOWN.0, 1.0), (high, high > SHOWN.1, -1.0)] {
            if outside {
                arrow(svg, x.at(end), y, way, ink);
            }
        }
    }
    let centre = x.at(row.now);
    if row.now < SHOWN.0 || row.now > SHOWN.1 {
        arrow(svg, centre, y, if row.now < 0.0 { 1.0 } else { -1.0 }, ink);
    } else {
        let [left, right, top, low] =
            [centre - 6.0, centre + 6.0, y - 6.0, y + 6.0].map(crate::report::html::drawing::place);
        let [middle, level] = [centre, y].map(crate::report::html::drawing::place);
        match row.view.word {
            "PASS" => svg.dots(&[(centre, y)], Pen::solid(ink, 11.0)),
            "FAIL" => {
                let cross = format!("M{left} {top}L{right} {low}M{right} {top}L{left} {low}");
                svg.stroke(cross, Pen::solid(ink, 3.0));
            }
            "WARN" => svg.area(format!("M{middle} {top}L{right} {low}H{left}Z"), ink),
            _ => svg.area(
                format!("M{middle} {top}L{right} {level}L{middle} {low}L{left} {level}Z"),
                ink,
            ),
        }
    }
    svg.text(
        (LEFT - 10.0, y + 4.0),
        Anchor::End,
        Ink::Text,
        tail(&row.view.metric, LETTERS),
    );
    svg.bold(
        (RIGHT + 10.0, y + 4.0),
        Anchor::Start,
        ink,
        format!("{} {}", row.view.shape, row.view.word),
    );
    let words = brief(&row.view.change_and_allowed, BESIDE);
    svg.text((RIGHT + 118.0, y + 4.0), Anchor::Start, Ink::Text, words);
}

/// An arrow head at the edge that points away from `way`.
fn arrow(svg: &mut Svg, x: f64, y: f64, way: f64, ink: Ink) {
    let [tip, back, top, low, level] =
        [x, x + way * 10.0, y - 6.0, y + 6.0, y].map(crate::report::html::drawing::place);
    svg.area(format!("M{tip} {level}L{back} {top}V{low}Z"), ink);
}
