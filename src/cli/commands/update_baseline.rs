//! `perfgate update-baseline`: what is normal now, in a file that people review.

use std::fs;
use std::path::Path;

use crate::cli::arguments::UpdateBaseline;
use crate::cli::console::Console;
use crate::cli::failure::{CommandFailure, Ended};
use crate::cli::read_plan::{PlanRead, read_plan};
use crate::clock::wall_now;
use crate::document;
use crate::gate::ExitCode;
use crate::gate::baseline::{self, Arrivals, Baseline};
use crate::gate::calibrate::Recommendation;
use crate::gate::recording::{Refusal, Update, UpdateError, Updated};
use crate::metric::Address;
use crate::plan::Prepared;
use crate::report::baseline_rows;
use crate::report::terminal::baseline_table;
use crate::run::{Reference, arrivals, session_folder, stored};
use crate::summary::Summary;

/// A session, and its latencies in the order in which iterations were due.
type Recordable = (Summary, Option<Arrivals>);

pub(crate) fn update_baseline(arguments: &UpdateBaseline, console: Console) -> Ended {
    let read = read_plan(&arguments.plan, console)?;
    carry_out(arguments, &read, console)
        .map(|()| ExitCode::Success)
        .map_err(|failure| failure.masked(&read.plan.mask))
}

fn carry_out(
    arguments: &UpdateBaseline,
    read: &PlanRead,
    console: Console,
) -> Result<(), CommandFailure> {
    let reason = arguments.reason.as_deref();
    if reason.is_some_and(|reason| reason.trim().is_empty()) {
        return Err(CommandFailure::usage(
            "`--reason` is empty: it stands in the file for who asks later why",
        ));
    }
    let prepared = &read.prepared;
    let named = arguments.file.clone();
    let path = named.unwrap_or_else(|| read.plan.baseline_file());
    if arguments.init && path.exists() {
        return Err(CommandFailure::usage(format!(
            "`{}` is there already; `--from` adds sessions to it",
            path.display()
        )));
    }
    let old = if arguments.derive {
        edited(&path)?
    } else {
        old(&path, read, prepared)?
    };
    let mut sessions = recordable(arguments, console)?;
    if !arguments.replace {
        leave_recorded(&mut sessions, old.as_ref(), console);
        if sessions.is_empty() && !arguments.from.is_empty() && arguments.tolerance.is_empty() {
            unchanged(&path, console);
            return Ok(());
        }
    }
    let tolerances = tolerances(&arguments.tolerance, prepared)?;
    let update = Update {
        plan: &read.plan.name,
        comparison: &prepared.comparison,
        load_hash: &read.plan.load_hash,
        sessions: &sessions,
        replace: arguments.replace,
        tolerances: &tolerances,
        reason: reason.unwrap_or("tolerances of the plan"),
        commit: arguments.commit.as_deref(),
        force: arguments.force,
        at: &wall_now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    };
    let mut updated =
        update
            .carry_out(old.as_ref(), &prepared.index)
            .map_err(|error| match error {
                UpdateError::Refused(refused) => {
                    CommandFailure::new(ExitCode::NoEvidence, refusals(&refused))
                }
                UpdateError::Tolerance(error) => {
                    CommandFailure::usage(format!("{}: {}", error.message, error.help))
                }
            })?;
    updated.baseline = read.plan.mask.document(updated.baseline);
    show(&updated, old.as_ref(), arguments, console)?;
    if arguments.dry_run {
        unchanged(&path, console);
    } else {
        write(&path, &updated.baseline)?;
        console.say(&format!(
            "wrote {}: look at its diff and commit it",
            path.display()
        ));
    }
    if !updated.refused.is_empty() {
        return Err(CommandFailure::new(
            ExitCode::NoEvidence,
            refusals(&updated.refused),
        ));
    }
    Ok(())
}

/// The sessions of `--from`.
fn recordable(
    arguments: &UpdateBaseline,
    console: Console,
) -> Result<Vec<Recordable>, CommandFailure> {
    let mut sessions = Vec::new();
    for from in &arguments.from {
        let summary = stored(from).map_err(CommandFailure::usage)?;
        if let Some(origin) = &summary.origin {
            return Err(CommandFailure::usage(format!(
                "`{}` was measured by {}: a baseline records what its plan has measured",
                from.display(),
                origin.tool
            )));
        }
        let arrivals = arrivals(session_folder(from), &summary);
        if arrivals.is_none() {
            console.say(&format!(
                "session {}: its raw samples are not there, so warm-up and trend are not looked at",
                summary.session
            ));
        }
        sessions.push((summary, arrivals));
    }
    Ok(sessions)
}

/// Leaves out what the baseline has already.
fn leave_recorded(sessions: &mut Vec<Recordable>, old: Option<&Baseline>, console: Console) {
    let known = |summary: &Summary| {
        let mut recorded = old.into_iter().flat_map(|old| &old.sessions);
        recorded.any(|recorded| {
            (&recorded.session, &recorded.started) == (&summary.session, &summary.started)
        })
    };
    for (summary, _) in sessions.extract_if(.., |(summary, _)| known(summary)) {
        console.say(&format!("session {} is recorded already", summary.session));
    }
}

fn unchanged(path: &Path, console: Console) {
    console.say(&format!(
        "nothing was written: `{}` is as it was",
        path.display()
    ));
}

/// Shows what changes, and what is to be known about it.
fn show(
    updated: &Updated,
    old: Option<&Baseline>,
    arguments: &UpdateBaseline,
    console: Console,
) -> Result<(), CommandFailure> {
    let baseline = &updated.baseline;
    let table = baseline_table(&baseline_rows(old, baseline), console.paint_out());
    if !console.result(&table) {
        return Err(CommandFailure::could_not_run(
            "the table could not be printed",
        ));
    }
    for refusal in &updated.forced {
        console.say(&format!(
            "recorded by force, and why it should not be: {}",
            lines(refusal)
        ));
    }
    for recorded in &baseline.sessions {
        if let Some(why) = &recorded.set_aside {
            console.say(&format!(
                "session {} is kept and not compared with: {why}",
                recorded.session
            ));
        }
    }
    for advice in Recommendation::of_baseline(baseline) {
        console.say(&format!(
            "`{}`: {}",
            advice.metric.unwrap_or_default(),
            advice.sentence
        ));
    }
    if arguments.replace && old.is_some_and(|old| !old.sessions.is_empty()) {
        console.say("the new sessions were looked at by themselves, and not compared with those whose place they take");
    }
    Ok(())
}

fn write(path: &Path, baseline: &Baseline) -> Result<(), CommandFailure> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let made = folder.map_or(Ok(()), fs::create_dir_all);
    made.map_err(|error| error.to_string())
        .and_then(|()| document::write_lines(path, baseline).map_err(|error| error.to_string()))
        .map_err(|error| {
            CommandFailure::could_not_run(format!("cannot write `{}`: {error}", path.display()))
        })
}

/// The file as somebody has edited it: what is derived follows from its sessions, and all else has to fit.
fn edited(path: &Path) -> Result<Option<Baseline>, CommandFailure> {
    let mut baseline: Baseline =
        document::read(path, baseline::SCHEMA, baseline::VERSION).map_err(CommandFailure::usage)?;
    baseline.derive();
    match baseline.flaws().as_slice() {
        [] => Ok(Some(baseline)),
        flaws => Err(CommandFailure::usage(format!(
            "`{}` cannot be used: {}",
            path.display(),
            flaws.join("; ")
        ))),
    }
}

fn old(
    path: &Path,
    read: &PlanRead,
    prepared: &Prepared,
) -> Result<Option<Baseline>, CommandFailure> {
    if !path.is_file() {
        return Ok(None);
    }
    match Reference::find(&read.plan.name, &prepared.comparison, Some(path)) {
        Ok(Reference::Baseline(_, baseline)) if baseline.plan == read.plan.name => {
            Ok(Some(*baseline))
        }
        Ok(Reference::Baseline(_, other)) => Err(CommandFailure::usage(format!(
            "`{}` is the baseline of the plan `{}`",
            path.display(),
            other.plan
        ))),
        Ok(_) => Err(CommandFailure::usage(format!(
            "`{}` is a file of fixed bounds, which perfgate reads and does not write: name another with --file",
            path.display()
        ))),
        Err(error) => Err(CommandFailure::usage(error)),
    }
}

/// `METRIC=DRIFT` with full addresses.
fn tolerances(
    said: &[String],
    prepared: &Prepared,
) -> Result<Vec<(Address, String)>, CommandFailure> {
    let mut all = Vec::new();
    for text in said {
        let (name, drift) = text.split_once('=').unwrap_or((text, ""));
        let words = prepared
            .index
            .find(name.trim(), None)
            .map_err(|wrong| CommandFailure::usage(format!("{}: {}", wrong.message, wrong.help)))?;
        all.extend(
            words
                .into_iter()
                .map(|word| (word.address.clone(), drift.trim().to_owned())),
        );
    }
    Ok(all)
}

fn refusals(refused: &[Refusal]) -> String {
    let sessions: Vec<String> = refused.iter().map(lines).collect();
    format!(
        "refused, because these sessions may not show how things normally are:\n{}\nto record them all the same: --force, which is kept in the file with your --reason",
        sessions.join("\n")
    )
}

fn lines(refusal: &Refusal) -> String {
    let reasons: Vec<String> = refusal
        .reasons
        .iter()
        .map(|reason| format!("\n  - {reason}"))
        .collect();
    format!("session {}:{}", refusal.session, reasons.concat())
}
