//! `perfgate trend`: how metrics change over many sessions.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use crate::cli::arguments::TrendArguments;
use crate::cli::console::Console;
use crate::cli::failure::{CommandFailure, Ended};
use crate::diag::nearest;
use crate::gate::ExitCode;
use crate::history::{Courses, History, HistoryEntry};
use crate::metric::Address;
use crate::report::{TrendView, terminal};
use crate::run::{CollectedSessions, Reference};

/// Where sessions are looked for when nobody says.
const RESULTS: &str = "results";

pub(crate) fn trend(arguments: &TrendArguments, console: Console) -> Ended {
    let named = !arguments.paths.is_empty();
    let paths = if named {
        arguments.paths.clone()
    } else {
        vec![PathBuf::from(RESULTS)]
    };
    let mut gathered = if named || paths[0].is_dir() {
        CollectedSessions::from(&paths, arguments.baseline.as_deref())
    } else {
        CollectedSessions::default()
    };
    gathered.notes.iter().for_each(|note| console.say(note));
    let shown = shown(arguments, &mut gathered);
    gathered
        .errors
        .iter()
        .for_each(|error| console.error(error));
    let views = shown.map_err(CommandFailure::usage)?;
    if views.is_empty() && gathered.errors.is_empty() {
        let places: Vec<String> = paths
            .iter()
            .map(|path| format!("`{}`", path.display()))
            .collect();
        return Err(CommandFailure::usage(format!(
            "there is no session below {}: make one with `perfgate run PLAN`",
            places.join(", ")
        )));
    }
    if !views.is_empty()
        && !console.result(&terminal::trends(
            &views,
            console.detail,
            console.paint_out(),
        ))
    {
        return Ok(ExitCode::CouldNotRun);
    }
    match &arguments.write {
        _ if !gathered.errors.is_empty() => Ok(ExitCode::Usage),
        Some(file) => write(file, &gathered.lines, console),
        None => Ok(ExitCode::Success),
    }
}

fn shown(
    arguments: &TrendArguments,
    gathered: &mut CollectedSessions,
) -> Result<Vec<TrendView>, String> {
    // Looking for a baseline may find an error to add.
    let lines = std::mem::take(&mut gathered.lines);
    let mut plans: Vec<(&str, Courses, Option<String>)> = Vec::new();
    for lines in lines.chunk_by(|a, b| a.plan == b.plan) {
        let newest = &lines[lines.len() - 1];
        let reference = gathered.reference(&newest.plan, &newest.baseline);
        let file = match reference {
            Reference::Baseline(file, _) => Some(file.clone()),
            Reference::Nothing | Reference::Absent(_) | Reference::Guide(..) => None,
        };
        let courses = Courses::of(&lines.iter().collect::<Vec<_>>(), reference.baseline());
        plans.push((newest.plan.as_str(), courses, file));
    }
    let known = || {
        plans
            .iter()
            .flat_map(|(_, courses, _)| &courses.metrics)
            .map(|course| &course.metric)
    };
    if plans.is_empty() {
        return Ok(Vec::new());
    }
    if let Some(unknown) = arguments
        .metrics
        .iter()
        .find(|name| !known().any(|metric| metric.ends_with(name)))
    {
        let ends = known().flat_map(|metric| [metric.within_load(), metric.as_str()]);
        return Err(match nearest(unknown, ends) {
            Some(close) => {
                format!("no session has the metric `{unknown}`; a similar one is `{close}`")
            }
            None => {
                format!(
                    "no session has the metric `{unknown}`; there are {}",
                    known().map(Address::as_str).collect::<Vec<_>>().join(", ")
                )
            }
        });
    }
    let wanted = |metric: &Address| {
        arguments.metrics.is_empty() || arguments.metrics.iter().any(|name| metric.ends_with(name))
    };
    let view = |(plan, courses, file): &(&str, Courses, Option<String>)| {
        TrendView::of(plan, courses, file.as_deref(), &wanted)
    };
    let views = plans.iter().map(view).collect();
    gathered.lines = lines;
    Ok(views)
}

/// Writes the history, unless the file has sessions that would be lost.
fn write(file: &Path, lines: &[HistoryEntry], console: Console) -> Ended {
    let old = History::open(file).map_err(|error| {
        CommandFailure::usage(format!(
            "{error}; nothing was written: move the file away to write another"
        ))
    })?;
    let known: HashSet<(&str, &str)> = lines
        .iter()
        .map(|line| (line.session.as_str(), line.started.as_str()))
        .collect();
    let lost = old
        .lines
        .iter()
        .filter(|old| !known.contains(&(&old.session, &old.started)))
        .count();
    if lost > 0 {
        return Err(CommandFailure::usage(format!(
            "`{}` has sessions that are not among these ({lost}), and nothing was written: name it among them to keep them",
            file.display()
        )));
    }
    History::write(file, lines).map_err(|error| CommandFailure::of_history(&error))?;
    console.say(&format!(
        "wrote {} (sessions: {})",
        file.display(),
        lines.len()
    ));
    Ok(ExitCode::Success)
}
