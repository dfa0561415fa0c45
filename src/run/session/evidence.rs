//! From what was measured to a judgement, and to the documents of a session.

use super::settings::{Finished, Settings};
use crate::document::{self, Mask};
use crate::endpoint::NotReady;
use crate::gate::{self, Verdict};
use crate::history;
use crate::run::Reference;
use crate::run::store::{SessionFolder, write_judgement};
use crate::summary::Summary;

pub(crate) struct SessionEvidence<'a> {
    pub(crate) summary: Summary,
    pub(crate) histograms: Vec<u8>,
    pub(crate) folder: &'a SessionFolder,
    pub(crate) mask: &'a Mask,
    pub(crate) unwritten: Vec<String>,
    /// What was not ready after something had been measured.
    pub(crate) not_ready: Option<NotReady>,
}

/// A verdict, and what went wrong on the way to it.
pub(crate) struct SessionJudgement {
    pub(crate) verdict: Verdict,
    pub(crate) flaws: Vec<String>,
}

/// Judges sessions of one plan, and adds them to the history. Where the baseline does not fit what was measured, the
/// thresholds alone decide.
pub(crate) fn judge(sessions: &[Summary], settings: &Settings) -> SessionJudgement {
    let mut flaws = Vec::new();
    let reference = settings.reference.clone().fitting(sessions);
    let reference = reference.unwrap_or_else(|error| {
        flaws.push(error.to_string());
        Reference::Nothing
    });
    let mut verdict = gate::judge(sessions, reference.against());
    if let Some(file) = &settings.history
        && let Err(error) = history::append(file, sessions, reference.against(), &mut verdict)
    {
        flaws.push(error.to_string());
    }
    SessionJudgement { verdict, flaws }
}

/// Judges a session and writes what can be written: one failure must not cost the other documents.
pub(crate) fn finish(evidence: SessionEvidence<'_>, settings: &Settings) -> Finished {
    let SessionEvidence {
        summary,
        histograms,
        folder,
        mask,
        mut unwritten,
        not_ready,
    } = evidence;
    let SessionJudgement { verdict, flaws } = judge(std::slice::from_ref(&summary), settings);
    unwritten.extend(flaws);
    let written = [
        document::write(&folder.file("summary.json"), &summary),
        document::replace(&folder.file("histograms"), &histograms),
    ];
    let failures = written.into_iter().filter_map(Result::err);
    unwritten.extend(failures.map(|error| error.to_string()));
    unwritten.extend(write_judgement(
        &folder.path,
        &summary,
        &verdict,
        settings.reference.baseline(),
        settings.history.as_deref(),
    ));
    unwritten.extend(folder.mark_latest().err().map(|error| error.to_string()));
    Finished {
        verdict: if unwritten.is_empty() {
            verdict
        } else {
            verdict.unwritten()
        },
        summary,
        folder: folder.path.clone(),
        unwritten: unwritten.iter().map(|text| mask.text(text)).collect(),
        not_ready,
    }
}
