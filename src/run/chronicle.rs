//! Judged sessions enter the history that somebody keeps, and what drifts in it is said.

use std::path::Path;

use super::reference::Reference;
use crate::gate::{Verdict, judge};
use crate::history::{Drift, History, HistoryError, Line, drifts};
use crate::summary::Summary;

/// Adds sessions of one plan, the oldest first, to a history, each with the judgement of itself alone; then adds to the notes
/// of `verdict` what drifts up to the last of them.
///
/// # Errors
/// When the history cannot be read or written.
pub fn remember(
    history: &Path,
    sessions: &[Summary],
    reference: &Reference,
    verdict: &mut Verdict,
) -> Result<(), HistoryError> {
    let path = history;
    let mut history = History::open(path)?;
    verdict.notes.extend(history.gaps(path));
    for summary in sessions {
        let own = judge(std::slice::from_ref(summary), reference.against());
        history.append(
            path,
            Line::of(summary, own.verdict, own.exit_code, reference.baseline()),
        )?;
    }
    if let (Some(baseline), Some(last)) = (reference.baseline(), sessions.last()) {
        let before = |line: &&Line| line.plan == last.plan.name && line.started <= last.started;
        let lines: Vec<&Line> = history.lines.iter().filter(before).collect();
        verdict.notes.extend(
            drifts(&lines, baseline, &last.yardstick.r#match)
                .iter()
                .map(Drift::sentence),
        );
    }
    Ok(())
}
