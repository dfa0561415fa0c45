//! Symptoms of the session and their likely causes.

use crate::diagnose::{Diagnosis, diagnose};
use crate::report::text::clean;
use crate::summary::Summary;

/// One symptom in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DiagnosisView {
    /// What was seen.
    pub(crate) evidence: String,
    /// What it is a sign of.
    pub(crate) cause: &'static str,
    /// What to look at.
    pub(crate) look: &'static str,
}

impl DiagnosisView {
    /// Every symptom, the more certain causes first.
    pub(crate) fn all(summary: &Summary) -> Vec<Self> {
        let view = |own: Diagnosis| Self {
            evidence: clean(&own.evidence),
            cause: own.cause,
            look: own.look,
        };
        diagnose(summary).into_iter().map(view).collect()
    }

    /// The whole in one line.
    pub(crate) fn line(&self) -> String {
        format!(
            "{}. Likely cause: {}. Look at: {}.",
            self.evidence, self.cause, self.look
        )
    }
}
