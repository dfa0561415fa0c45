//! How often each latency was.

use crate::report::html::budget::PageBudget;
use crate::report::html::drawing::{AxisScale, Ink, Plot};
use crate::report::html::figure::Figure;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::text::ratio;
use crate::summary::LoadLatencies;
use crate::units::{Unit, print};

const BARS: usize = 40;
/// Latencies that lie so many times apart have bars of equal ratio.
const WIDE: f64 = 20.0;
/// With fewer different latencies a table of buckets says it all.
const FEWEST: u64 = 3;

/// The distribution of the latency of all runs.
pub(crate) fn distribution(latencies: &LoadLatencies, budget: &PageBudget) -> Option<Figure> {
    let all = &latencies.measured;
    let total = all.len();
    if total < FEWEST {
        return None;
    }
    let time = |value: f64| print(value, Unit::Seconds);
    let (low, high) = (all.min() as f64 / 1e9, all.max() as f64 / 1e9);
    let edges = edges(low, high);
    let mut counts = vec![0_u64; edges.len() - 1];
    for cell in all.iter_recorded() {
        let seconds = all.median_equivalent(cell.value_iterated_to()) as f64 / 1e9;
        let bar = edges
            .partition_point(|edge| *edge <= seconds)
            .saturating_sub(1)
            .min(counts.len() - 1);
        counts[bar] += cell.count_at_value();
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let desc = format!(
        "Bars of latency from {} to {}; the highest stands for {most} iterations.",
        time(low),
        time(high)
    );
    let span = (edges[0], edges[edges.len() - 1]);
    let wide = is_wide(low, high);
    let x = if wide {
        AxisScale::logarithmic(span, Plot::across())
    } else {
        AxisScale::linear(span, Plot::across())
    };
    let mut plot = Plot::new(
        desc,
        x,
        AxisScale::linear((0.0, most as f64 * 1.15), Plot::upwards()),
        budget.points,
    );
    plot.counts(&|value| print(value, Unit::Count));
    plot.amounts(&time, "latency");
    for (pair, count) in edges.windows(2).zip(&counts) {
        plot.bar((pair[0], pair[1]), (0.0, *count as f64), Ink::Now);
    }
    let marks = [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)];
    for (name, share) in marks {
        plot.mark(all.value_at_quantile(share) as f64 / 1e9, name);
    }
    let mut below = 0;
    let rows = edges
        .windows(2)
        .zip(&counts)
        .filter(|(_, count)| **count > 0)
        .map(|(pair, count)| {
            below += count;
            let part = |count: u64| ratio(count, total).unwrap_or_default();
            PageRow::new([
                format!("{} to {}", time(pair[0]), time(pair[1])),
                count.to_string(),
                part(*count),
                part(below),
            ])
        });
    let rows: Vec<PageRow> = rows.collect();
    let columns = ["latency", "#iterations", "#share", "#up to here"];
    let data = PageTable::new("Iterations by latency, in bars", &columns, rows, budget);
    let mut sentence =
        "How the latencies are spread: the iterations of all runs that ended well while it was measured, each known \
                        to three digits. Two hills are two kinds of work, or one that sometimes has to wait."
            .to_owned();
    if wide {
        sentence.push_str(" Each bar is as many times as long as the one before it.");
    }
    Some(Figure::new(
        "Distribution of latency",
        sentence,
        Some(plot.svg),
        data,
    ))
}

fn is_wide(low: f64, high: f64) -> bool {
    high > low.max(1e-9) * WIDE
}

/// The edges of all bars, the lowest first.
fn edges(low: f64, high: f64) -> Vec<f64> {
    // Where all took about equally long, a single bar in the middle would hide that it is one.
    let (low, high) = if high <= low * 1.05 {
        (low * 0.95, high * 1.05)
    } else {
        (low, high * 1.0005)
    };
    let share = |at: usize| at as f64 / BARS as f64;
    if is_wide(low, high) {
        let low = low.max(1e-9);
        (0..=BARS)
            .map(|at| low * (high / low).powf(share(at)))
            .collect()
    } else {
        (0..=BARS)
            .map(|at| low + (high - low) * share(at))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_latency_has_its_bar() {
        for (low, high) in [(0.3, 0.31), (0.001, 40.0), (0.5, 0.5), (1e-9, 1e-9)] {
            let edges = edges(low, high);
            assert!(
                edges.len() == BARS + 1 && edges[0] <= low && high < edges[BARS],
                "{low} {high}: {edges:?}"
            );
            assert!(edges.is_sorted_by(|a, b| a < b));
        }
    }
}
