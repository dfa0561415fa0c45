//! How sessions are carried out, and what comes of one.

use std::path::PathBuf;

use crate::endpoint::NotReady;
use crate::gate::Verdict;
use crate::run::Reference;
use crate::summary::{Summary, Watcher};

/// How a session is carried out, besides its plan.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) results: PathBuf,
    /// Workers; as many as the planned rate needs where it is not said.
    pub(crate) threads: Option<usize>,
    /// The program itself: the embedded target is a child of it.
    pub(crate) program: PathBuf,
    pub(crate) reference: Reference,
    /// The history that the session is added to.
    pub(crate) history: Option<PathBuf>,
    /// Findings about the plan that did not keep it from running.
    pub(crate) warnings: Vec<String>,
    pub(crate) watcher: Option<Watcher>,
    /// The generator's own lateness is said, and held against nothing: for tests that count, on machines that do other
    /// work beside them.
    pub(crate) trust_generator: bool,
}

#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) summary: Summary,
    pub(crate) verdict: Verdict,
    pub(crate) folder: PathBuf,
    /// What could not be written, one sentence each.
    pub(crate) unwritten: Vec<String>,
    /// What was not ready after something had been measured.
    pub(crate) not_ready: Option<NotReady>,
}
