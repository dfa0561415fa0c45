//! A session, stage by stage.

use super::RunError;
use super::prepare::prepare;
use super::session::{Control, Finished, RunEvent, RunningSession, Settings, Signals, finish};
use super::store::SessionFolder;
use crate::clock::wall_now;
use crate::diag::Sources;
use crate::plan::Plan;

/// Runs a session to its end, or to a signal.
pub(crate) async fn execute(
    plan: &Plan,
    sources: &Sources,
    settings: &Settings,
    tell: &mut dyn FnMut(&RunEvent<'_>),
) -> Result<Finished, RunError> {
    let signals = Signals::listen()?;
    let mut control = Control { signals, tell };
    let started = wall_now();
    let folder = SessionFolder::create(&settings.results, &plan.name, started)?;
    let prepared = prepare(plan, sources, settings).await?;
    let mut session = RunningSession::new(plan, &prepared, settings, &folder, started)?;
    for number in 1..=plan.session.repeats.0 {
        if number > 1 && !session.pause(plan.session.rest, &mut control).await {
            break;
        }
        control.tell(&RunEvent::RunBegins {
            number,
            of: plan.session.repeats.0,
        });
        session.run_phases(number, &mut control).await?;
        if session.is_over() {
            break;
        }
    }
    Ok(finish(session.summarise(), settings))
}
