//! How many iterations were fast, slow and very slow.

use crate::report::html::budget::PageBudget;
use crate::report::html::drawing::{Anchor, AxisScale, Ink, Pen, Svg, WIDTH};
use crate::report::html::figure::Figure;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::text::{plural, shares};
use crate::summary::LoadLatencies;

/// The upper ends of all buckets but the last, in seconds.
const ENDS: [f64; 3] = [0.5, 1.0, 2.0];
const NAMES: [&str; 4] = [
    "0 to 500 ms",
    "500 ms to 1 s",
    "1 s to 2 s",
    "more than 2 s",
];
const LEFT: f64 = 120.0;
const RIGHT: f64 = WIDTH - 210.0;
const BAR: f64 = 26.0;

/// Buckets of latency over all runs; an iteration that took exactly as long as an end is below it.
pub(crate) fn buckets(latencies: &LoadLatencies, budget: &PageBudget) -> Option<Figure> {
    let counts = counts(latencies);
    let total: u64 = counts.iter().sum();
    if total == 0 {
        return None;
    }
    let shares = shares(&counts);
    let row = |((name, count), share): ((&&str, &u64), &String)| {
        PageRow::new([(*name).to_owned(), count.to_string(), share.clone()])
    };
    let rows = NAMES.iter().zip(&counts).zip(&shares).map(row).collect();
    let data = PageTable::new(
        "Iterations by latency",
        &["latency", "#iterations", "#share"],
        rows,
        budget,
    );
    let mut sentence = format!(
        "{} that ended well while it was measured, in all runs, by how long they took.",
        plural(total, "iteration")
    );
    if latencies.lost > 0 {
        sentence.push_str(&format!(
            " {} given up are in no bucket.",
            plural(latencies.lost, "iteration")
        ));
    }
    Some(Figure::new(
        "Latency by bucket",
        sentence,
        Some(drawing(&counts, &shares, total)),
        data,
    ))
}

fn counts(latencies: &LoadLatencies) -> [u64; 4] {
    let mut counts = [0; 4];
    for cell in latencies.measured.iter_recorded() {
        let seconds = latencies
            .measured
            .median_equivalent(cell.value_iterated_to()) as f64
            / 1e9;
        let bucket = ENDS
            .iter()
            .position(|end| seconds <= *end)
            .unwrap_or(ENDS.len());
        counts[bucket] += cell.count_at_value();
    }
    counts
}

fn drawing(counts: &[u64; 4], shares: &[String], total: u64) -> Svg {
    let each = NAMES
        .iter()
        .zip(counts)
        .map(|(name, count)| format!("{name}: {count}"));
    let mut svg = Svg::new(
        150.0,
        format!("Four bars. {}.", each.collect::<Vec<_>>().join("; ")),
    );
    let x = AxisScale::linear((0.0, total as f64), (LEFT, RIGHT));
    for (at, ((name, count), share)) in NAMES.iter().zip(counts).zip(shares).enumerate() {
        let top = 8.0 + at as f64 * (BAR + 9.0);
        let middle = top + BAR / 2.0 + 4.0;
        svg.rectangle((LEFT, top), (x.at(*count as f64), top + BAR), Ink::Now);
        svg.text((LEFT - 8.0, middle), Anchor::End, Ink::Text, *name);
        svg.text(
            (x.at(*count as f64) + 8.0, middle),
            Anchor::Start,
            Ink::Text,
            format!("{count} ({share})"),
        );
    }
    svg.line(&[(LEFT, 4.0), (LEFT, 146.0)], Pen::solid(Ink::Text, 1.0));
    svg
}
