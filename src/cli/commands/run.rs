//! `perfgate run`.

use std::sync::Arc;

use super::once::once;
use super::validate::{Read, WRONG, read};
use crate::cli::annotate::annotate;
use crate::cli::arguments::Run;
use crate::cli::console::Console;
use crate::cli::progress::Show;
use crate::diag::Diagnostics;
use crate::document::Mask;
use crate::gate::Overall;
use crate::history::History;
use crate::measure::{Sample, SampleKind};
use crate::metric::Catalog;
use crate::plan::PreparedLoad;
use crate::report::live::sample_line;
use crate::report::terminal::Detail;
use crate::report::{View, forecast, terminal};
use crate::run::{
    Done, Event, Finished, Reference, ReferenceError, RunError, Settings, Several, workers,
};
use crate::summary::{CLIENTS, Conversations, Watcher};
use crate::target::NotReady;

/// The exit code for what could not be run.
pub(crate) const COULD_NOT_RUN: u8 = 5;

pub(crate) fn run(arguments: &Run, console: Console) -> u8 {
    let read = match read(&arguments.plan, console) {
        Ok(read) => read,
        Err(code) => return code,
    };
    if arguments.dry_run {
        return dry_run(arguments, &read, console);
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let (program, runtime) = match (std::env::current_exe(), runtime) {
        (Ok(program), Ok(runtime)) => (program, runtime),
        (Err(error), _) | (_, Err(error)) => {
            console.error(&error.to_string());
            return COULD_NOT_RUN;
        }
    };
    let reference = match reference(arguments, &read) {
        Ok(reference) => reference,
        Err(error) => {
            console.error(&read.plan.mask.text(&error.to_string()));
            return WRONG;
        }
    };
    // What is wrong with a history is said before anything is sent.
    if let Some(Err(error)) = arguments.history.as_deref().map(History::open) {
        console.error(&error.to_string());
        return WRONG;
    }
    let settings = Settings {
        results: arguments.execution.out.clone(),
        threads: arguments.execution.threads.map(usize::from),
        program,
        reference,
        history: arguments.history.clone(),
        warnings: read.warnings.clone(),
        watcher: watcher(console),
    };
    if arguments.once {
        return runtime.block_on(once(&read, &settings, console));
    }
    let mut show = Show::new(
        console,
        arguments.execution.progress,
        arguments.execution.progress_interval,
        read.plan.mask.clone(),
    );
    let several = Several {
        sessions: arguments.sessions,
        every: arguments.every,
        confirm: arguments.confirm,
    };
    let mut printed = true;
    let (mut number, mut another) = (0, false);
    let mut each = |finished: &Finished| {
        number += 1;
        another |= several.sessions > 1
            || (several.confirm && finished.verdict.verdict == Overall::Undecided);
        printed &= report(
            finished,
            another.then(|| format!("session {number}")),
            console,
        );
        finished
            .not_ready
            .iter()
            .for_each(|not_ready| hint(not_ready, &read.plan.mask, console));
    };
    let mut tell = |event: &Event<'_>| show.event(event);
    let done = runtime.block_on(several.carry_out(
        &read.plan,
        &read.sources,
        &settings,
        &mut tell,
        &mut each,
    ));
    show.finish();
    match done {
        Ok(done) => {
            if another {
                printed &= together(&done, console);
            }
            if let Some(newest) = done.finished.last() {
                annotate(
                    &View::of(&newest.summary, &done.verdict),
                    &done.verdict,
                    Some(&newest.folder),
                    console,
                );
            }
            match done.stopped {
                Some(signal) => {
                    let code = RunError::Stopped(signal).exit_code();
                    console.result(&format!(
                        "INTERRUPTED: a signal came before the next session (exit {code})"
                    ));
                    code
                }
                None if printed => done.verdict.exit_code,
                None => COULD_NOT_RUN,
            }
        }
        Err(error) => {
            console.error(&read.plan.mask.text(&error.to_string()));
            if let RunError::NotReady(not_ready) = &error {
                hint(not_ready, &read.plan.mask, console);
            }
            error.exit_code()
        }
    }
}

/// What the session is judged against; a baseline that cannot be used is said before anything is sent.
fn reference(arguments: &Run, read: &Read) -> Result<Reference, ReferenceError> {
    if arguments.once {
        return Ok(Reference::Nothing);
    }
    let somewhere = "http://127.0.0.1:1".parse().ok();
    let prepared = read.plan.compile(
        somewhere.as_ref(),
        0,
        &read.sources,
        &mut Diagnostics::default(),
    );
    prepared.map_or(Ok(Reference::Nothing), |prepared| {
        Reference::find(&read.plan.name, &prepared.yardstick, None)
    })
}

/// Says what would be done.
fn dry_run(arguments: &Run, read: &Read, console: Console) -> u8 {
    let somewhere = "http://127.0.0.1:1".parse().ok();
    let Some(prepared) = read.plan.compile(
        somewhere.as_ref(),
        0,
        &read.sources,
        &mut Diagnostics::default(),
    ) else {
        return WRONG;
    };
    let threads = |loads: &[PreparedLoad]| {
        arguments
            .execution
            .threads
            .map_or_else(|| workers(loads), usize::from)
    };
    let files: Vec<String> = read
        .sources
        .paths()
        .map(|path| path.display().to_string())
        .collect();
    let results = arguments.execution.out.display().to_string();
    let text = read
        .plan
        .mask
        .text(&forecast(&read.plan, &prepared, &threads, &files, &results));
    if console.result(&text) {
        0
    } else {
        COULD_NOT_RUN
    }
}

/// Shows iterations as they end, for who has asked for it.
fn watcher(console: Console) -> Option<Watcher> {
    let all = console.each_iteration > 1;
    let show = move |catalog: &Catalog, sample: &Sample| {
        if all || sample.kind == SampleKind::Iteration {
            console.say(&sample_line(catalog, sample));
        }
    };
    (console.each_iteration > 0).then(|| Arc::new(show) as Watcher)
}

/// All sessions judged together.
fn together(done: &Done, console: Console) -> bool {
    let Some(newest) = done.finished.last() else {
        return true;
    };
    let view = View::of(&newest.summary, &done.verdict);
    console.result(&terminal::judgement(
        &view,
        console.detail,
        console.colour_out(),
    ))
}

/// One session; whether it could be printed. `only` says which of several it is.
fn report(finished: &Finished, only: Option<String>, console: Console) -> bool {
    let clients = (console.detail == Detail::Verbose)
        .then(|| Conversations::read(&finished.folder).ok().flatten());
    let mut view = View::of(&finished.summary, &finished.verdict).with(clients.flatten().as_ref());
    view.verdict.only = only;
    let folder = finished.folder.display();
    if !console.quiet && finished.unwritten.is_empty() {
        let clients = if finished.folder.join(CLIENTS).exists() {
            ", clients.jsonl"
        } else {
            ""
        };
        console.say(&format!(
            "wrote {folder}/ (report.html, report.md, junit.xml, summary.json, verdict.json, histograms, samples.csv.gz{clients})"
        ));
    }
    for sentence in &finished.unwritten {
        console.error(sentence);
    }
    console.result(&terminal::render(
        &view,
        console.detail,
        console.colour_out(),
    ))
}

pub(crate) fn hint(not_ready: &NotReady, mask: &Mask, console: Console) {
    console.say(&mask.text(&match &not_ready.hint {
        Some(hint) => format!("hint: start it: {hint}"),
        None => format!(
            "hint: is the service running, and is {} its address?",
            not_ready.probed
        ),
    }));
}
