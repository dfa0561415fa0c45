//! A session, stage by stage.

use super::RunError;
use super::prepare::prepare;
use super::session::{
    Control, Finished, RunEvent, RunningSession, SessionEvidence, Settings, Signals, explain_error,
    explain_failure, finish,
};
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
    let running = prepare(plan, sources, settings).await?;
    let session = RunningSession::new(plan, &running, settings, &folder, started)?;
    match run_all(session, &mut control).await {
        Ok(mut evidence) => {
            explain_failure(plan, &mut evidence, settings, &mut control).await;
            Ok(finish(evidence, settings))
        }
        Err(error) => {
            explain_error(plan, &error, &mut control).await;
            Err(error)
        }
    }
}

/// Every run of the session.
async fn run_all<'a>(
    mut session: RunningSession<'a>,
    control: &mut Control<'_>,
) -> Result<SessionEvidence<'a>, RunError> {
    let spec = session.spec();
    for number in 1..=spec.repeats.0 {
        if number > 1 && !session.pause(spec.rest, control).await {
            break;
        }
        control.tell(&RunEvent::RunBegins {
            number,
            of: spec.repeats.0,
        });
        session.run_phases(number, control).await?;
        if session.is_over() {
            break;
        }
    }
    Ok(session.summarise())
}
