//! A session under way: its runs, each of its phases, and what becomes of the evidence.

use std::path::Path;
use std::sync::Arc;

use super::control::Control;
use super::describe::describe;
use super::evidence::SessionEvidence;
use super::loads::{self, Measured, RunContext};
use super::progress::RunEvent;
use super::settings::Settings;
use super::sweeping::{Sweeping, drop_unmeasured, wanted};
use crate::clock::{RealClock, wall_now};
use crate::endpoint::NotReady;
use crate::gate;
use crate::plan::{Phase, Plan, Prepared, PreparedLoad, PreparedPhase};
use crate::run::RunError;
use crate::run::prepare::wait_until_ready;
use crate::run::store::SessionFolder;
use crate::summary::{
    Aborted, HistogramFile, Interruption, Machine, PhaseDescription, PhaseRun, PlanDescription,
    PointDecision, Run, SampleWriter, Summary, load_run, swept_metrics,
};
use crate::units::Duration;

const BY_SIGNAL: &str = "a signal ended the session";

pub(crate) struct RunningSession<'a> {
    plan: &'a Plan,
    prepared: &'a Prepared,
    settings: &'a Settings,
    folder: &'a SessionFolder,
    summary: Summary,
    histograms: HistogramFile,
    /// The run under way, which the summary does not have yet.
    run: Run,
    unwritten: Vec<String>,
    /// What was not ready after something had been measured.
    not_ready: Option<NotReady>,
    /// Whether the generator did what the phase under way says.
    kept_up: bool,
}

impl<'a> RunningSession<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        prepared: &'a Prepared,
        settings: &'a Settings,
        folder: &'a SessionFolder,
        begin: jiff::Timestamp,
    ) -> Result<Self, RunError> {
        let generator = Machine::this();
        let local = plan
            .phases
            .iter()
            .all(|phase| phase.target.is_this_machine());
        let named = plan.phases.iter().filter_map(|phase| {
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
            sweeps: prepared.sweeps.clone(),
            loads: prepared.loads().map(PreparedLoad::describe).collect(),
            thresholds: prepared.thresholds.clone(),
            comparison: prepared.comparison.clone(),
            warnings: settings.warnings.clone(),
            ..Summary::empty(&plan.name)
        };
        let histograms = HistogramFile::new(&folder.name)?;
        Ok(Self {
            plan,
            prepared,
            settings,
            folder,
            summary,
            histograms,
            run: Run::empty(1),
            unwritten: Vec::new(),
            not_ready: None,
            kept_up: true,
        })
    }

    /// Whether no further run is to be made.
    pub(crate) const fn is_over(&self) -> bool {
        self.summary.interrupted.is_some() || self.not_ready.is_some()
    }

    fn has_evidence(&self) -> bool {
        !(self.run.loads.is_empty() && self.summary.runs.is_empty())
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

    pub(crate) async fn run_phases(
        &mut self,
        number: u64,
        control: &mut Control<'_>,
    ) -> Result<(), RunError> {
        let (plan, prepared) = (self.plan, self.prepared);
        let path = self.folder.file("samples.csv.gz");
        let writer = SampleWriter::start(
            &path,
            number,
            Arc::clone(&prepared.catalog),
            self.settings.watcher.clone(),
            plan.mask.clone(),
        );
        let writer = writer
            .map_err(|error| self.unwritten.push(cannot_write(&path, &error)))
            .ok();
        let context = RunContext {
            catalog: &prepared.catalog,
            clock: RealClock::start(),
            threads: self.settings.threads,
            seed: self.summary.seed,
            samples: writer.as_ref().map(SampleWriter::sender),
            trust_generator: self.settings.trust_generator,
        };
        self.run = Run {
            started: wall_now().to_string(),
            ..Run::empty(number)
        };
        let phases = plan.phases.iter().zip(&prepared.phases);
        let mut skip: Option<String> = None;
        let mut sweeping = Sweeping::default();
        for (at, (phase, prepared)) in phases.enumerate() {
            let why = skip.clone().or_else(|| sweeping.skips(phase));
            if why.is_some() {
                self.describe_phase(phase, String::new(), 0.0, why);
                continue;
            }
            control.tell(&RunEvent::PhaseBegins {
                phase,
                number: at + 1,
                of: plan.phases.len(),
            });
            skip = match self.run_phase(phase, prepared, &context, control).await {
                Err(error) if !self.has_evidence() => {
                    // An empty file would make a session of what was none.
                    drop(writer.map(SampleWriter::finish));
                    let _ = std::fs::remove_file(&path);
                    return Err(error);
                }
                result => result?,
            };
            if skip.is_none() && phase.point.is_some() {
                sweeping.decided(phase, &self.decide(prepared));
            }
        }
        if let Some(Err(error)) = writer.map(SampleWriter::finish) {
            self.unwritten.push(cannot_write(&path, &error));
        }
        let mut run = std::mem::replace(&mut self.run, Run::empty(number + 1));
        run.errors.sort_by_key(|line| std::cmp::Reverse(line.count));
        let before = self.summary.runs.len();
        let found = swept_metrics(&self.summary, &run, before, &wanted(prepared, &run));
        self.summary.add_metrics(before, found);
        if !run.loads.is_empty() {
            self.summary.runs.push(run);
        }
        Ok(())
    }

    /// What the sweep decides at the point that was just measured.
    fn decide(&mut self, prepared: &PreparedPhase) -> PointDecision {
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
        context: &RunContext<'_>,
        control: &mut Control<'_>,
    ) -> Result<Option<String>, RunError> {
        let (started, wall_before) = (wall_now().to_string(), self.run.wall_s);
        self.kept_up = true;
        let side_by_side = if phase.in_turn {
            1
        } else {
            prepared.loads.len().max(1)
        };
        let mut over = None;
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
            let measured = loads::run(group, &prepared.aborts, context, control).await?;
            self.enter(measured)?;
            if self.summary.interrupted.is_some() {
                over = Some(BY_SIGNAL.to_owned());
                break;
            }
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

    fn stopped(&self, signal: Interruption) -> Result<Option<String>, RunError> {
        if self.has_evidence() {
            Ok(Some(BY_SIGNAL.to_owned()))
        } else {
            Err(RunError::Stopped(signal))
        }
    }

    fn enter(&mut self, measured: Measured) -> Result<(), RunError> {
        let (before, run) = (self.summary.runs.len(), &mut self.run);
        for load in &measured.loads {
            self.histograms
                .add(run.number, &self.prepared.catalog, load)?;
            let mut evidence = load_run(&self.prepared.catalog, load);
            if self.settings.trust_generator {
                evidence.ignore_own_delays();
            }
            self.summary.add_metrics(before, evidence.metrics);
            run.loads.push(evidence.load);
            run.errors.extend(evidence.errors);
            run.errors_beyond += evidence.errors_beyond;
        }
        run.wall_s += measured.wall.as_secs_f64();
        self.kept_up &= measured.health.is_valid();
        run.health.merge(measured.health);
        run.samples_lost += measured.samples_lost;
        run.aborted.extend(measured.aborted);
        self.summary.interrupted = measured.interrupted;
        Ok(())
    }

    pub(crate) fn summarise(mut self) -> SessionEvidence<'a> {
        self.summary.ended = wall_now().to_string();
        self.summary.not_ready = self.not_ready.as_ref().map(ToString::to_string);
        drop_unmeasured(&mut self.summary, self.prepared);
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

fn cannot_write(path: &Path, error: &std::io::Error) -> String {
    format!("cannot write `{}`: {error}", path.display())
}
