//! The phases of a run in order, each with its hooks, its readiness, its rest and its loads.

use super::bound_plan::BoundPlan;
use super::control::Control;
use super::describe::describe;
use super::hooks::HookPlace;
use super::loads::{self, RunContext};
use super::progress::RunEvent;
use super::running_session::{BY_SIGNAL, RunningSession};
use super::sweeping::{Sweeping, wanted};
use super::watched::watched;
use crate::clock::{RealClock, wall_now};
use crate::gate;
use crate::monitor::MonitorWatch;
use crate::plan::{Phase, PreparedPhase, SweepPoint};
use crate::run::RunError;
use crate::run::prepare::wait_until_ready;
use crate::summary::{
    Aborted, HookTime, PhaseRun, PointDecision, Run, monitor_metrics, swept_metrics,
};

impl RunningSession<'_> {
    /// One run: the hooks before it, its phases, and the hooks after it on every way out.
    pub(crate) async fn run_phases(
        &mut self,
        number: u64,
        control: &mut Control<'_>,
    ) -> Result<(), RunError> {
        self.clock = RealClock::start();
        let unwritten = self.samples.open(number, &self.running.catalog);
        self.not_written(unwritten);
        self.run = Run {
            started: wall_now().to_string(),
            ..Run::empty(number)
        };
        let ended = self.in_order(number, control).await;
        self.run_pending(0, control).await;
        if ended.is_err() && !self.has_evidence() {
            self.samples.discard();
        }
        let unwritten = self.samples.close();
        self.not_written(unwritten);
        ended?;
        let mut run = std::mem::replace(&mut self.run, Run::empty(number + 1));
        run.errors.sort_by_key(|line| std::cmp::Reverse(line.count));
        let before = self.summary.runs.len();
        let found = swept_metrics(&self.summary, &run, before, &wanted(self.running, &run));
        self.summary.add_metrics(before, found);
        if !run.loads.is_empty() {
            self.summary.runs.push(run);
        }
        Ok(())
    }

    async fn in_order(&mut self, number: u64, control: &mut Control<'_>) -> Result<(), RunError> {
        let of_plan = |when| HookPlace {
            run: number,
            phase: None,
            when,
        };
        let hooks = &self.plan.hooks;
        self.pending.add(&hooks.after, &of_plan(HookTime::After));
        let mut skip = self
            .run_hooks(&hooks.before, &of_plan(HookTime::Before), control)
            .await?;
        let mut sweeping = Sweeping::default();
        // Where the hooks of the phase under way begin among those that are still due.
        let mut mark = self.pending.mark();
        for at in 0..self.plan.phases.len() {
            let bound = self.bound.clone();
            let (phase, prepared) = (&bound.plan().phases[at], &bound.prepared().phases[at]);
            if let Some(why) = skip.clone().or_else(|| sweeping.skips(phase)) {
                self.describe_phase(phase, String::new(), 0.0, Some(why));
                continue;
            }
            let is_first = phase.point.as_ref().is_none_or(SweepPoint::is_first);
            if is_first {
                // A sweep that ended early is over when the next phase begins.
                self.run_pending(mark, control).await;
                mark = self.pending.mark();
            }
            let search = phase.point.as_ref();
            let search = search.filter(|point| point.bisection().is_some());
            if let Some(point) = search {
                if is_first {
                    skip = self.whole_search((phase, point), control).await?;
                }
            } else {
                control.tell(&RunEvent::PhaseBegins {
                    phase,
                    number: at + 1,
                    of: bound.plan().phases.len(),
                });
                skip = self
                    .with_hooks((phase, prepared), at, is_first, control)
                    .await?;
            }
            if search.is_none() && skip.is_none() && phase.point.is_some() {
                sweeping.decided(phase, &self.decide(prepared));
            }
            if phase.point.as_ref().is_none_or(SweepPoint::is_last) {
                self.run_pending(mark, control).await;
            }
            if self.is_over() {
                skip = skip.or_else(|| self.summary.hook_failed.clone());
            }
        }
        Ok(())
    }

    /// A search between the hooks of its phase. Returns why no later phase is to be run, where that is so.
    async fn whole_search(
        &mut self,
        (phase, point): (&Phase, &SweepPoint),
        control: &mut Control<'_>,
    ) -> Result<Option<String>, RunError> {
        let place = |when| HookPlace {
            run: self.run.number,
            phase: phase.plain_name().map(str::to_owned),
            when,
        };
        let (before, after) = (place(HookTime::Before), place(HookTime::After));
        self.pending.add(&phase.hooks.after, &after);
        let over = self
            .run_hooks(&phase.hooks.before, &before, control)
            .await?;
        if over.is_some() {
            return Ok(over);
        }
        self.search((phase, point), control).await
    }

    /// One phase between its hooks. Returns why no later phase is to be run, where that is so.
    pub(super) async fn with_hooks(
        &mut self,
        (phase, prepared): (&Phase, &PreparedPhase),
        at: usize,
        is_first: bool,
        control: &mut Control<'_>,
    ) -> Result<Option<String>, RunError> {
        let place = |when| HookPlace {
            run: self.run.number,
            phase: phase.name.clone(),
            when,
        };
        let (before, after) = (place(HookTime::Before), place(HookTime::After));
        let hooks = &phase.hooks;
        if is_first {
            self.pending.add(&hooks.after, &after);
            let over = self.run_hooks(&hooks.before, &before, control).await?;
            if over.is_some() {
                self.describe_phase(phase, String::new(), 0.0, over.clone());
                return Ok(over);
            }
        }
        let mark = self.pending.mark();
        self.pending.add(&hooks.after_point, &after);
        let over = self
            .run_hooks(&hooks.before_point, &before, control)
            .await?;
        if over.is_some() {
            self.describe_phase(phase, String::new(), 0.0, over.clone());
            self.run_pending(mark, control).await;
            return Ok(over);
        }
        // What a hook has printed may be the address of this very phase.
        let bound = self.bound.clone();
        let same = (&bound.plan().phases[at], &bound.prepared().phases[at]);
        let (phase, prepared) = if matches!(bound, BoundPlan::Again(_)) {
            same
        } else {
            (phase, prepared)
        };
        let ended = self.run_phase(phase, prepared, control).await;
        self.run_pending(mark, control).await;
        ended
    }

    /// What the sweep decides at the point that was just measured.
    pub(super) fn decide(&mut self, prepared: &PreparedPhase) -> PointDecision {
        let rules = (prepared.accept.as_slice(), prepared.stop.as_slice());
        let decision =
            gate::decide_point(&self.summary, rules, self.kept_up, self.summary.runs.len());
        if let Some(point) = self.run.phases.last_mut() {
            point.decision = Some(decision.clone());
        }
        decision
    }

    /// One phase. Returns why no later phase is to be run, where that is so.
    async fn run_phase(
        &mut self,
        phase: &Phase,
        prepared: &PreparedPhase,
        control: &mut Control<'_>,
    ) -> Result<Option<String>, RunError> {
        let bound = self.bound.clone();
        let catalog = &bound.prepared().catalog;
        let samples = self.samples.sender();
        let context = RunContext {
            catalog,
            clock: self.clock,
            threads: self.settings.threads,
            seed: self.summary.seed,
            samples: samples.as_ref(),
            trust_generator: self.settings.trust_generator,
        };
        let (started, wall_before) = (wall_now().to_string(), self.run.wall_s);
        self.kept_up = true;
        let side_by_side = if phase.in_turn {
            1
        } else {
            prepared.loads.len().max(1)
        };
        let mut over = None;
        let mut watch = None;
        for group in prepared.loads.chunks(side_by_side) {
            over = self.wait(phase, prepared, control).await?;
            if over.is_some() {
                break;
            }
            match describe(group).await {
                Err(error) if self.has_evidence() => {
                    over = Some(error.to_string());
                    break;
                }
                result => result?,
            }
            let watching = || {
                let (monitors, folder) = (&self.plan.monitors, &self.plan.folder);
                let zero_s = self.clock.now().as_nanos() as f64 / 1e9;
                (zero_s, MonitorWatch::start(monitors, folder, self.clock))
            };
            watch.get_or_insert_with(watching);
            let measured = loads::run(group, &prepared.aborts, &context, control).await?;
            self.enter(measured, catalog)?;
            if self.summary.interrupted.is_some() {
                over = Some(BY_SIGNAL.to_owned());
                break;
            }
        }
        if let Some((zero_s, watch)) = watch {
            let lines = watched(&watch.stop(), phase.name.as_deref(), zero_s);
            let metrics = monitor_metrics(&lines);
            self.summary.add_metrics(self.summary.runs.len(), metrics);
            self.run.monitors.extend(lines);
        }
        let Some(name) = &phase.name else {
            return Ok(over);
        };
        let mut loads = self.run.loads.iter();
        let ran = loads.any(|load| load.phase.as_ref() == Some(name));
        let wall_s = self.run.wall_s - wall_before;
        self.describe_phase(phase, started, wall_s, over.clone().filter(|_| !ran));
        if over.is_none() && phase.must_pass && !self.passes(name) {
            over = Some(format!("`{name}` did not pass"));
        }
        Ok(over)
    }

    /// Whether a phase that has been run passes.
    fn passes(&self, name: &str) -> bool {
        let in_phase = |aborted: &Aborted| aborted.metric.is_in_phase(name);
        let aborted = self.run.aborted.iter().any(in_phase);
        let runs = self.summary.runs.len();
        gate::phase_passes(&self.summary, name, &self.run.loads, aborted, runs)
    }

    fn describe_phase(
        &mut self,
        phase: &Phase,
        started: String,
        wall_s: f64,
        skipped: Option<String>,
    ) {
        self.run
            .phases
            .extend(phase.name.clone().map(|name| PhaseRun {
                name,
                started,
                wall_s,
                skipped,
                decision: None,
            }));
    }

    /// Waits until the target is ready, and then as long as the plan says. Returns why nothing more is to be run, where that is so.
    async fn wait(
        &mut self,
        phase: &Phase,
        prepared: &PreparedPhase,
        control: &mut Control<'_>,
    ) -> Result<Option<String>, RunError> {
        let Control { signals, tell } = control;
        let mut probing = |probe: &str| tell(&RunEvent::Waiting(probe));
        let ready = tokio::select! {
            ready = wait_until_ready(phase, prepared, &mut probing) => ready,
            signal = signals.next() => {
                self.summary.interrupted = Some(signal);
                return self.stopped(signal);
            }
        };
        match ready {
            Err(why) if !self.has_evidence() => return Err(why.into()),
            Err(why) => {
                let over = format!("the target was not ready: {why}");
                self.not_ready = Some(why);
                return Ok(Some(over));
            }
            Ok(()) => {}
        }
        if !phase.rest.is_zero() {
            control.tell(&RunEvent::Resting(phase.rest));
        }
        self.pause(phase.rest, control).await;
        self.summary
            .interrupted
            .map_or(Ok(None), |signal| self.stopped(signal))
    }
}
