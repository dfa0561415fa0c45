//! `perfgate report A B` and `perfgate report FOLDER`: sessions held against each other.

use std::fs;
use std::path::{Path, PathBuf};

use super::arguments::ReportArguments as Arguments;
use super::console::Console;
use super::failure::{CommandFailure, Ended};
use crate::document;
use crate::gate::{Against, ExitCode, judge};
use crate::report::{FORMATS, SessionSeries, SessionsCompared, SeveralReport, session_diff};
use crate::run::{SideBySide, is_session, session_folder, stored};
use crate::summary::Summary;

/// What is done with the sessions that were named.
pub(crate) enum Selection {
    /// Each has a report of its own.
    OneByOne(Vec<PathBuf>),
    /// They were held against each other.
    Together(Ended),
}

/// Shows what two sessions of one plan, or many, come to side by side; not where there is one of each plan.
pub(crate) fn several(arguments: &Arguments, console: Console) -> Selection {
    let paths = &arguments.sessions;
    let pair = match paths.as_slice() {
        [first, second] => Some((
            first.clone(),
            second.clone(),
            session_folder(second).to_owned(),
        )),
        [only] => Some((only.join("base"), only.join("head"), only.clone())),
        _ => None,
    };
    if let Some((first, second, place)) = pair
        && let (Ok(then), Ok(now)) = (stored(&first), stored(&second))
        && then.plan.name == now.plan.name
    {
        let shown = fits(arguments).and_then(|()| two(&then, &now, &place, arguments, console));
        return Selection::Together(shown);
    }
    if paths.len() < 3 && paths.iter().all(|path| is_session(path)) {
        return Selection::OneByOne(paths.clone());
    }
    let found = SideBySide::from(paths);
    if found.families.is_empty() {
        return Selection::OneByOne(paths.clone());
    }
    if found.families.iter().all(|family| family.len() == 1) {
        let single = found.families.iter().map(|family| family[0].0.clone());
        return Selection::OneByOne(single.collect());
    }
    Selection::Together(fits(arguments).and_then(|()| many(&found, arguments, console)))
}

/// Whether what was asked for can be said of several sessions.
fn fits(arguments: &Arguments) -> Result<(), CommandFailure> {
    let only_of_one = |format: &crate::report::Format| format.render_several.is_none();
    Err(CommandFailure::usage(
        if arguments.format.is_some_and(only_of_one) {
            "of several sessions there is text, HTML and Markdown; --together judges them as one"
        } else if arguments.baseline.is_some() {
            "--baseline judges sessions: several of them only with --together"
        } else {
            return Ok(());
        },
    ))
}

/// Shows what changed from the first to the second; `place` is where the second one is.
fn two(
    then: &Summary,
    now: &Summary,
    place: &Path,
    arguments: &Arguments,
    console: Console,
) -> Ended {
    let sheet = session_diff(then, now);
    let verdict = judge(std::slice::from_ref(now), Against::Nothing);
    let sessions = SessionsCompared::Two(&sheet, then, now, &verdict);
    shown(sessions, "comparison", place, arguments, console)
}

/// Shows sessions over time, or over the variable in which they differ, plan by plan.
fn many(found: &SideBySide, arguments: &Arguments, console: Console) -> Ended {
    for error in &found.errors {
        console.error(error);
    }
    let mut worst = if found.errors.is_empty() {
        ExitCode::Success
    } else {
        ExitCode::Usage
    };
    let (families, single): (Vec<_>, Vec<_>) =
        found.families.iter().partition(|family| family.len() > 1);
    for family in single {
        console.say(&format!(
            "note: `{}` is the only session of its plan",
            family[0].0.display()
        ));
    }
    let place = arguments.sessions.iter().find(|path| !is_session(path));
    let place = place.map_or(Path::new("."), PathBuf::as_path);
    for family in &families {
        let plan = &family[0].1.summary.plan.name;
        let stem = match families.len() {
            1 => "sessions".to_owned(),
            _ => format!("sessions-{}", plan.replace(['/', '\\'], "-")),
        };
        let sessions = family.iter().map(|(_, session)| session.clone()).collect();
        let series = SessionSeries::of(sessions);
        let ended = shown(
            SessionsCompared::Many(&series),
            &stem,
            place,
            arguments,
            console,
        );
        worst = worst.graver(console.settle(ended));
    }
    Ok(worst)
}

/// Prints the form that was asked for; else prints the text, and writes every form that has a file.
fn shown(
    sessions: SessionsCompared<'_>,
    stem: &str,
    place: &Path,
    arguments: &Arguments,
    console: Console,
) -> Ended {
    let report = SeveralReport {
        sessions,
        detail: console.detail,
        colour: console.colour_out(),
    };
    let mut written = Vec::new();
    let place = arguments.out.as_deref().unwrap_or(place);
    for format in FORMATS {
        let asked = match arguments.format {
            Some(wanted) => wanted.name == format.name,
            None => true,
        };
        let Some(render) = format.render_several.filter(|_| asked) else {
            continue;
        };
        let text = render(&report).map_err(CommandFailure::could_not_run)?;
        let extension = format.file.and_then(|file| Path::new(file).extension());
        match extension.filter(|_| arguments.format.is_none()) {
            None => {
                if !console.result(&text) {
                    return Err(CommandFailure::said(ExitCode::CouldNotRun));
                }
            }
            Some(extension) => {
                fs::create_dir_all(place).map_err(|error| {
                    CommandFailure::could_not_run(format!(
                        "cannot make `{}`: {error}",
                        place.display()
                    ))
                })?;
                let name = format!("{stem}.{}", extension.display());
                document::replace(&place.join(&name), text.as_bytes())
                    .map_err(CommandFailure::could_not_run)?;
                written.push(name);
            }
        }
    }
    if !written.is_empty() {
        console.say(&format!(
            "wrote {} to {}/",
            written.join(", "),
            place.display()
        ));
    }
    Ok(ExitCode::Success)
}
