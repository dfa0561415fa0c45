//! Sessions one after the other: as many as are asked for, and those that confirm what the first has suspected.

use super::error::RunError;
use super::execute::execute;
use super::session::{Finished, RunEvent, Settings, Signals, judge};
use super::store::write_judgement;
use crate::clock::RealClock;
use crate::diag::Sources;
use crate::gate::{Judgement, Overall, Verdict};
use crate::plan::Plan;
use crate::summary::{Interruption, Summary};
use crate::units::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Repetition {
    pub(crate) sessions: u64,
    pub(crate) every: Duration,
    /// Confirm a suspected regression by as many more sessions as the plan says, each after `confirm_after`.
    pub(crate) confirm: bool,
}

#[derive(Debug)]
pub(crate) struct SessionsFinished {
    pub(crate) sessions: Vec<Finished>,
    pub(crate) verdict: Verdict,
    /// A signal that came between two of them.
    pub(crate) stopped: Option<Interruption>,
}

impl Repetition {
    /// Carries them out. `each` sees every session as it ends. A session that is no evidence is the last one.
    pub(crate) async fn run(
        self,
        plan: &Plan,
        sources: &Sources,
        settings: &Settings,
        tell: &mut dyn FnMut(&RunEvent<'_>),
        each: &mut dyn FnMut(&Finished),
    ) -> Result<SessionsFinished, RunError> {
        let mut sessions: Vec<Finished> = Vec::new();
        let clock = RealClock::start();
        loop {
            let started = clock.now();
            let mut newest = execute(plan, sources, settings, tell).await?;
            each(&newest);
            // Where the target or the machine is not as it should be, the next one would be no evidence either.
            let over = !newest.verdict.verdict.is_evidence();
            let verdict = if sessions.is_empty() {
                newest.verdict.clone()
            } else {
                together(&sessions, &mut newest, settings)
            };
            sessions.push(newest);
            let number = sessions.len() as u64;
            let passed = clock.now().since(started);
            let wait = self.wait(number, passed, &verdict, plan).filter(|_| !over);
            let mut stopped = None;
            if let Some(wait) = wait {
                tell(&RunEvent::Between {
                    number: number + 1,
                    wait,
                    suspected: number >= self.sessions,
                });
                stopped = rest(wait).await?;
            }
            if wait.is_none() || stopped.is_some() {
                return Ok(SessionsFinished {
                    sessions,
                    verdict,
                    stopped,
                });
            }
        }
    }

    /// How long to wait for the next session after so many; `None` where there is none.
    fn wait(
        self,
        number: u64,
        passed: Duration,
        verdict: &Verdict,
        plan: &Plan,
    ) -> Option<Duration> {
        if number < self.sessions {
            let left = self.every.as_nanos().saturating_sub(passed.as_nanos());
            Some(Duration::from_nanos(left))
        } else if self.confirm && wants_more(verdict, number, plan) {
            Some(plan.session.confirm_after)
        } else {
            None
        }
    }
}

/// Whether something is suspected that more sessions can settle.
fn wants_more(verdict: &Verdict, sessions: u64, plan: &Plan) -> bool {
    verdict.verdict == Overall::Undecided
        && sessions <= plan.session.confirm.0
        && verdict.decides(Judgement::Suspect)
}

/// The judgement of all sessions, written beside the newest.
fn together(before: &[Finished], newest: &mut Finished, settings: &Settings) -> Verdict {
    let sessions: Vec<Summary> = before
        .iter()
        .map(|session| session.summary.clone())
        .chain([newest.summary.clone()])
        .collect();
    let judgement = judge(&sessions, settings);
    newest.unwritten.extend(judgement.flaws);
    let (baseline, history) = (settings.reference.baseline(), settings.history.as_deref());
    newest.unwritten.extend(write_judgement(
        &newest.folder,
        &newest.summary,
        &judgement.verdict,
        baseline,
        history,
    ));
    judgement.verdict
}

async fn rest(time: Duration) -> Result<Option<Interruption>, RunError> {
    let mut signals = Signals::listen()?;
    Ok(tokio::select! {
        () = tokio::time::sleep(time.into()) => None,
        signal = signals.next() => Some(signal),
    })
}
