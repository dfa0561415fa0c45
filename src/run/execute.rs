//! A session: the target started and ready, every run carried out, every document written.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use url::Url;

use super::RunError;
use super::folder::SessionFolder;
use super::once::{OneRun, run};
use super::progress::Event;
use super::signals::Signals;
use crate::clock::{Clock, wall_now};
use crate::diag::{Diagnostics, Sources};
use crate::document;
use crate::gate::{self, Verdict};
use crate::plan::{Plan, Prepared};
use crate::summary::{
    HistogramFile, Interruption, Machine, PlanDescription, Run, SampleWriter, Summary, Watcher, load_run,
};
use crate::target::Demo;

/// How a session is carried out, besides its plan.
#[derive(Clone)]
pub struct Settings {
    /// Where results go.
    pub results: PathBuf,
    /// Workers; as many as the planned rate needs where it is not said.
    pub threads: Option<usize>,
    /// The program itself: the embedded target is a child of it.
    pub program: PathBuf,
    /// Findings about the plan that did not keep it from running.
    pub warnings: Vec<String>,
    /// Who wants to see every sample.
    pub watcher: Option<Watcher>,
}

/// A session that was carried out.
#[derive(Debug)]
pub struct Finished {
    /// The evidence.
    pub summary: Summary,
    /// The judgement.
    pub verdict: Verdict,
    /// Its folder.
    pub folder: PathBuf,
    /// What could not be written, one sentence each.
    pub unwritten: Vec<String>,
}

/// A worker is good for about this many arrivals a second.
const RATE_OF_A_WORKER: f64 = 10_000.0;

/// Runs a session to its end, or to a signal.
///
/// # Errors
/// When nothing could be sent. What cannot be written in the end is said in [`Finished::unwritten`].
pub async fn execute(
    plan: &Plan,
    sources: &Sources,
    settings: &Settings,
    tell: &mut dyn FnMut(&Event<'_>),
) -> Result<Finished, RunError> {
    let mut signals = Signals::listen()?;
    let begin = wall_now();
    let folder = SessionFolder::create(&settings.results, &plan.name, begin)?;
    let finished = run_in(&folder, plan, sources, settings, begin, &mut signals, tell).await;
    if finished.is_err() {
        folder.remove_if_empty();
    }
    finished
}

async fn run_in(
    folder: &SessionFolder,
    plan: &Plan,
    sources: &Sources,
    settings: &Settings,
    begin: jiff::Timestamp,
    signals: &mut Signals,
    tell: &mut dyn FnMut(&Event<'_>),
) -> Result<Finished, RunError> {
    let demo = match &plan.target.demo {
        Some(spec) => Some(Demo::start(&settings.program, spec).await?),
        None => None,
    };
    let base = demo.as_ref().map(|demo| demo.url.clone()).or_else(|| plan.target.url.as_ref()?.get_ref().parse().ok());
    let prepared = prepare(plan, base.as_ref(), sources)?;
    let mut session = Session::new(plan, &prepared, settings, folder, begin)?;
    for number in 1..=plan.session.repeats.0 {
        let between = number > 1 && !plan.session.rest.is_zero();
        let ready = async {
            if between {
                tokio::time::sleep(plan.session.rest.into()).await;
            }
            wait_until_ready(plan, base.as_ref(), tell).await
        };
        let stopped = tokio::select! {
            ready = ready => { ready?; None }
            signal = signals.next() => Some(signal),
        };
        if let Some(signal) = stopped {
            if number == 1 {
                return Err(RunError::Stopped(signal));
            }
            session.summary.interrupted = Some(signal);
            break;
        }
        tell(&Event::RunBegins { number, of: plan.session.repeats.0 });
        session.carry_out(number, signals, tell).await?;
        if session.summary.interrupted.is_some() {
            break;
        }
    }
    session.finish()
}

fn prepare(plan: &Plan, base: Option<&Url>, sources: &Sources) -> Result<Prepared, RunError> {
    let mut found = Diagnostics::default();
    let nonce = wall_now().as_nanosecond() as u64;
    plan.compile(base, nonce, sources, &mut found).ok_or_else(|| RunError::Plan(found.render(sources, false)))
}

async fn wait_until_ready(plan: &Plan, base: Option<&Url>, tell: &mut dyn FnMut(&Event<'_>)) -> Result<(), RunError> {
    let clock = Clock::real();
    for ready in plan.target.ready.iter().flat_map(|list| &list.0) {
        tell(&Event::Waiting(&ready.path));
        ready.wait(base, &clock).await?;
    }
    Ok(())
}

/// A session under way.
struct Session<'a> {
    prepared: &'a Prepared,
    folder: &'a SessionFolder,
    threads: usize,
    watcher: Option<Watcher>,
    summary: Summary,
    histograms: HistogramFile,
    unwritten: Vec<String>,
}

impl<'a> Session<'a> {
    fn new(
        plan: &Plan,
        prepared: &'a Prepared,
        settings: &Settings,
        folder: &'a SessionFolder,
        begin: jiff::Timestamp,
    ) -> Result<Self, RunError> {
        let generator = Machine::this();
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
            started: begin.to_string(),
            target: plan.target.is_this_machine().then(|| generator.clone()),
            generator,
            loads: prepared.loads.iter().map(crate::plan::PreparedLoad::describe).collect(),
            thresholds: prepared.thresholds.clone(),
            warnings: settings.warnings.clone(),
            ..Summary::empty(&plan.name)
        };
        let histograms = HistogramFile::new(&folder.name)?;
        let threads = settings.threads.unwrap_or_else(|| threads_for(prepared));
        Ok(Self {
            prepared,
            folder,
            threads,
            watcher: settings.watcher.clone(),
            summary,
            histograms,
            unwritten: Vec::new(),
        })
    }

    async fn carry_out(
        &mut self,
        number: u64,
        signals: &mut Signals,
        tell: &mut dyn FnMut(&Event<'_>),
    ) -> Result<(), RunError> {
        let started = wall_now().to_string();
        let path = self.folder.file("samples.csv.gz");
        let writer = SampleWriter::start(&path, number, Arc::clone(&self.prepared.catalog), self.watcher.clone());
        let writer = writer.map_err(|error| self.unwritten.push(cannot_write(&path, &error))).ok();
        let sender = writer.as_ref().map(SampleWriter::sender);
        let one = run(self.prepared, self.threads, self.summary.seed, sender, signals, tell).await?;
        if let Some(Err(error)) = writer.map(SampleWriter::finish) {
            self.unwritten.push(cannot_write(&path, &error));
        }
        self.enter(number, started, one)
    }

    fn enter(&mut self, number: u64, started: String, one: OneRun) -> Result<(), RunError> {
        let mut run = Run {
            started,
            wall_s: one.wall.as_secs_f64(),
            health: one.health,
            samples_lost: one.samples_lost,
            ..Run::empty(number)
        };
        let before = self.summary.runs.len();
        for load in &one.loads {
            self.histograms.add(number, &self.prepared.catalog, load)?;
            let evidence = load_run(&self.prepared.catalog, load);
            self.summary.add_metrics(before, evidence.metrics);
            run.loads.push(evidence.load);
            run.errors.extend(evidence.errors);
            run.errors_beyond += evidence.errors_beyond;
        }
        run.errors.sort_by_key(|line| std::cmp::Reverse(line.count));
        self.summary.interrupted = one.interrupted;
        self.summary.runs.push(run);
        Ok(())
    }

    /// Writes what can be written: one failure must not cost the other documents.
    fn finish(mut self) -> Result<Finished, RunError> {
        self.summary.ended = wall_now().to_string();
        let verdict = gate::judge(&self.summary);
        let histograms = std::mem::take(&mut self.histograms).into_bytes();
        let written = [
            document::write(&self.folder.file("summary.json"), &self.summary),
            document::replace(&self.folder.file("histograms"), &histograms),
            document::write(&self.folder.file("verdict.json"), &verdict),
        ];
        self.unwritten.extend(written.into_iter().filter_map(Result::err).map(|error| error.to_string()));
        if let Err(error) = self.folder.mark_latest() {
            self.unwritten.push(error.to_string());
        }
        let verdict = if self.unwritten.is_empty() { verdict } else { verdict.unwritten() };
        Ok(Finished { summary: self.summary, verdict, folder: self.folder.path.clone(), unwritten: self.unwritten })
    }
}

fn cannot_write(path: &Path, error: &std::io::Error) -> String {
    format!("cannot write `{}`: {error}", path.display())
}

/// One worker, unless the planned rate needs more; one processor is left for everything else.
fn threads_for(prepared: &Prepared) -> usize {
    let rate: f64 = prepared
        .loads
        .iter()
        .map(|load| match load.load.schedule(0) {
            crate::schedule::Schedule::Open(open) => open.peak_rate(),
            crate::schedule::Schedule::Closed(_) => 0.0,
        })
        .sum();
    let wanted = (rate / RATE_OF_A_WORKER).ceil().max(1.0) as usize;
    let most = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).saturating_sub(1).max(1);
    wanted.min(most)
}

impl RunError {
    /// The exit code that stands for it.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        match self {
            Self::Stopped(Interruption::Sigint) => 130,
            Self::Stopped(Interruption::Sigterm) => 143,
            Self::Plan(_) => 2,
            _ => 5,
        }
    }
}
