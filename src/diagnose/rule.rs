//! One symptom, what it is a sign of, and what to look at.

use crate::summary::Summary;

/// A line of the table.
#[derive(Clone, Copy)]
pub struct DiagnosisRule {
    /// What it is called, in a few words.
    pub name: &'static str,
    /// The evidence in one sentence; `None` where the symptom is not there. A rule never speaks without evidence.
    pub find: fn(&Summary) -> Option<String>,
    /// The likely cause.
    pub cause: &'static str,
    /// What to look at, or to try.
    pub look: &'static str,
}

/// A symptom that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The rule.
    pub name: &'static str,
    /// What was seen.
    pub evidence: String,
    /// The likely cause.
    pub cause: &'static str,
    /// What to look at.
    pub look: &'static str,
}
