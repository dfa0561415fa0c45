//! What became of every iteration of a load.

use crate::report::text::{ratio, shares};
use crate::summary::LoadRun;

/// The columns of [`CountsRow`]; the last five are shares of what was started.
pub(crate) const OUTCOMES: [&str; 8] = [
    "planned",
    "started",
    "dropped",
    "ok",
    "failed",
    "rejected",
    "timed out",
    "interrupted",
];

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CountsView {
    /// One row a run; the only one where there is one run.
    pub(crate) runs: Vec<CountsRow>,
    pub(crate) total: [u64; OUTCOMES.len()],
    /// Shares of the total: started and dropped of what was planned, the others of what was started.
    pub(crate) shares: [String; OUTCOMES.len()],
    pub(crate) base: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CountsRow {
    /// `run 2`.
    pub(crate) label: String,
    /// One number for each of [`OUTCOMES`].
    pub(crate) counts: [u64; OUTCOMES.len()],
}

impl CountsView {
    pub(crate) fn of(runs: &[(u64, &LoadRun)]) -> Self {
        let rows: Vec<CountsRow> = runs
            .iter()
            .map(|(number, load)| CountsRow {
                label: format!("run {number}"),
                counts: measured(load),
            })
            .collect();
        let total: [u64; OUTCOMES.len()] =
            std::array::from_fn(|at| rows.iter().map(|row| row.counts[at]).sum());
        let [planned, started, dropped, ..] = total;
        let none = || "–".to_owned();
        let outcomes = shares(&total[3..]);
        let mut shares: [String; OUTCOMES.len()] = std::array::from_fn(|_| String::new());
        shares[1] = ratio(started, planned).unwrap_or_else(none);
        shares[2] = ratio(dropped, planned).unwrap_or_else(none);
        shares[3..].clone_from_slice(&outcomes);
        let base = format!(
            "shares: started and dropped of {planned} planned, the others of {started} started"
        );
        Self {
            runs: rows,
            total,
            shares,
            base,
        }
    }

    pub(crate) const fn started(&self) -> u64 {
        self.total[1]
    }
}

fn measured(load: &LoadRun) -> [u64; OUTCOMES.len()] {
    let c = load.counts.get("measured").copied().unwrap_or_default();
    [
        c.planned,
        c.started,
        c.dropped,
        c.ok,
        c.failed,
        c.rejected,
        c.timed_out,
        c.interrupted,
    ]
}
