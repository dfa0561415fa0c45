//! What went wrong over time, by its kind.

use super::seconds::{MOST_KINDS, Seconds};
use super::time::{FEWEST, shaded};
use crate::report::html::budget::PageBudget;
use crate::report::html::drawing::{Ink, PageCell, Plot};
use crate::report::html::figure::Figure;
use crate::units::{Unit, print};

/// Neighbours in a pile are told apart by light and dark too.
const INKS: [Ink; MOST_KINDS] = [
    Ink::Bad,
    Ink::Heat3,
    Ink::Third,
    Ink::Faint,
    Ink::Second,
    Ink::Heat2,
];

/// Iterations that ended in another way than well, each second, the kinds piled up.
pub(crate) fn errors(seconds: &Seconds, budget: &PageBudget) -> Option<Figure> {
    let kinds = &seconds.kinds;
    if kinds.is_empty() {
        return None;
    }
    let columns: Vec<String> = kinds.iter().map(|(kind, _)| format!("#{kind}")).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let data = seconds.table_at(
        ("Iterations that did not end well", "their sum"),
        &columns,
        budget,
        |stretch| {
            kinds
                .iter()
                .map(|(_, counts)| counts[stretch.clone()].iter().sum::<u64>().to_string())
                .collect()
        },
    );
    // Bars thinner than a pixel say nothing, and many of them make a large page.
    let wide = seconds
        .all
        .len()
        .div_ceil((budget.points / 3).max(1))
        .max(1);
    let each = if wide > 1 {
        format!("; a bar stands for {wide} seconds")
    } else {
        String::new()
    };
    let sentence = format!(
        "{}When what went wrong: iterations that failed, timed out, were refused or interrupted, by the second in which they ended{each}.",
        seconds.which
    );
    let svg = (seconds.all.len() >= FEWEST).then(|| drawing(seconds, wide, budget));
    Some(Figure::new("Errors over time", sentence, svg, data))
}

fn drawing(
    seconds: &Seconds,
    wide: usize,
    budget: &PageBudget,
) -> crate::report::html::drawing::Svg {
    let kinds = &seconds.kinds;
    let bars = |counts: &[u64]| {
        counts
            .chunks(wide)
            .map(|count| count.iter().sum::<u64>())
            .collect::<Vec<u64>>()
    };
    let sums: Vec<Vec<u64>> = kinds.iter().map(|(_, counts)| bars(counts)).collect();
    let mut piles = vec![0_u64; sums[0].len()];
    sums.iter().for_each(|own| {
        piles
            .iter_mut()
            .zip(own)
            .for_each(|(pile, count)| *pile += count);
    });
    let high = piles.iter().copied().max().unwrap_or(0);
    let each = kinds
        .iter()
        .map(|(kind, counts)| format!("{kind} {}", counts.iter().sum::<u64>()));
    let desc = format!(
        "Piled bars over time, at most {high} high: {}.",
        each.collect::<Vec<_>>().join(", ")
    );
    let mut plot = Plot::over_time(desc, seconds.length(), high as f64, budget.points);
    shaded(&mut plot, seconds);
    plot.counts(&|value| print(value, Unit::Count));
    plot.clock();
    let mut below = vec![0_u64; piles.len()];
    for (((kind, _), own), ink) in kinds.iter().zip(&sums).zip(INKS) {
        let cell = |(at, count): (usize, &u64)| -> Option<PageCell> {
            let (from, low) = ((at * wide) as f64, below[at] as f64);
            let until = (from + wide as f64).min(seconds.length());
            (*count > 0).then_some(((from, until), (low, low + *count as f64)))
        };
        let cells: Vec<PageCell> = own.iter().enumerate().filter_map(cell).collect();
        plot.bars(&cells, ink);
        plot.square(kind, ink);
        below
            .iter_mut()
            .zip(own)
            .for_each(|(sum, count)| *sum += count);
    }
    plot.svg
}
