//! The composed plan.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use super::SessionSpec;
use crate::audio::Pool;
use crate::diag::Span;
use crate::flow::StepSpec;
use crate::gate::Rules;
use crate::schedule::Load;
use crate::target::TargetSpec;

/// A plan whose every section is valid by itself and fits the others.
#[derive(Debug)]
pub struct Plan {
    /// Names the results folder.
    pub name: String,
    /// The first line of the report.
    pub description: String,
    /// The file, as it was named.
    pub file: PathBuf,
    /// Where the load goes.
    pub target: TargetSpec,
    /// What is sent.
    pub pools: BTreeMap<String, Arc<Pool>>,
    /// What one iteration does.
    pub flows: BTreeMap<String, Vec<StepSpec>>,
    /// How much of it, in the order of the file.
    pub loads: Vec<(String, Load)>,
    /// What must hold.
    pub thresholds: Rules,
    /// How often it is run.
    pub session: SessionSpec,
    /// The plan with every variable filled in.
    pub effective: Value,
    /// Two plans with the same one do the same work.
    pub load_hash: String,
    /// Where sections stand, for findings that come later.
    pub(super) places: Places,
}

/// Where sections of the plan stand.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) steps: BTreeMap<(String, usize), Span>,
    pub(super) loads: BTreeMap<String, Span>,
    pub(super) target: Span,
    pub(super) folders: BTreeMap<String, PathBuf>,
}
