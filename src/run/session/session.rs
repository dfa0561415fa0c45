//! A session under way: runs, their phases, and the documents in the end.

use std::path::Path;
use std::sync::Arc;

use super::describe::describe;
use super::loads::{self, Measured, Surroundings};
use super::progress::Event;
use super::signals::Signals;
use crate::clock::{Clock, RealClock, wall_now};
use crate::document;
use crate::gate::{self, Verdict};
use crate::plan::{Phase, Plan, Prepared, PreparedLoad, PreparedPhase};
use crate::run::chronicle::remember;
use crate::run::error::RunError;
use crate::run::execute::{Finished, Settings};
use crate::run::reference::Reference;
use crate::run::store::SessionFolder;
use crate::run::store::write_judgement;
use crate::summary::{
    HistogramFile, Machine, PhaseDescription, PhaseRun, PlanDescription, Run, SampleWriter,
    Summary, load_run,
};
use crate::target::{NotReady, Probed};
use crate::units::Duration;

/// A session under way.
pub(crate) struct Session<'a> {
    plan: &'a Plan,
    prepared: &'a Prepared,
    settings: &'a Settings,
    folder: &'a SessionFolder,
    summary: Summary,
    histograms: HistogramFile,
    unwritten: Vec<String>,
    /// What was not ready after something had been measured.
    not_ready: Option<NotReady>,
}

/// How the wait for a phase ended.
enum Wait {
    Ready,
    NotReady(NotReady),
    Stopped,
}

impl<'a> Session<'a> {
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
            given: plan.given.clone(),
            phases: named.collect(),
            loads: prepared.loads().map(PreparedLoad::describe).collect(),
            thresholds: prepared.thresholds.clone(),
            yardstick: prepared.yardstick.clone(),
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
            unwritten: Vec::new(),
            not_ready: None,
        })
    }

    /// Whether no further run is to be made.
    pub(crate) const fn is_over(&self) -> bool {
        self.summary.interrupted.is_some() || self.not_ready.is_some()
    }

    /// The pause between two runs.
    pub(crate) const fn rest(&self) -> Duration {
        self.plan.session.rest
    }

    /// Waits; `false` where a signal came first.
    pub(crate) async fn pause(&mut self, time: Duration, signals: &mut Signals) -> bool {
        if time.is_zero() {
            return true;
        }
        tokio::select! {
            () = tokio::time::sleep(time.into()) => true,
            signal = signals.next() => {
                self.summary.interrupted = Some(signal);
                false
            }
        }
    }

    /// One run: every phase in order.
    pub(crate) async fn run(
        &mut self,
        number: u64,
        signals: &mut Signals,
        tell: &mut dyn FnMut(&Event<'_>),
    ) -> Result<(), RunError> {
        let clock = RealClock::start();
        let path = self.folder.file("samples.csv.gz");
        let watcher = self.settings.watcher.clone();
        let writer = SampleWriter::start(
            &path,
            number,
            Arc::clone(&self.prepared.catalog),
            watcher,
            self.plan.mask.clone(),
        );
        let writer = writer
            .map_err(|error| self.unwritten.push(cannot_write(&path, &error)))
            .ok();
        let prepared = self.prepared;
        let around = Surroundings {
            catalog: &prepared.catalog,
            clock,
            threads: self.settings.threads,
            seed: self.summary.seed,
            samples: writer.as_ref().map(SampleWriter::sender),
        };
        let mut run = Run {
            started: wall_now().to_string(),
            ..Run::empty(number)
        };
        let phases = self.plan.phases.iter().zip(&prepared.phases);
        let mut skip = None;
        for (at, (phase, prepared)) in phases.enumerate() {
            if skip.is_none() {
                tell(&Event::PhaseBegins {
                    phase,
                    number: at + 1,
                    of: self.plan.phases.len(),
                });
                skip = match self
                    .phase(phase, prepared, &around, &mut run, signals, tell)
                    .await
                {
                    Err(error) if run.loads.is_empty() && self.summary.runs.is_empty() => {
                        // An empty file would make a session of what was none.
                        drop(writer.map(SampleWriter::finish));
                        let _ = std::fs::remove_file(&path);
                        return Err(error);
                    }
                    result => result?,
                };
            } else if let Some(name) = &phase.name {
                run.phases.push(PhaseRun {
                    name: name.clone(),
                    started: String::new(),
                    wall_s: 0.0,
                    skipped: skip.clone(),
                });
            }
        }
        if let Some(Err(error)) = writer.map(SampleWriter::finish) {
            self.unwritten.push(cannot_write(&path, &error));
        }
        run.errors.sort_by_key(|line| std::cmp::Reverse(line.count));
        if !run.loads.is_empty() {
            self.summary.runs.push(run);
        }
        Ok(())
    }

    /// One phase. Returns why no later phase is to be run, where that is so.
    async fn phase(
        &mut self,
        phase: &Phase,
        prepared: &PreparedPhase,
        around: &Surroundings<'_>,
        run: &mut Run,
        signals: &mut Signals,
        tell: &mut dyn FnMut(&Event<'_>),
    ) -> Result<Option<String>, RunError> {
        let started = wall_now().to_string();
        let wall_before = run.wall_s;
        let most = if phase.in_turn {
            1
        } else {
            prepared.loads.len().max(1)
        };
        let mut over = None;
        for group in prepared.loads.chunks(most) {
            match self.wait(phase, prepared, signals, tell).await {
                Wait::Ready => {}
                Wait::NotReady(why) => {
                    if run.loads.is_empty() && self.summary.runs.is_empty() {
                        return Err(why.into());
                    }
                    over = Some(format!("the target was not ready: {why}"));
                    self.not_ready = Some(why);
                    break;
                }
                Wait::Stopped => {
                    if let (Some(signal), true) = (
                        self.summary.interrupted,
                        run.loads.is_empty() && self.summary.runs.is_empty(),
                    ) {
                        return Err(RunError::Stopped(signal));
                    }
                    over = Some("a signal ended the session".to_owned());
                    break;
                }
            }
            match describe(group).await {
                Err(error) if !(run.loads.is_empty() && self.summary.runs.is_empty()) => {
                    over = Some(error.to_string());
                    break;
                }
                result => result?,
            }
            let measured = loads::run(group, &prepared.aborts, around, signals, tell).await?;
            self.enter(measured, run)?;
            if self.summary.interrupted.is_some() {
                over = Some("a signal ended the session".to_owned());
                break;
            }
        }
        if let Some(name) = &phase.name {
            let wall_s = run.wall_s - wall_before;
            let ran = run
                .loads
                .iter()
                .any(|load| load.phase.as_ref() == Some(name));
            let skipped = over.clone().filter(|_| !ran);
            run.phases.push(PhaseRun {
                name: name.clone(),
                started,
                wall_s,
                skipped,
            });
            let aborted = run
                .aborted
                .iter()
                .any(|aborted| aborted.metric.phase() == Some(name));
            let passes = || {
                gate::phase_passes(
                    &self.summary,
                    name,
                    &run.loads,
                    aborted,
                    self.summary.runs.len(),
                )
            };
            if over.is_none() && phase.must_pass && !passes() {
                over = Some(format!("`{name}` did not pass"));
            }
        }
        Ok(over)
    }

    /// Waits until the target is ready, and then as long as the plan says.
    async fn wait(
        &mut self,
        phase: &Phase,
        prepared: &PreparedPhase,
        signals: &mut Signals,
        tell: &mut dyn FnMut(&Event<'_>),
    ) -> Wait {
        let ready = async {
            let clock = Clock::real();
            let probed = Probed {
                target: &phase.target,
                base: prepared.base.as_ref(),
                wiring: &phase.wiring,
            };
            for ready in phase.target.ready.iter().flat_map(|list| &list.0) {
                tell(&Event::Waiting(&ready.path));
                ready.wait(&probed, &clock).await?;
            }
            Ok(())
        };
        tokio::select! {
            ready = ready => if let Err(why) = ready { return Wait::NotReady(why) },
            signal = signals.next() => {
                self.summary.interrupted = Some(signal);
                return Wait::Stopped;
            }
        }
        if !phase.rest.is_zero() {
            tell(&Event::Resting(phase.rest));
        }
        if self.pause(phase.rest, signals).await {
            Wait::Ready
        } else {
            Wait::Stopped
        }
    }

    fn enter(&mut self, measured: Measured, run: &mut Run) -> Result<(), RunError> {
        let before = self.summary.runs.len();
        for load in &measured.loads {
            self.histograms
                .add(run.number, &self.prepared.catalog, load)?;
            let evidence = load_run(&self.prepared.catalog, load);
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

    /// Writes what can be written: one failure must not cost the other documents.
    pub(crate) fn finish(mut self) -> Result<Finished, RunError> {
        self.summary.ended = wall_now().to_string();
        self.summary.not_ready = self.not_ready.as_ref().map(ToString::to_string);
        let summary = self.plan.mask.document(self.summary);
        let (verdict, flaws) = judged(std::slice::from_ref(&summary), self.settings);
        self.unwritten.extend(flaws);
        let histograms = self.histograms.into_bytes();
        let written = [
            document::write(&self.folder.file("summary.json"), &summary),
            document::replace(&self.folder.file("histograms"), &histograms),
        ];
        self.unwritten.extend(
            written
                .into_iter()
                .filter_map(Result::err)
                .map(|error| error.to_string()),
        );
        self.unwritten.extend(write_judgement(
            &self.folder.path,
            &summary,
            &verdict,
            self.settings.reference.baseline(),
            self.settings.history.as_deref(),
        ));
        if let Err(error) = self.folder.mark_latest() {
            self.unwritten.push(error.to_string());
        }
        let verdict = if self.unwritten.is_empty() {
            verdict
        } else {
            verdict.unwritten()
        };
        let unwritten = self
            .unwritten
            .iter()
            .map(|text| self.plan.mask.text(text))
            .collect();
        Ok(Finished {
            summary,
            verdict,
            folder: self.folder.path.clone(),
            unwritten,
            not_ready: self.not_ready,
        })
    }
}

/// The verdict, once the sessions are in the history; and what went wrong. Where the baseline does not fit what was measured,
/// it is the verdict of the thresholds.
pub(crate) fn judged(sessions: &[Summary], settings: &Settings) -> (Verdict, Vec<String>) {
    let mut flaws = Vec::new();
    let reference = settings
        .reference
        .clone()
        .fitting(sessions)
        .unwrap_or_else(|error| {
            flaws.push(error.to_string());
            Reference::Nothing
        });
    let mut verdict = gate::judge(sessions, reference.against());
    if let Some(history) = &settings.history
        && let Err(error) = remember(history, sessions, &reference, &mut verdict)
    {
        flaws.push(error.to_string());
    }
    (verdict, flaws)
}

fn cannot_write(path: &Path, error: &std::io::Error) -> String {
    format!("cannot write `{}`: {error}", path.display())
}
