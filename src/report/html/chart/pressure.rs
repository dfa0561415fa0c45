//! Latency against load: each second a point.

use std::collections::BTreeMap;

use super::seconds::{Second, Seconds};
use super::time::FEWEST;
use crate::report::html::budget::PageBudget;
use crate::report::html::drawing::{AxisScale, Ink, Plot};
use crate::report::html::figure::Figure;
use crate::report::html::table::{PageRow, PageTable};
use crate::units::{Unit, print};

/// How the load of a second is told.
struct SecondLoad {
    of: fn(&Second) -> u64,
    axis: &'static str,
    sentence: &'static str,
}

const LOADS: [SecondLoad; 2] = [
    SecondLoad {
        of: |second| second.in_flight.unsigned_abs(),
        axis: "iterations in flight at the end of the second",
        sentence: "how many iterations were in flight at its end",
    },
    SecondLoad {
        of: |second| second.ok,
        axis: "iterations that ended well in the second",
        sentence: "how many iterations ended well in it",
    },
];

/// The 95th percentile of each measured second over the load of that second; nothing where the load does not vary.
pub(crate) fn pressure(seconds: &Seconds, budget: &PageBudget) -> Option<Figure> {
    let known = if seconds.adds_up() {
        &LOADS[..]
    } else {
        &LOADS[1..]
    };
    known.iter().find_map(|load| of(seconds, load, budget))
}

fn of(seconds: &Seconds, load: &SecondLoad, budget: &PageBudget) -> Option<Figure> {
    let points: Vec<(u64, f64)> = seconds
        .measured()
        .iter()
        .filter_map(|second| Some(((load.of)(second), second.p95?)))
        .collect();
    let mut by_load: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for (amount, latency) in &points {
        by_load.entry(*amount).or_default().push(*latency);
    }
    if by_load.len() < FEWEST {
        return None;
    }
    let (most, slowest) = (
        by_load.keys().last()?,
        points.iter().map(|point| point.1).fold(0.0, f64::max),
    );
    let time = |value: f64| print(value, Unit::Seconds);
    let desc = format!(
        "One dot a second. The load goes up to {most}, the 95th percentile up to {}.",
        time(slowest)
    );
    let x = AxisScale::linear((0.0, *most as f64 * 1.05), Plot::across());
    let mut plot = Plot::new(
        desc,
        x,
        AxisScale::linear((0.0, slowest * 1.08), Plot::upwards()),
        budget.points,
    );
    plot.values(&time);
    plot.amounts(&|value| print(value, Unit::Count), load.axis);
    plot.dots(
        &points
            .iter()
            .map(|(amount, latency)| (*amount as f64, *latency))
            .collect::<Vec<_>>(),
        Ink::Now,
    );
    let sentence = format!(
        "{}Whether load makes it slow: a dot is one measured second, placed by {} and by the 95th percentile of latency in it. Dots that rise to the right mean that it does.",
        seconds.which, load.sentence
    );
    Some(Figure::new(
        "Latency against load",
        sentence,
        Some(plot.svg),
        table(&by_load, load, budget),
    ))
}

fn table(by_load: &BTreeMap<u64, Vec<f64>>, load: &SecondLoad, budget: &PageBudget) -> PageTable {
    let all: Vec<(&u64, &Vec<f64>)> = by_load.iter().collect();
    let row = |group: &[(&u64, &Vec<f64>)]| {
        let (first, last) = (group[0].0, group[group.len() - 1].0);
        let mut values: Vec<f64> = group
            .iter()
            .flat_map(|(_, values)| values.iter().copied())
            .collect();
        values.sort_by(f64::total_cmp);
        PageRow::new([
            if first == last {
                first.to_string()
            } else {
                format!("{first} to {last}")
            },
            values.len().to_string(),
            print(values[(values.len() - 1) / 2], Unit::Seconds),
            print(values[values.len() - 1], Unit::Seconds),
        ])
    };
    let rows = all
        .chunks(all.len().div_ceil(budget.data_rows).max(1))
        .map(row)
        .collect();
    let columns = [load.axis, "#seconds", "#middle p95", "#highest p95"];
    PageTable::new(
        "The 95th percentile of latency by load",
        &columns,
        rows,
        budget,
    )
}
