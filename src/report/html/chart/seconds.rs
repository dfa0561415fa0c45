//! One load of one run, second by second without a gap.

use std::ops::Range;

use crate::report::html::budget::PageBudget;
use crate::report::html::drawing::place;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::text::{clean, clock};
use crate::summary::{LoadRun, Series};

const MOST_SECONDS: u64 = 864_000;

/// More kinds of errors than these are one.
pub(crate) const MOST_KINDS: usize = 6;

#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Second {
    pub(crate) planned: u64,
    pub(crate) started: u64,
    pub(crate) ok: u64,
    pub(crate) not_ok: u64,
    /// Started and not ended, at the end of the second.
    pub(crate) in_flight: i64,
    pub(crate) p50: Option<f64>,
    pub(crate) p95: Option<f64>,
    pub(crate) p99: Option<f64>,
    /// How long audio that was sent in it waited for its results: p50, p95, p99.
    pub(crate) stale: Option<[f64; 3]>,
}

/// Every second from time zero to the last one in which anything happened.
pub(crate) struct Seconds {
    pub(crate) all: Vec<Second>,
    /// What went wrong in each second by its kind, the most frequent first.
    pub(crate) kinds: Vec<(String, Vec<u64>)>,
    pub(crate) window: (f64, f64),
    /// `In run 1 of 3: `, empty where there is one run.
    pub(crate) which: String,
}

impl Seconds {
    /// The seconds of a load; none where its columns do not fit together.
    pub(crate) fn of(load: &LoadRun, run: u64, runs: usize) -> Self {
        let series = &load.series;
        let last = series
            .second
            .last()
            .copied()
            .filter(|last| *last < MOST_SECONDS);
        let mut all = vec![Second::default(); last.map_or(0, |last| last as usize + 1)];
        for (at, second) in series.second.iter().enumerate() {
            let count = |column: &[u64]| column.get(at).copied().unwrap_or_default();
            let time = |column: &[Option<f64>]| {
                column
                    .get(at)
                    .copied()
                    .flatten()
                    .filter(|value| value.is_finite())
            };
            let Some(own) = all.get_mut(*second as usize) else {
                continue;
            };
            *own = Second {
                planned: count(&series.planned),
                started: count(&series.started),
                ok: count(&series.ok),
                not_ok: count(&series.not_ok),
                in_flight: 0,
                p50: time(&series.p50_s),
                p95: time(&series.p95_s),
                p99: time(&series.p99_s),
                stale: None,
            };
        }
        if let Some(stale) = &load.staleness {
            let waited = stale.p50_s.iter().zip(&stale.p95_s).zip(&stale.p99_s);
            for (second, ((p50, p95), p99)) in stale.second.iter().zip(waited) {
                let Some(own) = all.get_mut(*second as usize) else {
                    continue;
                };
                own.stale = Some([*p50, *p95, *p99])
                    .filter(|times| times.iter().all(|time| time.is_finite()));
            }
        }
        let mut open = 0_i64;
        for second in &mut all {
            open = open
                .saturating_add_unsigned(second.started)
                .saturating_sub_unsigned(second.ok + second.not_ok);
            second.in_flight = open;
        }
        let which = if runs > 1 {
            format!("In run {run} of {runs}: ")
        } else {
            String::new()
        };
        let kinds = kinds(series, &all);
        Self {
            all,
            kinds,
            window: load.window_s,
            which,
        }
    }

    /// The points of a line through the seconds that have a value.
    pub(crate) fn points(&self, value: impl Fn(&Second) -> Option<f64>) -> Vec<(f64, f64)> {
        self.all
            .iter()
            .enumerate()
            .filter_map(|(at, second)| Some((at as f64, value(second)?)))
            .collect()
    }

    pub(crate) fn length(&self) -> f64 {
        self.all.len() as f64
    }

    pub(crate) fn measured(&self) -> &[Second] {
        let (from, until) = self.window;
        let until = (until.ceil().max(0.0) as usize).min(self.all.len());
        &self.all[(from.max(0.0) as usize).min(until)..until]
    }

    /// Whether every start has its end, so that those in between can be counted.
    pub(crate) fn adds_up(&self) -> bool {
        self.all.iter().all(|second| second.in_flight >= 0)
    }

    /// The data table of a chart: one row for one second, or for as many as keep it short.
    pub(crate) fn table(
        &self,
        (caption, folded): (&str, &str),
        columns: &[&str],
        budget: &PageBudget,
        cells: impl Fn(&[Second]) -> Vec<String>,
    ) -> PageTable {
        self.table_at((caption, folded), columns, budget, |stretch| {
            cells(&self.all[stretch])
        })
    }

    /// The same, with cells by the places of the seconds.
    pub(crate) fn table_at(
        &self,
        (caption, folded): (&str, &str),
        columns: &[&str],
        budget: &PageBudget,
        cells: impl Fn(Range<usize>) -> Vec<String>,
    ) -> PageTable {
        let wide = self.all.len().div_ceil(budget.data_rows).max(1);
        let x = crate::report::html::drawing::AxisScale::linear(
            (0.0, self.length().max(1.0)),
            crate::report::html::drawing::Plot::across(),
        );
        let row = |from: usize| {
            let mut all = vec![clock(from as f64)];
            all.extend(cells(from..(from + wide).min(self.all.len())));
            PageRow::new(all).drawn_at(place(x.at(from as f64 + wide as f64 / 2.0)))
        };
        let rows = (0..self.all.len()).step_by(wide).map(row).collect();
        let caption = if wide == 1 {
            format!("{}{caption}, second by second", self.which)
        } else {
            format!(
                "{}{caption}; a row stands for {wide} seconds and has {folded}",
                self.which
            )
        };
        let columns: Vec<&str> = std::iter::once("from")
            .chain(columns.iter().copied())
            .collect();
        PageTable::new(caption, &columns, rows, budget)
    }
}

/// What went wrong by its kind, second by second; of summaries that do not know kinds all together.
fn kinds(series: &Series, all: &[Second]) -> Vec<(String, Vec<u64>)> {
    let mut kinds: Vec<(String, Vec<u64>)> = Vec::new();
    for (kind, column) in &series.errors {
        let mut counts = vec![0; all.len()];
        for (second, count) in series.second.iter().zip(column) {
            if let Some(own) = counts.get_mut(*second as usize) {
                *own = *count;
            }
        }
        kinds.push((clean(kind).replace('_', " "), counts));
    }
    if kinds.is_empty() {
        kinds.push((
            "not ok".to_owned(),
            all.iter().map(|second| second.not_ok).collect(),
        ));
    }
    kinds.retain(|(_, counts)| counts.iter().any(|count| *count > 0));
    kinds.sort_by_key(|(_, counts)| std::cmp::Reverse(counts.iter().sum::<u64>()));
    if kinds.len() > MOST_KINDS {
        let rest = kinds.split_off(MOST_KINDS - 1);
        let sum = |at: usize| rest.iter().map(|(_, counts)| counts[at]).sum();
        kinds.push(("other".to_owned(), (0..all.len()).map(sum).collect()));
    }
    kinds
}
