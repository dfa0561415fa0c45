//! What people and their CI read of a session, written beside its evidence.

use std::path::Path;

use super::files::Surroundings;
use crate::document;
use crate::gate::Verdict;
use crate::gate::baseline::Baseline;
use crate::report::{Beside, View, html, junit, markdown, metrics};
use crate::summary::Summary;

/// The files that [`write_reports`] writes.
pub const REPORTS: [&str; 4] = ["report.html", "report.md", "junit.xml", "metrics.txt"];

/// Writes every report of a judged session into a folder; what could not be written, a sentence each.
#[must_use]
pub fn write_reports(
    folder: &Path,
    summary: &Summary,
    verdict: &Verdict,
    beside: &Beside<'_>,
) -> Vec<String> {
    let view = View::of(summary, verdict).with(beside.conversations);
    let page = html(summary, verdict, beside)
        .map_err(|error| format!("cannot render report.html: {error}"));
    let texts = [
        page,
        Ok(markdown(&view)),
        Ok(junit(summary, &view)),
        Ok(metrics(summary, verdict)),
    ];
    let write = |name: &str, text: String| {
        document::replace(&folder.join(name), text.as_bytes()).map_err(|error| error.to_string())
    };
    REPORTS
        .iter()
        .zip(texts)
        .filter_map(|(name, text)| text.and_then(|text| write(name, text)).err())
        .collect()
}

/// Writes a judgement with every report of it into the session's own folder; what could not be written, a sentence each.
#[must_use]
pub(crate) fn write_judgement(
    folder: &Path,
    summary: &Summary,
    verdict: &Verdict,
    baseline: Option<&Baseline>,
    history: Option<&Path>,
) -> Vec<String> {
    let written = document::write(&folder.join("verdict.json"), verdict);
    let mut unwritten: Vec<String> = written
        .err()
        .map(|error| error.to_string())
        .into_iter()
        .collect();
    let surroundings = Surroundings::of(folder, summary, verdict, baseline, history);
    unwritten.extend(write_reports(
        folder,
        summary,
        verdict,
        &surroundings.beside(baseline),
    ));
    unwritten
}
