//! What people and their CI read of a session, written beside its evidence.

use std::path::Path;

use super::files::SessionFiles;
use crate::document;
use crate::gate::Verdict;
use crate::gate::baseline::Baseline;
use crate::report::{FORMATS, Format, Report};
use crate::summary::{CLIENTS, Summary, TRANSCRIPTS};

/// What every session has besides its reports.
pub(crate) const EVIDENCE: [&str; 4] = [
    "summary.json",
    "verdict.json",
    "histograms",
    "samples.csv.gz",
];

/// The names of the files that are written into the folder of a session.
pub(crate) fn session_files(folder: &Path) -> Vec<&'static str> {
    let lines = [CLIENTS, TRANSCRIPTS]
        .into_iter()
        .filter(|name| folder.join(name).exists());
    Format::files().chain(EVIDENCE).chain(lines).collect()
}

/// Writes every report of a judged session into a folder; what could not be written, a sentence each.
pub(crate) fn write_reports(folder: &Path, report: &Report<'_>) -> Vec<String> {
    let mut unwritten = Vec::new();
    for format in FORMATS {
        let Some(file) = format.file else { continue };
        match (format.render)(report) {
            Err(error) => unwritten.push(format!("cannot render {file}: {error}")),
            Ok(text) => {
                let written = document::replace(&folder.join(file), text.as_bytes());
                unwritten.extend(written.err().map(|error| error.to_string()));
            }
        }
    }
    unwritten
}

/// Writes a judgement with every report of it into the session's own folder; what could not be written, a sentence each.
pub(crate) fn write_judgement(
    folder: &Path,
    summary: &Summary,
    verdict: &Verdict,
    baseline: Option<&Baseline>,
    history: Option<&Path>,
) -> Vec<String> {
    let written = document::write(&folder.join("verdict.json"), verdict);
    let mut unwritten: Vec<String> = Vec::new();
    unwritten.extend(written.err().map(|error| error.to_string()));
    let files = SessionFiles::of(folder, summary, verdict, baseline, history);
    let report = Report::new(summary, verdict, files.inputs(baseline));
    unwritten.extend(write_reports(folder, &report));
    unwritten
}
