//! What is kept of a session: one line of `history/<plan>.jsonl`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::gate::baseline::{Baseline, Setting};
use crate::gate::{ExitCode, Overall, canaries};
use crate::metric::Address;
use crate::summary::{Machine, Metric, Summary};

/// The kind of each line.
pub const SCHEMA: &str = "perfgate.history";
/// Its major version.
pub const VERSION: u32 = 1;

/// One session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// `perfgate.history/1`.
    pub schema: String,
    /// The plan's name.
    pub plan: String,
    /// The session's name.
    pub session: String,
    /// When it began, UTC.
    pub started: String,
    /// The perfgate that measured it.
    pub tool: String,
    /// The work it did.
    pub load_hash: String,
    /// What the plan said of its setting.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// The machine that bore the load; `null` where it is unknown.
    pub target: Option<Machine>,
    /// Each canary's median latency, in seconds.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub canary: BTreeMap<String, f64>,
    /// How it was judged.
    pub verdict: Overall,
    /// The exit code that stands for it.
    pub exit_code: ExitCode,
    /// The baseline file that its plan names.
    #[serde(default)]
    pub baseline: String,
    /// What makes sessions comparable, in the words of `[baseline] match`.
    #[serde(default)]
    pub r#match: Vec<String>,
    /// Only a part of the plan was run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub narrowed: bool,
    /// What is compared, by full address, with the value and the samples of every run.
    pub metrics: BTreeMap<Address, Metric>,
}

impl HistoryEntry {
    /// What is kept of a session that was judged: of its metrics those that its plan or the baseline compares.
    #[must_use]
    pub fn of(
        summary: &Summary,
        verdict: Overall,
        exit_code: ExitCode,
        baseline: Option<&Baseline>,
    ) -> Self {
        let of_plan = summary
            .comparison
            .tolerances
            .iter()
            .map(|line| &line.metric);
        let of_baseline = baseline
            .into_iter()
            .flat_map(|baseline| baseline.metrics.keys());
        let compared: BTreeSet<&Address> = of_plan.chain(of_baseline).collect();
        let metrics = compared
            .into_iter()
            .filter_map(|name| Some((name.clone(), summary.metrics.get(name)?.clone())));
        Self {
            schema: format!("{SCHEMA}/{VERSION}"),
            plan: summary.plan.name.clone(),
            session: summary.session.clone(),
            started: summary.started.clone(),
            tool: summary.tool.clone(),
            load_hash: summary.load_hash.clone(),
            labels: summary.labels.clone(),
            target: summary.target.clone(),
            canary: canaries(summary).into_iter().collect(),
            verdict,
            exit_code,
            baseline: summary.comparison.file.clone(),
            r#match: summary.comparison.r#match.clone(),
            narrowed: summary.comparison.narrowed,
            metrics: metrics.collect(),
        }
    }

    /// Whether it is evidence of how the whole plan goes along: not one that was cut short, or whose generator could not keep up.
    #[must_use]
    pub const fn counts(&self) -> bool {
        self.verdict.is_evidence() && !self.narrowed
    }

    /// The work that it did, and the class of machine that it was done on.
    #[must_use]
    pub fn setting(&self, words: &[String]) -> Setting {
        Setting::of(words, &self.load_hash, &self.labels, self.target.as_ref())
    }

    /// Whether it is the same session.
    #[must_use]
    pub fn is(&self, session: &str, started: &str) -> bool {
        self.session == session && self.started == started
    }
}
