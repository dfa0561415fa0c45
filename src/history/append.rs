//! Judged sessions enter the history that somebody keeps, and what drifts in it is said.

use std::path::Path;

use super::drift::{Drift, drifts};
use super::entry::HistoryEntry;
use super::file::{History, HistoryError};
use crate::gate::{Against, Verdict, judge};
use crate::summary::Summary;

/// Adds sessions of one plan, the oldest first, to a history, each with the judgement of itself alone; then adds to the notes
/// of `verdict` what drifts up to the last of them.
///
/// # Errors
/// When the history cannot be read or written.
pub fn append(
    file: &Path,
    sessions: &[Summary],
    against: Against<'_>,
    verdict: &mut Verdict,
) -> Result<(), HistoryError> {
    let mut history = History::open(file)?;
    verdict.notes.extend(history.gaps(file));
    let baseline = match against {
        Against::Baseline(_, baseline) => Some(baseline),
        Against::Nothing | Against::Absent(_) => None,
    };
    for summary in sessions {
        let alone = judge(std::slice::from_ref(summary), against);
        let line = HistoryEntry::of(summary, alone.verdict, alone.exit_code, baseline);
        history.append(file, line)?;
    }
    if let (Some(baseline), Some(last)) = (baseline, sessions.last()) {
        let before =
            |line: &&HistoryEntry| line.plan == last.plan.name && line.started <= last.started;
        let lines: Vec<&HistoryEntry> = history.lines.iter().filter(before).collect();
        let drifts = drifts(&lines, baseline, &last.comparison.r#match);
        verdict.notes.extend(drifts.iter().map(Drift::sentence));
    }
    Ok(())
}
