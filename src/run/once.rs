//! `run --once`: one iteration of each flow, with everything that is said and heard.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::error::RunError;
use super::prepare::{prepare, wait_until_ready};
use super::session::{Settings, Signals, describe};
use crate::clock::{Clock, RealClock};
use crate::diag::Sources;
use crate::flow::{Findings, FlowUser};
use crate::measure::{Recorder, Ticket, Vu};
use crate::metric::{LoadPart, Outcome};
use crate::plan::{Plan, PreparedLoad};
use crate::protocol::{Client, ExchangeTrace, Inspector};
use crate::units::Duration;

/// What happens while each flow is tried.
#[derive(Debug)]
pub(crate) enum OnceEvent<'a> {
    /// The target is probed.
    Waiting(&'a str),
    /// A load's flow begins.
    Begins(&'a PreparedLoad),
    /// An exchange is over.
    Heard(&'a ExchangeTrace<'a>),
    /// The iteration is over: how it ended, how long it took, what was found and what went wrong in it.
    Ends {
        /// How it ended.
        outcome: Outcome,
        /// How long it took.
        took: Duration,
        /// What each step has found of what the plan looks for.
        found: &'a [Findings],
        /// What went wrong, in order.
        errors: Vec<String>,
    },
}

/// Runs one iteration of each flow that the plan has; a flow that several loads run is run once. Nothing is measured or
/// written. `true` where every one of them ended well.
pub(crate) async fn run_once(
    plan: &Plan,
    sources: &Sources,
    settings: &Settings,
    tell: &mut dyn FnMut(&OnceEvent<'_>),
) -> Result<bool, RunError> {
    let mut signals = Signals::listen()?;
    let prepared = prepare(plan, sources, settings).await?;
    let mut tried: Vec<&str> = Vec::new();
    let mut well = true;
    for (phase, prepared) in plan.phases.iter().zip(&prepared.phases) {
        let new = |load: &&PreparedLoad| !tried.contains(&load.flow_name.as_str());
        let mut loads: Vec<&PreparedLoad> = prepared.loads.iter().filter(new).collect();
        loads.dedup_by_key(|load| &load.flow_name);
        if loads.is_empty() {
            continue;
        }
        let one_phase = async {
            wait_until_ready(phase, prepared, &mut |probe| {
                tell(&OnceEvent::Waiting(probe));
            })
            .await?;
            describe(&prepared.loads).await?;
            let mut all = true;
            for load in &loads {
                all &= iterate(load, tell).await;
            }
            Ok::<bool, RunError>(all)
        };
        well &= tokio::select! {
            done = one_phase => done?,
            signal = signals.next() => return Err(RunError::Stopped(signal)),
        };
        tried.extend(loads.iter().map(|load| load.flow_name.as_str()));
    }
    Ok(well)
}

/// One iteration of one flow; `true` where it ended well.
async fn iterate(load: &PreparedLoad, tell: &mut dyn FnMut(&OnceEvent<'_>)) -> bool {
    tell(&OnceEvent::Begins(load));
    let clock = Clock::Real(RealClock::start());
    let tell = Rc::new(RefCell::new(tell));
    let client = Client::new(clock.clone(), Arc::clone(&load.wiring));
    let listener = Rc::clone(&tell);
    let tap = Inspector::new(client, clock.clone(), move |heard: &ExchangeTrace<'_>| {
        (listener.borrow_mut())(&OnceEvent::Heard(heard));
    });
    let mut user = FlowUser::new(Arc::clone(&load.flow), clock.clone(), tap, 1).with_findings();
    let mut recorder = Recorder::default();
    let begin = clock.now();
    let mut outcome = user.setup(&mut recorder).await;
    if outcome == Outcome::Ok {
        let start = clock.now();
        let ticket = Ticket {
            n: 0,
            vu: 1,
            due: start,
            start,
            part: LoadPart::Measured,
        };
        outcome = user.iterate(ticket, &mut recorder).await;
    }
    let errors = recorder
        .errors()
        .iter()
        .map(|note| note.message.clone())
        .collect();
    let took = clock.now().since(begin);
    (tell.borrow_mut())(&OnceEvent::Ends {
        outcome,
        took,
        found: user.findings(),
        errors,
    });
    outcome == Outcome::Ok
}
