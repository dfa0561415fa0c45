//! What was noticed without being an error, as the summary has it.

use serde::{Deserialize, Serialize};

use crate::measure::{LoadStats, Remark, RemarkKind};
use crate::metric::{Catalog, StepId};

/// Refusals or oddities of one cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemarkLine {
    /// The step.
    pub step: String,
    /// The first one.
    pub message: String,
    /// How many.
    pub count: u64,
}

/// A line for each cause of one kind, most frequent first.
pub(super) fn remarks(catalog: &Catalog, stats: &LoadStats, kind: RemarkKind) -> Vec<RemarkLine> {
    let line = |(step, remark): (StepId, &Remark)| RemarkLine {
        step: catalog.step(step).name.clone(),
        message: remark.example.clone(),
        count: remark.count,
    };
    stats.remarks.of(kind).into_iter().map(line).collect()
}
