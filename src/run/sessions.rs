//! Several sessions one after the other: as many as are asked for, and those that confirm what the first has suspected.

use super::error::RunError;
use super::execute::{Finished, Settings, execute};
use super::session::Event;
use super::session::Signals;
use super::session::judged;
use super::store::write_judgement;
use crate::clock::RealClock;
use crate::diag::Sources;
use crate::gate::{Judgement, Overall, Verdict};
use crate::plan::Plan;
use crate::summary::{Interruption, Summary};
use crate::units::Duration;

/// How many sessions, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Several {
    /// Sessions in all events.
    pub sessions: u64,
    /// From the begin of one to the begin of the next.
    pub every: Duration,
    /// Confirm a suspected regression by as many more sessions as the plan says, each after `confirm_after`.
    pub confirm: bool,
}

/// What became of them.
#[derive(Debug)]
pub struct Done {
    /// Each session, in order.
    pub finished: Vec<Finished>,
    /// The judgement of all of them together.
    pub verdict: Verdict,
    /// A signal that came between two of them.
    pub stopped: Option<Interruption>,
}

impl Several {
    /// Carries them out. `each` sees every session as it ends. A session that is no evidence is the last one.
    ///
    /// # Errors
    /// When a session could not be run.
    pub async fn carry_out(
        self,
        plan: &Plan,
        sources: &Sources,
        settings: &Settings,
        tell: &mut dyn FnMut(&Event<'_>),
        each: &mut dyn FnMut(&Finished),
    ) -> Result<Done, RunError> {
        let mut finished: Vec<Finished> = Vec::new();
        let clock = RealClock::start();
        loop {
            let begin = clock.now();
            let mut one = execute(plan, sources, settings, tell).await?;
            each(&one);
            // Where the target or the machine is not as it should be, the next one would be no evidence either.
            let over = !one.verdict.verdict.is_evidence();
            let verdict = if finished.is_empty() {
                one.verdict.clone()
            } else {
                together(&finished, &mut one, settings)
            };
            finished.push(one);
            let number = finished.len() as u64;
            let wait = if over {
                None
            } else if number < self.sessions {
                let passed = clock.now().since(begin);
                Some(Duration::from_nanos(
                    self.every.as_nanos().saturating_sub(passed.as_nanos()),
                ))
            } else if self.confirm && wants_more(&verdict, number, plan) {
                Some(plan.session.confirm_after)
            } else {
                None
            };
            let Some(wait) = wait else {
                return Ok(Done {
                    finished,
                    verdict,
                    stopped: None,
                });
            };
            tell(&Event::Between {
                number: number + 1,
                wait,
                suspected: number >= self.sessions,
            });
            if let Some(signal) = rest(wait).await? {
                return Ok(Done {
                    finished,
                    verdict,
                    stopped: Some(signal),
                });
            }
        }
    }
}

/// Whether something is suspected that more sessions can settle.
fn wants_more(verdict: &Verdict, sessions: u64, plan: &Plan) -> bool {
    verdict.verdict == Overall::Undecided
        && sessions <= plan.session.confirm.0
        && verdict
            .comparisons
            .iter()
            .any(|one| one.decides() && one.judgement == Judgement::Suspect)
}

/// The judgement of all sessions, written beside the newest.
fn together(before: &[Finished], newest: &mut Finished, settings: &Settings) -> Verdict {
    let sessions: Vec<Summary> = before
        .iter()
        .map(|one| one.summary.clone())
        .chain([newest.summary.clone()])
        .collect();
    let (verdict, flaws) = judged(&sessions, settings);
    newest.unwritten.extend(flaws);
    let (baseline, history) = (settings.reference.baseline(), settings.history.as_deref());
    newest.unwritten.extend(write_judgement(
        &newest.folder,
        &newest.summary,
        &verdict,
        baseline,
        history,
    ));
    verdict
}

/// Waits; a signal ends it.
async fn rest(time: Duration) -> Result<Option<Interruption>, RunError> {
    let mut signals = Signals::listen()?;
    Ok(tokio::select! {
        () = tokio::time::sleep(time.into()) => None,
        signal = signals.next() => Some(signal),
    })
}
