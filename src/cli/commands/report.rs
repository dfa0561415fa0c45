//! `perfgate report`: stored sessions, rendered again.

use std::fs;
use std::path::{Path, PathBuf};

use super::check::{by_plan, graver};
use super::run::COULD_NOT_RUN;
use super::validate::WRONG;
use crate::cli::annotate::annotated;
use crate::cli::arguments::{Format, Report};
use crate::cli::comparison::{compared, side_by_side};
use crate::cli::console::Console;
use crate::document::read;
use crate::gate::{self, Verdict, judge};
use crate::report::{View, clients, flat, html, junit, markdown, metrics, terminal};
use crate::run::{Lineup, REPORTS, Reference, Surroundings, stored, write_reports};
use crate::summary::{CLIENTS, Summary, read_clients};

pub(crate) fn report(arguments: &Report, console: Console) -> u8 {
    if arguments.out.is_some() && !matches!(arguments.format, None | Some(Format::Clients)) {
        console.error("--format prints to standard output: leave --out away, or --format");
        return WRONG;
    }
    let several = if arguments.together {
        None
    } else {
        several(arguments, console)
    };
    several.unwrap_or_else(|| each(&arguments.sessions, arguments, console))
}

/// What two sessions of one plan, or many, come to side by side; `None` where there is one of each plan.
fn several(arguments: &Report, console: Console) -> Option<u8> {
    let paths = &arguments.sessions;
    let code = |shown: &dyn Fn() -> u8| match arguments.fits_several() {
        Ok(()) => shown(),
        Err(error) => {
            console.error(&error);
            WRONG
        }
    };
    let pair = match paths.as_slice() {
        [first, second] => Some((first.clone(), second.clone(), folder(second))),
        [only] => Some((only.join("base"), only.join("head"), only.clone())),
        _ => None,
    };
    if let Some((first, second, place)) = pair
        && let (Ok(then), Ok(now)) = (stored(&first), stored(&second))
        && then.plan.name == now.plan.name
    {
        return Some(code(&|| compared(&then, &now, &place, arguments, console)));
    }
    let is_session = |path: &PathBuf| !path.is_dir() || path.join("summary.json").is_file();
    if paths.len() < 3 && paths.iter().all(is_session) {
        return None;
    }
    let lineup = Lineup::from(paths);
    if lineup.count() == 0 {
        return None;
    }
    if lineup.families.iter().all(|family| family.len() == 1) {
        let found: Vec<PathBuf> = lineup
            .families
            .iter()
            .map(|family| family[0].0.clone())
            .collect();
        return Some(each(&found, arguments, console));
    }
    Some(code(&|| side_by_side(&lineup, arguments, console)))
}

/// The reports of sessions, those of one plan judged together.
fn each(sessions: &[PathBuf], arguments: &Report, console: Console) -> u8 {
    let (plans, mut worst) = by_plan(sessions, console);
    if plans.len() > 1 && arguments.out.is_some() {
        console.error("sessions of several plans have reports of the same names: give one plan's at a time with --out");
        return WRONG;
    }
    for own in &plans {
        let code = match judged(own, sessions, arguments) {
            Ok(judged) => one(&own[own.len() - 1], &judged, sessions, arguments, console),
            Err(error) => {
                console.error(&error);
                WRONG
            }
        };
        worst = graver(worst, code);
    }
    worst
}

/// What is judged, and beside what.
struct Judged {
    verdict: Verdict,
    reference: Reference,
}

/// The judgement that is stored beside the newest session, where it is about these and nobody names another baseline.
fn judged(sessions: &[Summary], paths: &[PathBuf], arguments: &Report) -> Result<Judged, String> {
    let newest = &sessions[sessions.len() - 1];
    let names: Vec<&str> = sessions.iter().map(|own| own.session.as_str()).collect();
    let folders = paths.iter().map(|path| folder(path));
    let mut stored = folders.filter_map(|folder| {
        read::<Verdict>(&folder.join("verdict.json"), gate::SCHEMA, gate::VERSION).ok()
    });
    let about = |verdict: &Verdict| {
        let last = verdict
            .sessions
            .last()
            .is_some_and(|last| *last == newest.session);
        last && (names.len() == 1
            || verdict
                .sessions
                .iter()
                .map(String::as_str)
                .eq(names.iter().copied()))
    };
    let stored = stored.find(about).filter(|_| arguments.baseline.is_none());
    let reference = Reference::find(
        &newest.plan.name,
        &newest.yardstick,
        arguments.baseline.as_deref(),
    );
    let reference = reference.and_then(|reference| reference.fitting(sessions));
    match (stored, reference) {
        (Some(verdict), reference) => Ok(Judged {
            verdict,
            reference: reference.unwrap_or(Reference::Nothing),
        }),
        (None, Ok(reference)) => Ok(Judged {
            verdict: judge(sessions, reference.against()),
            reference,
        }),
        (None, Err(error)) => Err(error.to_string()),
    }
}

fn one(
    newest: &Summary,
    judged: &Judged,
    paths: &[PathBuf],
    arguments: &Report,
    console: Console,
) -> u8 {
    let Judged { verdict, reference } = judged;
    let surroundings = Surroundings::of(
        &home(newest, paths),
        newest,
        verdict,
        reference.baseline(),
        arguments.history.as_deref(),
    );
    let view = View::of(newest, verdict).with(surroundings.conversations());
    let printed = match arguments.format {
        Some(Format::Text) => console.result(&terminal::render(
            &view,
            console.detail,
            console.colour_out(),
        )),
        Some(Format::Html) => {
            match html(newest, verdict, &surroundings.beside(reference.baseline())) {
                Ok(page) => console.result(&page),
                Err(error) => {
                    console.error(&error.to_string());
                    false
                }
            }
        }
        Some(Format::Markdown) => console.result(&markdown(&view)),
        Some(Format::Json) => console.result(&format!(
            "{:#}",
            flat(newest, verdict, surroundings.conversations())
        )),
        Some(Format::Clients) => {
            return conversations(
                newest,
                &home(newest, paths),
                arguments.out.as_deref(),
                console,
            );
        }
        Some(Format::Junit) => console.result(&junit(newest, &view)),
        Some(Format::Metrics) => console.result(&metrics(newest, verdict)),
        Some(Format::Annotations) => annotated(&view, verdict)
            .iter()
            .all(|line| console.result(line)),
        None => return write(newest, judged, &surroundings, paths, arguments, console),
    };
    if printed { 0 } else { COULD_NOT_RUN }
}

/// The conversations of a session: printed, or written under the name that says how many clients there were.
fn conversations(newest: &Summary, session: &Path, out: Option<&Path>, console: Console) -> u8 {
    let lines = match read_clients(session) {
        Ok(lines) if lines.is_empty() => {
            console.error("this session has no conversations: no step of its plan streams over websocket or grpc");
            return WRONG;
        }
        Ok(lines) => lines,
        Err(error) => {
            console.error(&format!(
                "cannot read `{}`: {error}",
                session.join(CLIENTS).display()
            ));
            return WRONG;
        }
    };
    let (name, document) = clients(newest, &lines);
    let Some(out) = out else {
        return if console.result(&format!("{document:#}")) {
            0
        } else {
            COULD_NOT_RUN
        };
    };
    let path = out.join(name);
    let written =
        fs::create_dir_all(out).and_then(|()| fs::write(&path, format!("{document:#}\n")));
    if let Err(error) = written {
        console.error(&format!("cannot write `{}`: {error}", path.display()));
        return COULD_NOT_RUN;
    }
    console.say(&format!("wrote {}", path.display()));
    0
}

/// Where a session lies among the paths that were named.
fn home(newest: &Summary, paths: &[PathBuf]) -> PathBuf {
    let own = |folder: &PathBuf| {
        folder
            .canonicalize()
            .is_ok_and(|folder| folder.ends_with(&newest.session))
    };
    let last = folder(&paths[paths.len() - 1]);
    paths
        .iter()
        .map(|path| folder(path))
        .find(own)
        .unwrap_or(last)
}

fn write(
    newest: &Summary,
    judged: &Judged,
    surroundings: &Surroundings,
    paths: &[PathBuf],
    arguments: &Report,
    console: Console,
) -> u8 {
    let place = arguments.out.clone().unwrap_or_else(|| home(newest, paths));
    if let Err(error) = fs::create_dir_all(&place) {
        console.error(&format!("cannot make `{}`: {error}", place.display()));
        return COULD_NOT_RUN;
    }
    let unwritten = write_reports(
        &place,
        newest,
        &judged.verdict,
        &surroundings.beside(judged.reference.baseline()),
    );
    unwritten
        .iter()
        .for_each(|sentence| console.error(sentence));
    if !unwritten.is_empty() {
        return COULD_NOT_RUN;
    }
    console.say(&format!(
        "wrote {} to {}/",
        REPORTS.join(", "),
        place.display()
    ));
    0
}

/// The folder of a session that was named by itself or by its summary.
fn folder(path: &Path) -> PathBuf {
    if path.is_dir() {
        path.to_owned()
    } else {
        path.parent().unwrap_or(Path::new("")).to_owned()
    }
}
