//! What lies beside the summary of a session.

use std::fs;
use std::path::Path;

use super::past::past;
use crate::gate::Verdict;
use crate::gate::baseline::Baseline;
use crate::history::HistoryEntry;
use crate::report::ReportInputs;
use crate::summary::{Conversations, Latencies, Summary};

#[derive(Debug, Default)]
pub(crate) struct SessionFiles {
    latencies: Option<Latencies>,
    conversations: Option<Conversations>,
    past: Vec<HistoryEntry>,
}

impl SessionFiles {
    /// Looks around in and beside the folder of a session, and in a history. What is not there, cannot be read or belongs to
    /// another session is left out.
    pub(crate) fn of(
        folder: &Path,
        summary: &Summary,
        verdict: &Verdict,
        baseline: Option<&Baseline>,
        history: Option<&Path>,
    ) -> Self {
        // What was compared with another target lies in a folder of its own.
        let apart = summary.side.is_some() && !folder.join("summary.json").is_file();
        let home = if apart {
            folder.join("head")
        } else {
            folder.to_owned()
        };
        let text = fs::read_to_string(home.join("histograms")).ok();
        let latencies = text.and_then(|text| Latencies::read(&text).ok());
        let conversations = Conversations::read(&home).ok().flatten();
        let past = past(folder, summary, verdict, baseline, history);
        Self {
            latencies: latencies.filter(|latencies| latencies.session == summary.session),
            conversations,
            past,
        }
    }

    /// The same for a report, with the baseline of the verdict.
    pub(crate) fn inputs<'a>(&'a self, baseline: Option<&'a Baseline>) -> ReportInputs<'a> {
        ReportInputs {
            baseline,
            latencies: self.latencies.as_ref(),
            conversations: self.conversations.as_ref(),
            past: &self.past,
        }
    }
}
