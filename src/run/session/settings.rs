//! How sessions are carried out, and what comes of one.

use std::path::PathBuf;

use crate::endpoint::NotReady;
use crate::gate::Verdict;
use crate::run::Reference;
use crate::summary::{Summary, Watcher};

/// How a session is carried out, besides its plan.
#[derive(Clone)]
pub struct Settings {
    /// Where results go.
    pub results: PathBuf,
    /// Workers; as many as the planned rate needs where it is not said.
    pub threads: Option<usize>,
    /// The program itself: the embedded target is a child of it.
    pub program: PathBuf,
    /// What the session is judged against.
    pub reference: Reference,
    /// The history that the session is added to.
    pub history: Option<PathBuf>,
    /// Findings about the plan that did not keep it from running.
    pub warnings: Vec<String>,
    /// Who wants to see every sample.
    pub watcher: Option<Watcher>,
}

/// A session that was carried out.
#[derive(Debug)]
pub struct Finished {
    /// The evidence.
    pub summary: Summary,
    /// The judgement.
    pub verdict: Verdict,
    /// Its folder.
    pub folder: PathBuf,
    /// What could not be written, one sentence each.
    pub unwritten: Vec<String>,
    /// What was not ready after something had been measured.
    pub not_ready: Option<NotReady>,
}
