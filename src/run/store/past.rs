//! Earlier sessions of a plan, for drawing how its metrics went along.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::collect::judgement;
use super::read::stored;
use crate::gate::baseline::Baseline;
use crate::gate::{ExitCode, Overall, Verdict};
use crate::history::{History, HistoryEntry};
use crate::summary::Summary;

const SESSIONS: usize = 30;

/// A session and those of its plan before it, the oldest first: what lies beside its folder, and what a history has kept.
/// What cannot be read is left out.
pub(crate) fn past(
    folder: &Path,
    summary: &Summary,
    verdict: &Verdict,
    baseline: Option<&Baseline>,
    history: Option<&Path>,
) -> Vec<HistoryEntry> {
    // What another tool or one side of a comparison measured is no night among others.
    if summary.origin.is_some() || summary.side.is_some() {
        return Vec::new();
    }
    let mut lines = vec![line(
        summary,
        (verdict.verdict, verdict.exit_code),
        baseline,
    )];
    for other in before(folder, &summary.session) {
        let Ok(own) = stored(&other) else { continue };
        let Ok(judged) = judgement(&other, &own) else {
            continue;
        };
        lines.push(line(&own, judged, baseline));
    }
    lines.extend(
        history
            .and_then(|path| History::open(path).ok())
            .into_iter()
            .flat_map(|history| history.lines),
    );
    lines.retain(|line| line.plan == summary.plan.name && line.started <= summary.started);
    let mut known = HashSet::new();
    lines.retain(|line| known.insert((line.session.clone(), line.started.clone())));
    lines.sort_by(|a, b| (&a.started, &a.session).cmp(&(&b.started, &b.session)));
    lines.drain(..lines.len().saturating_sub(SESSIONS));
    lines
}

/// What is kept of a session, with the metrics of its thresholds too.
fn line(
    summary: &Summary,
    (verdict, exit_code): (Overall, ExitCode),
    baseline: Option<&Baseline>,
) -> HistoryEntry {
    let mut line = HistoryEntry::of(summary, verdict, exit_code, baseline);
    let bounded = summary.thresholds.iter().map(|threshold| &threshold.metric);
    line.metrics.extend(
        bounded.filter_map(|name| Some((name.clone(), summary.metrics.get(name)?.clone()))),
    );
    line
}

/// The newest sessions beside a folder that has the name of its session, which is a time, and before it.
fn before(folder: &Path, session: &str) -> Vec<PathBuf> {
    let Ok(folder) = folder.canonicalize() else {
        return Vec::new();
    };
    let (Some(parent), true) = (folder.parent(), folder.ends_with(session)) else {
        return Vec::new();
    };
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let earlier = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name < std::ffi::OsStr::new(session))
    };
    let mut sessions: Vec<PathBuf> = entries
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
        .filter(|path| earlier(path) && path.join("summary.json").is_file())
        .collect();
    sessions.sort();
    sessions.split_off(sessions.len().saturating_sub(SESSIONS))
}
