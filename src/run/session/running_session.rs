//! A session under way: its runs, each of its phases, and what becomes of the evidence.

use std::path::Path;

use super::bound_plan::{BoundPlan, SearchPoint};
use super::control::Control;
use super::evidence::SessionEvidence;
use super::hooks::{HookDone, HookPlace, HookRunner, PendingHooks};
use super::loads::Measured;
use super::sample_file::SampleFile;
use super::settings::Settings;
use super::sweeping::drop_unmeasured;
use crate::clock::{RealClock, wall_now};
use crate::endpoint::NotReady;
use crate::hook::Hook;
use crate::metric::Catalog;
use crate::plan::{Override, Phase, Plan, Prepared, PreparedLoad, SessionSpec};
use crate::run::RunError;
use crate::run::prepare::Running;
use crate::run::store::SessionFolder;
use crate::summary::{
    Health, HistogramFile, Interruption, Machine, PhaseDescription, PlanDescription, Run, Summary,
    SweepDescription, load_run,
};
use crate::units::Duration;

pub(super) const BY_SIGNAL: &str = "a signal ended the session";

pub(crate) struct RunningSession<'a> {
    /// The plan as it was read.
    pub(super) plan: &'a Plan,
    pub(super) running: &'a Running,
    /// The plan with the values that hooks have given its variables.
    pub(super) bound: BoundPlan<'a>,
    values: Vec<Override>,
    pub(super) settings: &'a Settings,
    folder: &'a SessionFolder,
    pub(super) summary: Summary,
    histograms: HistogramFile,
    /// The run under way, which the summary does not have yet.
    pub(super) run: Run,
    pub(super) clock: RealClock,
    pub(super) samples: SampleFile,
    pub(super) pending: PendingHooks,
    unwritten: Vec<String>,
    /// What was not ready after something had been measured.
    pub(super) not_ready: Option<NotReady>,
    /// Whether the generator did what the phase under way says.
    pub(super) kept_up: bool,
    /// The point of a search that is measured now.
    pub(super) search_point: Option<SearchPoint>,
    /// Of a point of a search that was no evidence, and so is in no number.
    pub(super) unused_health: Option<Health>,
}

impl<'a> RunningSession<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        running: &'a Running,
        settings: &'a Settings,
        folder: &'a SessionFolder,
        begin: jiff::Timestamp,
    ) -> Result<Self, RunError> {
        let generator = Machine::this();
        let prepared: &Prepared = running;
        let local = plan
            .phases
            .iter()
            .all(|phase| phase.target.is_this_machine());
        // Which points a search measures is not known yet.
        let searched = |phase: &Phase| {
            let point = phase.point.as_ref();
            point.is_some_and(|point| point.bisection().is_some())
        };
        let named = plan.phases.iter().filter(|phase| !searched(phase));
        let named = named.filter_map(|phase| {
            let description = phase.description.clone();
            Some(PhaseDescription {
                name: phase.name.clone()?,
                description,
            })
        });
        let summary = Summary {
            session: folder.name.clone(),
            plan: PlanDescription {
                name: plan.name.clone(),
                description: plan.description.clone(),
                file: plan.file.display().to_string(),
                effective: plan.effective.clone(),
            },
            load_hash: plan.load_hash.clone(),
            seed: plan.session.seed.0,
            side: folder.side.map(str::to_owned),
            started: begin.to_string(),
            target: local.then(|| generator.clone()),
            generator,
            labels: plan.labels.clone(),
            presets: plan.presets.clone(),
            given: plan.cli_overrides.clone(),
            out: (settings.results != Path::new("results"))
                .then(|| settings.results.display().to_string()),
            phases: named.collect(),
            sweeps: sweeps(&prepared.sweeps),
            loads: plan
                .phases
                .iter()
                .zip(&prepared.phases)
                .filter(|(phase, _)| !searched(phase))
                .flat_map(|(_, prepared)| prepared.loads.iter().map(PreparedLoad::describe))
                .collect(),
            thresholds: prepared.thresholds.clone(),
            comparison: prepared.comparison.clone(),
            warnings: settings.warnings.clone(),
            ..Summary::empty(&plan.name)
        };
        let histograms = HistogramFile::new(&folder.name)?;
        let samples = folder.file("samples.csv.gz");
        Ok(Self {
            plan,
            running,
            bound: BoundPlan::First(plan, prepared),
            values: Vec::new(),
            settings,
            folder,
            summary,
            histograms,
            run: Run::empty(1),
            clock: RealClock::start(),
            samples: SampleFile::new(samples, settings.watcher.clone(), plan.mask.clone()),
            pending: PendingHooks::default(),
            unwritten: Vec::new(),
            not_ready: None,
            kept_up: true,
            search_point: None,
            unused_health: None,
        })
    }

    /// How often the plan is run.
    pub(crate) const fn spec(&self) -> &'a SessionSpec {
        &self.plan.session
    }

    /// Whether no further run is to be made.
    pub(crate) const fn is_over(&self) -> bool {
        self.summary.interrupted.is_some()
            || self.not_ready.is_some()
            || self.summary.hook_failed.is_some()
    }

    /// Waits; `false` where a signal came first.
    pub(crate) async fn pause(&mut self, time: Duration, control: &mut Control<'_>) -> bool {
        if time.is_zero() {
            return true;
        }
        tokio::select! {
            () = tokio::time::sleep(time.into()) => true,
            signal = control.signals.next() => {
                self.summary.interrupted = Some(signal);
                false
            }
        }
    }

    /// Runs hooks in order. Returns why nothing more is to be run, where that is so.
    pub(super) async fn run_hooks(
        &mut self,
        hooks: &[Hook],
        place: &HookPlace,
        control: &mut Control<'_>,
    ) -> Result<Option<String>, RunError> {
        for hook in hooks {
            let done = self.hook(hook, place, control).await;
            if let Some(signal) = done.signal {
                self.summary.interrupted = Some(signal);
                return self.stopped(signal);
            }
            if let Some((name, value)) = done.record.set {
                self.learn(Override { name, value })?;
            }
            match done.failure {
                Some(why) if !self.has_evidence() => return Err(RunError::Hook(why)),
                Some(why) => {
                    self.summary.hook_failed = Some(why.clone());
                    return Ok(Some(why));
                }
                None => {}
            }
        }
        Ok(None)
    }

    /// Runs the hooks that are due since the mark: those that clean up, however it went.
    pub(super) async fn run_pending(&mut self, mark: usize, control: &mut Control<'_>) {
        while let Some((place, hook)) = self.pending.back_to(mark) {
            let done = self.hook(&hook, &place, control).await;
            let signal = self.summary.interrupted.or(done.signal);
            self.summary.interrupted = signal;
            let failed = self.summary.hook_failed.take();
            self.summary.hook_failed = failed.or(done.failure);
        }
    }

    async fn hook(
        &mut self,
        hook: &Hook,
        place: &HookPlace,
        control: &mut Control<'_>,
    ) -> HookDone {
        let runner = HookRunner {
            mask: &self.plan.mask,
            log: Some(self.folder.file("hooks.log")),
        };
        let done = runner.run(hook, place, control).await;
        self.summary.hooks.push(done.record.clone());
        done
    }

    /// Reads the plan again with what a hook has printed.
    fn learn(&mut self, value: Override) -> Result<(), RunError> {
        self.values.retain(|known| known.name != value.name);
        self.values.push(value);
        let before = self.bound.clone();
        self.rebind()?;
        if !self.bound.is_like(&before) {
            return Err(RunError::Plan(
                "what a hook has printed changes which loads and steps there are".to_owned(),
            ));
        }
        if self.search_point.is_none() {
            self.summary.plan.effective = self.bound.plan().effective.clone();
        }
        Ok(())
    }

    /// Reads the plan again with all that is known by now.
    pub(super) fn rebind(&mut self) -> Result<(), RunError> {
        let point = self.search_point.as_ref();
        self.bound = BoundPlan::again(self.plan, self.running, &self.values, point)?;
        Ok(())
    }

    pub(super) fn has_evidence(&self) -> bool {
        !(self.run.loads.is_empty() && self.summary.runs.is_empty())
    }

    pub(super) fn stopped(&self, signal: Interruption) -> Result<Option<String>, RunError> {
        if self.has_evidence() {
            Ok(Some(BY_SIGNAL.to_owned()))
        } else {
            Err(RunError::Stopped(signal))
        }
    }

    /// Notes what could not be written.
    pub(super) fn not_written(&mut self, why: Option<String>) {
        self.unwritten.extend(why);
    }

    /// Adds what loads have measured to the run under way.
    pub(super) fn enter(&mut self, measured: Measured, catalog: &Catalog) -> Result<(), RunError> {
        let is_valid = measured.health.is_valid();
        self.kept_up &= is_valid;
        if self.search_point.is_some() && !is_valid && measured.interrupted.is_none() {
            // It is tried again: what the generator could not do is no number of the session.
            self.unused_health = Some(measured.health);
            return Ok(());
        }
        let (before, run) = (self.summary.runs.len(), &mut self.run);
        for load in &measured.loads {
            self.histograms.add(run.number, catalog, load)?;
            let mut evidence = load_run(catalog, load);
            if self.settings.trust_generator {
                evidence.ignore_own_delays();
            }
            self.summary.add_metrics(before, evidence.metrics);
            run.loads.push(evidence.load);
            run.errors.extend(evidence.errors);
            run.errors_beyond += evidence.errors_beyond;
        }
        run.wall_s += measured.wall.as_secs_f64();
        run.health.merge(measured.health);
        run.samples_lost += measured.samples_lost;
        run.aborted.extend(measured.aborted);
        self.summary.interrupted = measured.interrupted;
        Ok(())
    }

    pub(crate) fn summarise(mut self) -> SessionEvidence<'a> {
        self.summary.ended = wall_now().to_string();
        self.summary.not_ready = self.not_ready.as_ref().map(ToString::to_string);
        drop_unmeasured(&mut self.summary, self.running);
        SessionEvidence {
            summary: self.plan.mask.document(self.summary),
            histograms: self.histograms.into_bytes(),
            folder: self.folder,
            mask: &self.plan.mask,
            unwritten: self.unwritten,
            not_ready: self.not_ready,
        }
    }
}

/// The sweeps as they are before anything is measured.
fn sweeps(planned: &[SweepDescription]) -> Vec<SweepDescription> {
    let mut sweeps = planned.to_vec();
    let searches = sweeps.iter_mut().filter(|sweep| sweep.search);
    searches.for_each(|sweep| sweep.points.clear());
    sweeps
}
