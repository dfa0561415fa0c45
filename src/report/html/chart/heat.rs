//! A map of latency over time: the colour of a cell is stronger the more iterations it stands for.

use std::collections::BTreeMap;

use super::seconds::Seconds;
use crate::report::html::budget::PageBudget;
use crate::report::html::drawing::{AxisScale, Ink, Plot};
use crate::report::html::figure::Figure;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::text::clock;
use crate::summary::Heat;
use crate::units::{Unit, print};

const ROWS: i32 = 40;
const INKS: [Ink; 6] = [
    Ink::Heat1,
    Ink::Heat2,
    Ink::Heat3,
    Ink::Heat4,
    Ink::Heat5,
    Ink::Heat6,
];
const FEWEST: usize = 3;

/// The map of the first run; nothing where it would have fewer than three columns.
pub(crate) fn heat(heat: &Heat, seconds: &Seconds, budget: &PageBudget) -> Option<Figure> {
    let rows = || heat.columns.iter().flat_map(BTreeMap::keys);
    let (low, high) = (*rows().min()?, *rows().max()? + 1);
    if heat.columns.len() < FEWEST {
        return None;
    }
    let high_step = (high - low + ROWS - 1) / ROWS;
    let wide = heat.columns.len().div_ceil(budget.points / 5).max(1);
    let columns: Vec<BTreeMap<i32, u64>> = heat
        .columns
        .chunks(wide)
        .map(|column| folded(column, low, high_step))
        .collect();
    let width = heat.width_s * wide as u64;
    let most = columns
        .iter()
        .flat_map(BTreeMap::values)
        .copied()
        .max()
        .unwrap_or(1);
    let time = |value: f64| print(value, Unit::Seconds);
    let (lowest, highest) = (Heat::edge(low), Heat::edge(high));
    let desc = format!(
        "A map of cells over {} and latency from {} to {}. The fullest cell has {most} iterations.",
        clock(seconds.length()),
        time(lowest),
        time(highest)
    );
    let until = (columns.len() as u64 * width) as f64;
    let x = AxisScale::linear((0.0, until.max(seconds.length())), Plot::across());
    let mut plot = Plot::new(
        desc,
        x,
        AxisScale::logarithmic((lowest, highest), Plot::upwards()),
        budget.points,
    );
    plot.values(&time);
    plot.clock();
    for (level, ink) in INKS.into_iter().enumerate() {
        let mut cells = Vec::new();
        for (at, column) in columns.iter().enumerate() {
            let from = (at as u64 * width) as f64;
            for (row, _) in column
                .iter()
                .filter(|(_, count)| level_of(**count, most) == level)
            {
                let bottom = low + row * high_step;
                let edges = (
                    Heat::edge(bottom),
                    Heat::edge((bottom + high_step).min(high)),
                );
                cells.push(((from, from + width as f64), edges));
            }
        }
        plot.cells(&cells, ink);
        plot.square(&words(level, most), ink);
    }
    let sentence = format!(
        "{}Every iteration that ended well, by when it ended and how long it took: the stronger the colour of a cell, the more there are. Two bands are \
         two kinds of answers, which percentiles hide; a cloud that rises is a queue. The vertical axis shows ratios.",
        seconds.which
    );
    Some(Figure::new(
        "Latency map",
        sentence,
        Some(plot.svg),
        table(&columns, width, (low, high_step), budget),
    ))
}

fn folded(columns: &[BTreeMap<i32, u64>], low: i32, step: i32) -> BTreeMap<i32, u64> {
    let mut sum = BTreeMap::new();
    for (row, count) in columns.iter().flatten() {
        *sum.entry((row - low) / step).or_default() += count;
    }
    sum
}

/// Which shade stands for a count: each has as many times more than the one before.
fn level_of(count: u64, most: u64) -> usize {
    let share = if most > 1 {
        (count as f64).ln() / (most as f64).ln()
    } else {
        1.0
    };
    ((share * INKS.len() as f64) as usize).min(INKS.len() - 1)
}

/// `3 to 7`; empty where no count has the shade.
fn words(level: usize, most: u64) -> String {
    let (from, beyond) = (first(level, most), first(level + 1, most));
    match beyond.saturating_sub(from) {
        0 => String::new(),
        1 => from.to_string(),
        _ => format!("{from} to {}", beyond - 1),
    }
}

/// The lowest count with at least this shade.
fn first(level: usize, most: u64) -> u64 {
    if level >= INKS.len() {
        return most + 1;
    }
    let near = (most as f64).powf(level as f64 / INKS.len() as f64) as u64;
    (near.saturating_sub(2).max(1)..=most)
        .find(|count| level_of(*count, most) >= level)
        .unwrap_or(most + 1)
}

fn table(
    columns: &[BTreeMap<i32, u64>],
    width: u64,
    (low, step): (i32, i32),
    budget: &PageBudget,
) -> PageTable {
    let time = |row: i32| print(Heat::edge(low + row * step), Unit::Seconds);
    let between = |row: i32| format!("{} to {}", time(row), time(row + 1));
    let group = columns.len().div_ceil(budget.data_rows).max(1);
    let row = |(at, own): (usize, &[BTreeMap<i32, u64>])| {
        let sum = folded(own, 0, 1);
        let fullest = sum
            .iter()
            .max_by_key(|(row, count)| (**count, -**row))
            .map(|(row, _)| *row);
        let cell = |row: Option<i32>| row.map_or_else(|| "–".to_owned(), between);
        PageRow::new([
            clock((at * group) as f64 * width as f64),
            sum.values().sum::<u64>().to_string(),
            cell(sum.keys().next().copied()),
            cell(fullest),
            cell(sum.keys().next_back().copied()),
        ])
    };
    let rows = columns.chunks(group).enumerate().map(row).collect();
    let caption = format!("Latency map; a row stands for {} s", width * group as u64);
    PageTable::new(
        caption,
        &["from", "#iterations", "#fastest", "#most often", "#slowest"],
        rows,
        budget,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_has_a_shade_and_every_shade_its_counts() {
        for most in [1, 2, 5, 17, 1_000] {
            let shades: Vec<usize> = (1..=most).map(|count| level_of(count, most)).collect();
            assert!(shades.is_sorted() && shades[shades.len() - 1] == INKS.len() - 1);
            for level in 0..INKS.len() {
                let own: Vec<u64> = (1..=most)
                    .filter(|count| level_of(*count, most) == level)
                    .collect();
                let wanted = match own.as_slice() {
                    [] => String::new(),
                    [only] => only.to_string(),
                    [first, .., last] => format!("{first} to {last}"),
                };
                assert_eq!(words(level, most), wanted, "{level} of {most}");
            }
        }
    }
}
