//! A session: the target started and ready, every run carried out, every document written.

use std::path::PathBuf;

use url::Url;

use super::error::RunError;
use super::reference::Reference;
use super::session::Event;
use super::session::Session;
use super::session::Signals;
use super::store::SessionFolder;
use crate::clock::wall_now;
use crate::diag::{Diagnostics, Sources};
use crate::gate::Verdict;
use crate::plan::{Plan, Prepared};
use crate::summary::{Interruption, Summary, Watcher};
use crate::target::{Demo, NotReady};

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

/// Runs a session to its end, or to a signal.
///
/// # Errors
/// When nothing could be sent. What cannot be written in the end is said in [`Finished::unwritten`].
pub async fn execute(
    plan: &Plan,
    sources: &Sources,
    settings: &Settings,
    tell: &mut dyn FnMut(&Event<'_>),
) -> Result<Finished, RunError> {
    let mut signals = Signals::listen()?;
    let begin = wall_now();
    let folder = SessionFolder::create(&settings.results, &plan.name, begin)?;
    let finished = run_in(&folder, plan, sources, settings, begin, &mut signals, tell).await;
    if finished.is_err() {
        folder.remove_if_empty();
    }
    finished
}

async fn run_in(
    folder: &SessionFolder,
    plan: &Plan,
    sources: &Sources,
    settings: &Settings,
    begin: jiff::Timestamp,
    signals: &mut Signals,
    tell: &mut dyn FnMut(&Event<'_>),
) -> Result<Finished, RunError> {
    let embedded = plan
        .phases
        .iter()
        .find_map(|phase| phase.target.demo.as_ref());
    let demo = match embedded {
        Some(spec) => Some(Demo::start(&settings.program, spec).await?),
        None => None,
    };
    let prepared = prepare(plan, demo.as_ref().map(|demo| &demo.url), sources)?;
    let mut session = Session::new(plan, &prepared, settings, folder, begin)?;
    for number in 1..=plan.session.repeats.0 {
        if number > 1 && !session.pause(plan.session.rest, signals).await {
            break;
        }
        tell(&Event::RunBegins {
            number,
            of: plan.session.repeats.0,
        });
        session.run(number, signals, tell).await?;
        if session.is_over() {
            break;
        }
    }
    session.finish()
}

pub(crate) fn prepare(
    plan: &Plan,
    demo: Option<&Url>,
    sources: &Sources,
) -> Result<Prepared, RunError> {
    let mut found = Diagnostics::default();
    let nonce = wall_now().as_nanosecond() as u64;
    plan.compile(demo, nonce, sources, &mut found)
        .ok_or_else(|| RunError::Plan(found.render(sources, false)))
}

impl RunError {
    /// The exit code that stands for it.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Stopped(Interruption::Sigint) => 130,
            Self::Stopped(Interruption::Sigterm) => 143,
            Self::Plan(_) => 2,
            _ => 5,
        }
    }
}
