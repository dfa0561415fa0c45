//! How many iterations were fast, slow and very slow.

use super::ink::Ink;
use super::scale::Scale;
use super::seconds::{Second, Seconds};
use super::svg::{Anchor, Pen, Svg, WIDTH};
use crate::report::html::budget::Budget;
use crate::report::html::figure::Figure;
use crate::report::html::table::{Row, Table};
use crate::report::share::ratio;
use crate::report::words::plural;

/// The upper ends of all buckets but the last, in seconds.
const ENDS: [f64; 3] = [0.5, 1.0, 2.0];
const NAMES: [&str; 4] = ["0 to 500 ms", "500 ms to 1 s", "1 s to 2 s", "more than 2 s"];
const LEFT: f64 = 120.0;
const RIGHT: f64 = WIDTH - 210.0;
const BAR: f64 = 26.0;

/// The least and the most that a count can be.
type Between = (u64, u64);

/// Buckets of latency over all runs. A second says its median, its 95th and 99th percentile: of few iterations that is each of
/// them, of many it leaves a margin.
pub(in crate::report::html) fn buckets(runs: &[Seconds], budget: &Budget) -> Option<Figure> {
    let seconds = || runs.iter().flat_map(Seconds::measured).filter(|second| second.ok > 0 && second.p50.is_some());
    let total: u64 = seconds().map(|second| second.ok).sum();
    if total == 0 {
        return None;
    }
    let counts: [Between; 4] = std::array::from_fn(|bucket| {
        seconds().map(|second| within(second, bucket)).fold((0, 0), |sum, own| (sum.0 + own.0, sum.1 + own.1))
    });
    let exact = counts.iter().all(|(least, most)| least == most);
    let rows = NAMES
        .iter()
        .zip(&counts)
        .map(|(name, count)| Row::new([(*name).to_owned(), iterations(*count), share(*count, total)]));
    let data = Table::new("Iterations by latency", &["latency", "#iterations", "#share"], rows.collect(), budget);
    let mut sentence = format!(
        "{} that ended well in the measured seconds, by how long they took; each time is known to two digits.",
        plural(total, "iteration")
    );
    if !exact {
        sentence.push_str(" The solid part of a bar is certain, the shaded part is possible: percentiles of a second do not tell more.");
    }
    Some(Figure::new("Distribution of latency", sentence, Some(drawing(&counts, total)), data))
}

fn drawing(counts: &[Between; 4], total: u64) -> Svg {
    let each = NAMES.iter().zip(counts).map(|(name, count)| format!("{name}: {}", iterations(*count)));
    let mut svg = Svg::new(150.0, format!("Four bars. {}.", each.collect::<Vec<_>>().join("; ")));
    let x = Scale::linear((0.0, total as f64), (LEFT, RIGHT));
    for (at, (name, (least, most))) in NAMES.iter().zip(counts).enumerate() {
        let top = 8.0 + at as f64 * (BAR + 9.0);
        let middle = top + BAR / 2.0 + 4.0;
        svg.rectangle((LEFT, top), (x.at(*most as f64), top + BAR), Ink::Band);
        svg.rectangle((LEFT, top), (x.at(*least as f64), top + BAR), Ink::Now);
        svg.text((LEFT - 8.0, middle), Anchor::End, Ink::Text, *name);
        let words = format!("{} ({})", iterations((*least, *most)), share((*least, *most), total));
        svg.text((x.at(*most as f64) + 8.0, middle), Anchor::Start, Ink::Text, words);
    }
    svg.line(&[(LEFT, 4.0), (LEFT, 146.0)], Pen::solid(Ink::Text, 1.0));
    svg
}

fn iterations((least, most): Between) -> String {
    if least == most { least.to_string() } else { format!("{least} to {most}") }
}

fn share((least, most): Between, total: u64) -> String {
    let [low, high] = [least, most].map(|part| ratio(part, total).unwrap_or_default());
    if low == high { low } else { format!("{low} to {high}") }
}

/// How many of a second's iterations are in a bucket.
fn within(second: &Second, bucket: usize) -> Between {
    let below = |end: Option<&f64>| end.map_or((second.ok, second.ok), |end| at_most(second, *end));
    let upper = below(ENDS.get(bucket));
    let lower = bucket.checked_sub(1).map_or((0, 0), |at| below(ENDS.get(at)));
    (upper.0.saturating_sub(lower.1), upper.1 - lower.0)
}

/// How many of a second's iterations took at most `limit` seconds: the value at a percentile is that of its nearest rank.
fn at_most(second: &Second, limit: f64) -> Between {
    let rank = |share: f64| ((share * second.ok as f64).ceil() as u64).clamp(1, second.ok);
    let ranks = [(0.5, second.p50), (0.95, second.p95), (0.99, second.p99)];
    let known = ranks.into_iter().filter_map(|(share, value)| Some((rank(share), value?)));
    let (mut least, mut most) = (0, second.ok);
    for (rank, value) in known {
        if value <= limit {
            least = least.max(rank);
        } else {
            most = most.min(rank - 1);
        }
    }
    (least, most.max(least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_iterations_are_known_and_many_leave_a_margin() {
        let second =
            |ok, p50, p95, p99| Second { ok, p50: Some(p50), p95: Some(p95), p99: Some(p99), ..Second::default() };
        let all = |second: &Second| [0, 1, 2, 3].map(|bucket| within(second, bucket));
        assert_eq!(all(&second(1, 0.7, 0.7, 0.7)), [(0, 0), (1, 1), (0, 0), (0, 0)]);
        assert_eq!(all(&second(2, 0.3, 4.0, 4.0)), [(1, 1), (0, 0), (0, 0), (1, 1)]);
        assert_eq!(all(&second(3, 0.7, 1.5, 1.5)), [(0, 1), (1, 2), (1, 1), (0, 0)]);
        assert_eq!(
            all(&second(100, 0.4, 1.2, 3.0)),
            [(50, 94), (0, 44), (1, 48), (2, 5)].map(|(least, most)| (least, most))
        );
    }
}
