//! `perfgate report`: stored sessions, rendered again.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::annotate::baseline_text;
use crate::cli::arguments::ReportArguments as Arguments;
use crate::cli::console::Console;
use crate::cli::failure::{CommandFailure, Ended};
use crate::cli::several::{Selection, several};
use crate::cli::stored_sessions::by_plan;
use crate::document::read;
use crate::gate::{self, ExitCode, Verdict, judge};
use crate::report::{Format, FormatError, Report};
use crate::run::{Reference, SessionFiles, session_folder, write_reports};
use crate::summary::{CLIENTS, Summary, read_clients};

pub(crate) fn report(arguments: &Arguments, console: Console) -> Ended {
    let prints = arguments
        .format
        .is_some_and(|format| format.document.is_none());
    if arguments.out.is_some() && prints {
        return Err(CommandFailure::usage(
            "--format prints to standard output: leave --out away, or --format",
        ));
    }
    if arguments.together {
        return each(&arguments.sessions, arguments, console);
    }
    match several(arguments, console) {
        Selection::OneByOne(paths) => each(&paths, arguments, console),
        Selection::Together(ended) => ended,
    }
}

/// The reports of sessions, those of one plan judged together.
fn each(paths: &[PathBuf], arguments: &Arguments, console: Console) -> Ended {
    let (plans, mut worst) = by_plan(paths, console);
    if plans.len() > 1 && arguments.out.is_some() {
        return Err(CommandFailure::usage(
            "sessions of several plans have reports of the same names: give one plan's at a time with --out",
        ));
    }
    for sessions in &plans {
        let ended = judged(sessions, paths, arguments).and_then(|(verdict, reference)| {
            let newest = &sessions[sessions.len() - 1];
            let home = home(newest, paths);
            let files = SessionFiles::of(
                &home,
                newest,
                &verdict,
                reference.baseline(),
                arguments.history.as_deref(),
            );
            let report = Report::new(newest, &verdict, files.inputs(reference.baseline()));
            reported(report, &home, arguments, console)
        });
        worst = worst.graver(console.settle(ended));
    }
    Ok(worst)
}

/// The judgement that is stored beside the newest session, where it is about these and nobody names another baseline.
fn judged(
    sessions: &[Summary],
    paths: &[PathBuf],
    arguments: &Arguments,
) -> Result<(Verdict, Reference), CommandFailure> {
    let newest = &sessions[sessions.len() - 1];
    let about = |verdict: &Verdict| {
        let newest_is_last = verdict.sessions.last() == Some(&newest.session);
        let names = sessions.iter().map(|summary| &summary.session);
        newest_is_last && (sessions.len() == 1 || verdict.sessions.iter().eq(names))
    };
    let stored = paths
        .iter()
        .filter(|_| arguments.baseline.is_none())
        .filter_map(|path| {
            let file = session_folder(path).join("verdict.json");
            read::<Verdict>(&file, gate::SCHEMA, gate::VERSION).ok()
        })
        .find(about);
    let named = arguments.baseline.as_deref();
    let reference = Reference::find(&newest.plan.name, &newest.comparison, named)
        .and_then(|reference| reference.fitting(sessions));
    match (stored, reference) {
        (Some(verdict), reference) => Ok((
            verdict.completed(newest),
            reference.unwrap_or(Reference::Nothing),
        )),
        (None, Ok(reference)) => Ok((judge(sessions, reference.against()), reference)),
        (None, Err(error)) => Err(CommandFailure::usage(error)),
    }
}

/// Prints the form that was asked for; else writes every form that has a file.
fn reported(report: Report<'_>, home: &Path, arguments: &Arguments, console: Console) -> Ended {
    let place = arguments.out.as_deref().unwrap_or(home);
    let Some(format) = arguments.format else {
        return write(&report, place, console);
    };
    let clients = || {
        read_clients(home).map_err(|source| FormatError::Clients {
            path: home.join(CLIENTS),
            source,
        })
    };
    let verdict = report.verdict;
    let report = Report {
        detail: console.detail,
        colour: console.colour_out(),
        baseline_text: &|| baseline_text(verdict),
        clients: &clients,
        ..report
    };
    if let (Some(out), Some(document)) = (&arguments.out, format.document) {
        let (name, text) = document(&report).map_err(failure)?;
        let path = out.join(name);
        fs::create_dir_all(out)
            .and_then(|()| fs::write(&path, format!("{text}\n")))
            .map_err(|error| {
                CommandFailure::could_not_run(format!("cannot write `{}`: {error}", path.display()))
            })?;
        console.say(&format!("wrote {}", path.display()));
        return Ok(ExitCode::Success);
    }
    let text = (format.render)(&report).map_err(failure)?;
    if text.is_empty() {
        return Ok(ExitCode::Success);
    }
    let printed = if format.is_of_commands {
        console.commands(&text)
    } else {
        console.result(&text)
    };
    Ok(console.ended(printed))
}

fn failure(error: FormatError) -> CommandFailure {
    match error {
        FormatError::Html(_) => CommandFailure::could_not_run(error),
        FormatError::Clients { .. } | FormatError::NoConversations => CommandFailure::usage(error),
    }
}

/// Where a session lies among the paths that were named.
fn home(newest: &Summary, paths: &[PathBuf]) -> PathBuf {
    let is_home = |folder: &&Path| {
        folder
            .canonicalize()
            .is_ok_and(|folder| folder.ends_with(&newest.session))
    };
    let mut folders = paths.iter().map(|path| session_folder(path));
    folders
        .find(is_home)
        .unwrap_or_else(|| session_folder(&paths[paths.len() - 1]))
        .to_owned()
}

fn write(report: &Report<'_>, place: &Path, console: Console) -> Ended {
    fs::create_dir_all(place).map_err(|error| {
        CommandFailure::could_not_run(format!("cannot make `{}`: {error}", place.display()))
    })?;
    let unwritten = write_reports(place, report);
    for sentence in &unwritten {
        console.error(sentence);
    }
    if !unwritten.is_empty() {
        return Err(CommandFailure::said(ExitCode::CouldNotRun));
    }
    let files: Vec<&str> = Format::files().collect();
    console.say(&format!(
        "wrote {} to {}/",
        files.join(", "),
        place.display()
    ));
    Ok(ExitCode::Success)
}
