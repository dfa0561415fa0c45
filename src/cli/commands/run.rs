//! `perfgate run`.

use std::sync::Arc;

use super::once::once;
use crate::cli::annotate::annotate;
use crate::cli::arguments::RunArguments;
use crate::cli::console::Console;
use crate::cli::failure::{CommandFailure, Ended};
use crate::cli::not_ready::{failure_of_run, hint};
use crate::cli::progress::Show;
use crate::cli::read_plan::{PlanRead, read_plan_to_run};
use crate::cli::typed_url::{self, TypedUrl};
use crate::gate::{ExitCode, Overall};
use crate::history::History;
use crate::measure::{Sample, SampleKind};
use crate::metric::Catalog;
use crate::plan::PreparedLoad;
use crate::report::live::sample_line;
use crate::report::terminal::Detail;
use crate::report::{View, forecast, terminal};
use crate::run::{
    Finished, Reference, ReferenceError, Repetition, RunError, RunEvent, SessionsFinished,
    Settings, session_files, workers,
};
use crate::summary::{Conversations, Watcher};

pub(crate) fn run(arguments: &RunArguments, console: Console) -> Ended {
    let url = TypedUrl::of(arguments)?;
    let read = match &url {
        Some(url) => url.read(&arguments.plan, console)?,
        None => {
            typed_url::refuse_request(&arguments.request)?;
            read_plan_to_run(&arguments.plan, &arguments.load, console)?
        }
    };
    if arguments.dry_run {
        return dry_run(arguments, &read, console);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CommandFailure::could_not_run)?;
    let settings = settings(arguments, &read, console)?;
    if arguments.once {
        return runtime.block_on(once(&read, &settings, console));
    }
    let ended = runtime.block_on(sessions(arguments, &read, &settings, console));
    if let (Some(url), Ok(_)) = (url, &ended) {
        url.keep(console);
    }
    ended
}

/// The settings of the sessions. Reports a broken baseline or history before anything is sent.
fn settings(
    arguments: &RunArguments,
    read: &PlanRead,
    console: Console,
) -> Result<Settings, CommandFailure> {
    let reference = reference(arguments, read)
        .map_err(|error| CommandFailure::usage(error).masked(&read.plan.mask))?;
    if let Some(file) = &arguments.history {
        History::open(file).map_err(CommandFailure::usage)?;
    }
    Ok(Settings {
        results: arguments.execution.out.clone(),
        threads: arguments.execution.threads.map(usize::from),
        program: std::env::current_exe().map_err(CommandFailure::could_not_run)?,
        reference,
        history: arguments.history.clone(),
        warnings: read.warnings.clone(),
        watcher: watcher(console),
        trust_generator: trusts_generator(),
    })
}

/// Whether the environment asks not to hold the generator's own lateness against a session.
pub(super) fn trusts_generator() -> bool {
    std::env::var_os("PERFGATE_TRUST_GENERATOR").is_some_and(|value| !value.is_empty())
}

/// Runs the sessions, and shows each as it ends.
async fn sessions(
    arguments: &RunArguments,
    read: &PlanRead,
    settings: &Settings,
    console: Console,
) -> Ended {
    let mask = &read.plan.mask;
    let mut show = Show::new(
        console,
        arguments.execution.progress,
        arguments.execution.progress_interval,
        mask.clone(),
    );
    let repetition = Repetition {
        sessions: arguments.sessions,
        every: arguments.every,
        confirm: arguments.confirm,
    };
    let mut printed = true;
    let (mut number, mut several) = (0, repetition.sessions > 1);
    let mut each = |finished: &Finished| {
        number += 1;
        several |= repetition.confirm && finished.verdict.verdict == Overall::Undecided;
        let which = several.then(|| format!("session {number}"));
        printed &= report(finished, which, console);
        if let Some(not_ready) = &finished.not_ready {
            hint(not_ready, mask, console);
        }
    };
    let mut tell = |event: &RunEvent<'_>| show.event(event);
    let finished = repetition
        .run(&read.plan, &read.sources, settings, &mut tell, &mut each)
        .await;
    show.finish();
    let finished = finished.map_err(|error| failure_of_run(&error, mask, console))?;
    if several {
        printed &= together(&finished, console);
    }
    if let Some(newest) = finished.sessions.last() {
        let view = View::of(&newest.summary, &finished.verdict);
        annotate(&view, &finished.verdict, Some(&newest.folder), console);
    }
    if let Some(signal) = finished.stopped {
        let code = RunError::Stopped(signal).exit_code();
        console.result(&format!(
            "INTERRUPTED: a signal came before the next session (exit {code})"
        ));
        return Ok(code);
    }
    Ok(if printed {
        finished.verdict.exit_code
    } else {
        ExitCode::CouldNotRun
    })
}

fn reference(arguments: &RunArguments, read: &PlanRead) -> Result<Reference, ReferenceError> {
    if arguments.once {
        return Ok(Reference::Nothing);
    }
    Reference::find(&read.plan.name, &read.prepared.comparison, None)
}

/// Says what would be done.
fn dry_run(arguments: &RunArguments, read: &PlanRead, console: Console) -> Ended {
    let threads = |loads: &[PreparedLoad]| {
        let said = arguments.execution.threads.map(usize::from);
        said.unwrap_or_else(|| workers(loads))
    };
    let files: Vec<String> = read
        .sources
        .paths()
        .map(|path| path.display().to_string())
        .collect();
    let results = arguments.execution.out.display().to_string();
    let text = forecast(&read.plan, &read.prepared, &threads, &files, &results);
    Ok(console.print(&read.plan.mask.text(&text)))
}

/// Shows iterations as they end, for who has asked for it.
fn watcher(console: Console) -> Option<Watcher> {
    let all = console.each_iteration > 1;
    let show = move |catalog: &Catalog, sample: &Sample, reason: &str| {
        if all || sample.kind == SampleKind::Iteration {
            console.say(&sample_line(catalog, sample, reason));
        }
    };
    (console.each_iteration > 0).then(|| Arc::new(show) as Watcher)
}

/// All sessions judged together; whether that could be printed.
fn together(finished: &SessionsFinished, console: Console) -> bool {
    let Some(newest) = finished.sessions.last() else {
        return true;
    };
    let view = View::of(&newest.summary, &finished.verdict);
    console.result(&terminal::judgement(
        &view,
        console.detail,
        console.paint_out(),
    ))
}

/// One session; whether it could be printed. `only` says which of several it is.
fn report(finished: &Finished, only: Option<String>, console: Console) -> bool {
    let verbose = console.detail == Detail::Verbose;
    let conversations = verbose.then(|| Conversations::read(&finished.folder).ok().flatten());
    let mut view =
        View::of(&finished.summary, &finished.verdict).with(conversations.flatten().as_ref());
    view.verdict.only = only;
    if !console.quiet && finished.unwritten.is_empty() {
        console.say(&format!(
            "wrote {}/ ({})",
            finished.folder.display(),
            session_files(&finished.folder).join(", ")
        ));
    }
    for sentence in &finished.unwritten {
        console.error(sentence);
    }
    console.result(&terminal::render(
        &view,
        console.detail,
        console.paint_out(),
    ))
}
