//! `run --once`: one iteration of each flow, with everything that is said and heard.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::error::RunError;
use super::prepare::{Running, prepare, wait_until_ready};
use super::session::{
    BoundPlan, HookPlace, HookRunner, PendingHooks, RunEvent, Settings, Signals, describe,
};
use crate::clock::{Clock, RealClock};
use crate::diag::Sources;
use crate::flow::{Findings, FlowUser};
use crate::hook::Hook;
use crate::measure::{Recorder, Ticket, Vu};
use crate::metric::{LoadPart, Outcome};
use crate::plan::{Override, Phase, Plan, PreparedLoad, PreparedPhase};
use crate::protocol::{Client, ExchangeTrace, Inspector};
use crate::summary::HookTime;
use crate::units::Duration;

/// What happens while each flow is tried.
#[derive(Debug)]
pub(crate) enum OnceEvent<'a> {
    /// A command of the plan is run.
    Hook {
        /// `before` or `after`.
        when: &'a str,
        /// What is run.
        command: &'a str,
    },
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

/// Runs one iteration of each flow that the plan has; a flow that several loads run is run once. The hooks around it are run as
/// ever. Nothing is measured or written. `true` where every one of them ended well.
pub(crate) async fn run_once(
    plan: &Plan,
    sources: &Sources,
    settings: &Settings,
    tell: &mut dyn FnMut(&OnceEvent<'_>),
) -> Result<bool, RunError> {
    let running = prepare(plan, sources, settings).await?;
    let mut trial = Trial {
        plan,
        bound: BoundPlan::First(plan, &running),
        running: &running,
        values: Vec::new(),
        signals: Signals::listen()?,
        pending: PendingHooks::default(),
    };
    let done = trial.run(tell).await;
    let cleaned = trial.clean_up(0, tell).await;
    done.and_then(|well| cleaned.map(|()| well))
}

/// A plan that is being tried.
struct Trial<'a> {
    plan: &'a Plan,
    running: &'a Running,
    bound: BoundPlan<'a>,
    values: Vec<Override>,
    signals: Signals,
    pending: PendingHooks,
}

impl Trial<'_> {
    async fn run(&mut self, tell: &mut dyn FnMut(&OnceEvent<'_>)) -> Result<bool, RunError> {
        let hooks = &self.plan.hooks;
        self.pending
            .add(&hooks.after, &place(None, HookTime::After));
        self.hooks(&hooks.before, None, tell).await?;
        let mut tried: Vec<String> = Vec::new();
        let mut well = true;
        for at in 0..self.plan.phases.len() {
            let is_new = |load: &PreparedLoad| !tried.contains(&load.flow_name);
            if !self.bound.prepared().phases[at].loads.iter().any(is_new) {
                continue;
            }
            let mark = self.pending.mark();
            let phase = &self.plan.phases[at];
            let (name, hooks) = (phase.name.as_deref(), &phase.hooks);
            for after in [&hooks.after, &hooks.after_point] {
                self.pending.add(after, &place(name, HookTime::After));
            }
            self.hooks(&hooks.before, name, tell).await?;
            self.hooks(&hooks.before_point, name, tell).await?;
            let bound = self.bound.clone();
            let (phase, prepared) = (&bound.plan().phases[at], &bound.prepared().phases[at]);
            let mut loads: Vec<&PreparedLoad> = prepared
                .loads
                .iter()
                .filter(|load| !tried.contains(&load.flow_name))
                .collect();
            loads.dedup_by_key(|load| &load.flow_name);
            let one_phase = try_phase((phase, prepared), &loads, tell);
            well &= tokio::select! {
                done = one_phase => done?,
                signal = self.signals.next() => return Err(RunError::Stopped(signal)),
            };
            tried.extend(loads.iter().map(|load| load.flow_name.clone()));
            self.clean_up(mark, tell).await?;
        }
        Ok(well)
    }

    async fn hooks(
        &mut self,
        hooks: &[Hook],
        phase: Option<&str>,
        tell: &mut dyn FnMut(&OnceEvent<'_>),
    ) -> Result<(), RunError> {
        for hook in hooks {
            let place = place(phase, HookTime::Before);
            if let Some(value) = self.hook(hook, &place, tell).await? {
                self.values.push(value);
                self.bound = BoundPlan::again(self.plan, self.running, &self.values, None)?;
            }
        }
        Ok(())
    }

    /// Runs the hooks that are due since the mark.
    async fn clean_up(
        &mut self,
        mark: usize,
        tell: &mut dyn FnMut(&OnceEvent<'_>),
    ) -> Result<(), RunError> {
        let mut ended = Ok(());
        while let Some((place, hook)) = self.pending.back_to(mark) {
            let done = self.hook(&hook, &place, tell).await;
            ended = ended.and(done.map(drop));
        }
        ended
    }

    /// One hook; the value that it has printed for a variable.
    async fn hook(
        &mut self,
        hook: &Hook,
        place: &HookPlace,
        tell: &mut dyn FnMut(&OnceEvent<'_>),
    ) -> Result<Option<Override>, RunError> {
        let mut heard = |event: &RunEvent<'_>| {
            if let RunEvent::Hook { when, command, .. } = event {
                tell(&OnceEvent::Hook { when, command });
            }
        };
        let runner = HookRunner {
            mask: &self.plan.mask,
            log: None,
        };
        let done = runner
            .run_with(hook, place, &mut self.signals, &mut heard)
            .await;
        match (done.signal, done.failure) {
            (Some(signal), _) => Err(RunError::Stopped(signal)),
            (None, Some(why)) => Err(RunError::Hook(why)),
            (None, None) => Ok(done
                .record
                .set
                .map(|(name, value)| Override { name, value })),
        }
    }
}

fn place(phase: Option<&str>, when: HookTime) -> HookPlace {
    HookPlace {
        run: 1,
        phase: phase.map(str::to_owned),
        when,
    }
}

async fn try_phase(
    (phase, prepared): (&Phase, &PreparedPhase),
    loads: &[&PreparedLoad],
    tell: &mut dyn FnMut(&OnceEvent<'_>),
) -> Result<bool, RunError> {
    wait_until_ready(phase, prepared, &mut |probe| {
        tell(&OnceEvent::Waiting(probe));
    })
    .await?;
    describe(&prepared.loads).await?;
    let mut all = true;
    for load in loads {
        all &= iterate(load, tell).await;
    }
    Ok(all)
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
