//! What people and their CI read of a session, written beside its evidence.

use std::path::Path;

use crate::document;
use crate::gate::Verdict;
use crate::report::{View, junit, markdown, metrics};
use crate::summary::Summary;

/// The files that [`write_reports`] writes.
pub const REPORTS: [&str; 3] = ["report.md", "junit.xml", "metrics.txt"];

/// Writes every report of a judged session into a folder; what could not be written, a sentence each.
#[must_use]
pub fn write_reports(folder: &Path, summary: &Summary, verdict: &Verdict) -> Vec<String> {
    let view = View::of(summary, verdict);
    let texts = [markdown(&view), junit(summary, &view), metrics(summary, verdict)];
    let written = REPORTS.iter().zip(texts).map(|(name, text)| document::replace(&folder.join(name), text.as_bytes()));
    written.filter_map(Result::err).map(|error| error.to_string()).collect()
}

/// Writes a judgement with every report of it; what could not be written, a sentence each.
#[must_use]
pub(super) fn write_judgement(folder: &Path, summary: &Summary, verdict: &Verdict) -> Vec<String> {
    let written = document::write(&folder.join("verdict.json"), verdict);
    let mut unwritten: Vec<String> = written.err().map(|error| error.to_string()).into_iter().collect();
    unwritten.extend(write_reports(folder, summary, verdict));
    unwritten
}
