//! `perfgate update-baseline`: what is normal now, in a file that people review.

use std::fs;
use std::path::Path;

use super::run::COULD_NOT_RUN;
use super::validate::{Read, WRONG, read};
use crate::cli::arguments::UpdateBaseline;
use crate::cli::console::Console;
use crate::clock::wall_now;
use crate::diag::Diagnostics;
use crate::document;
use crate::gate::Vocabulary;
use crate::gate::baseline::{self, Arrivals, Baseline, Refusal, Update, UpdateError};
use crate::gate::calibrate::Recommendation;
use crate::metric::Address;
use crate::plan::Prepared;
use crate::report::baseline_rows;
use crate::report::terminal::baseline_table;
use crate::run::{Reference, arrivals, stored};
use crate::summary::Summary;

/// The exit code for sessions that are no measure of what is normal.
const NOT_USABLE: u8 = 4;

pub(crate) fn update_baseline(arguments: &UpdateBaseline, console: Console) -> u8 {
    let read = match read(&arguments.plan, console) {
        Ok(read) => read,
        Err(code) => return code,
    };
    match carry_out(arguments, &read, console) {
        Ok(()) => 0,
        Err((code, message)) => {
            console.error(&read.plan.mask.text(&message));
            code
        }
    }
}

fn carry_out(
    arguments: &UpdateBaseline,
    read: &Read,
    console: Console,
) -> Result<(), (u8, String)> {
    let wrong = |message: String| (WRONG, message);
    if arguments
        .reason
        .as_deref()
        .is_some_and(|reason| reason.trim().is_empty())
    {
        return Err(wrong(
            "`--reason` is empty: it stands in the file for who asks later why".to_owned(),
        ));
    }
    let somewhere = "http://127.0.0.1:1".parse().ok();
    let prepared = read.plan.compile(
        somewhere.as_ref(),
        0,
        &read.sources,
        &mut Diagnostics::default(),
    );
    let prepared = prepared.ok_or_else(|| wrong("the plan cannot be used".to_owned()))?;
    let path = arguments
        .file
        .clone()
        .unwrap_or_else(|| read.plan.baseline_file());
    if arguments.init && path.exists() {
        return Err(wrong(format!(
            "`{}` is there already; `--from` adds sessions to it",
            path.display()
        )));
    }
    let old = if arguments.derive {
        edited(&path)?
    } else {
        old(&path, read, &prepared)?
    };
    let mut sessions: Vec<(Summary, Option<Arrivals>)> = Vec::new();
    for from in &arguments.from {
        let summary = stored(from).map_err(|error| wrong(error.to_string()))?;
        if let Some(origin) = &summary.origin {
            return Err(wrong(format!(
                "`{}` was measured by {}: a baseline records what its plan has measured",
                from.display(),
                origin.tool
            )));
        }
        let folder = if from.is_dir() {
            from.clone()
        } else {
            from.parent().unwrap_or(Path::new("")).to_owned()
        };
        let arrivals = arrivals(&folder, &summary);
        if arrivals.is_none() {
            console.say(&format!(
                "session {}: its raw samples are not there, so warm-up and trend are not looked at",
                summary.session
            ));
        }
        sessions.push((summary, arrivals));
    }
    if !arguments.replace {
        let known = |summary: &Summary| {
            let sessions = old.iter().flat_map(|old| &old.sessions);
            sessions
                .into_iter()
                .any(|own| (&own.session, &own.started) == (&summary.session, &summary.started))
        };
        for (summary, _) in sessions.extract_if(.., |(summary, _)| known(summary)) {
            console.say(&format!("session {} is recorded already", summary.session));
        }
        if sessions.is_empty() && !arguments.from.is_empty() && arguments.tolerance.is_empty() {
            console.say(&format!(
                "nothing was written: `{}` is as it was",
                path.display()
            ));
            return Ok(());
        }
    }
    let tolerances = tolerances(&arguments.tolerance, &prepared).map_err(wrong)?;
    let update = Update {
        plan: &read.plan.name,
        yardstick: &prepared.yardstick,
        load_hash: &read.plan.load_hash,
        sessions: &sessions,
        replace: arguments.replace,
        tolerances: &tolerances,
        reason: arguments
            .reason
            .as_deref()
            .unwrap_or("tolerances of the plan"),
        commit: arguments.commit.as_deref(),
        force: arguments.force,
        at: &wall_now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    };
    let vocabulary = Vocabulary::of(&prepared.catalog);
    let updated = update
        .carry_out(old.as_ref(), &vocabulary)
        .map_err(|error| match error {
            UpdateError::Refused(refused) => (NOT_USABLE, refusals(&refused)),
            UpdateError::Tolerance(error) => wrong(format!("{}: {}", error.message, error.help)),
        })?;
    let baseline = read.plan.mask.document(updated.baseline);
    let table = baseline_table(
        &baseline_rows(old.as_ref(), &baseline),
        console.colour_out(),
    );
    if !console.result(&table) {
        return Err((COULD_NOT_RUN, "the table could not be printed".to_owned()));
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
    for own in Recommendation::of_baseline(&baseline) {
        console.say(&format!(
            "`{}`: {}",
            own.metric.unwrap_or_default(),
            own.sentence
        ));
    }
    if arguments.replace && old.as_ref().is_some_and(|old| !old.sessions.is_empty()) {
        console.say("the new sessions were looked at by themselves, and not compared with those whose place they take");
    }
    if arguments.dry_run {
        console.say(&format!(
            "nothing was written: `{}` is as it was",
            path.display()
        ));
        return Ok(());
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let made = folder
        .map_or(Ok(()), fs::create_dir_all)
        .map_err(|error| error.to_string());
    let written = made
        .and_then(|()| document::write_lines(&path, &baseline).map_err(|error| error.to_string()));
    written.map_err(|error| {
        (
            COULD_NOT_RUN,
            format!("cannot write `{}`: {error}", path.display()),
        )
    })?;
    console.say(&format!(
        "wrote {}: look at its diff and commit it",
        path.display()
    ));
    Ok(())
}

/// The file as somebody has edited it: what is derived follows from its sessions, and all else has to fit.
fn edited(path: &Path) -> Result<Option<Baseline>, (u8, String)> {
    let mut baseline: Baseline = document::read(path, baseline::SCHEMA, baseline::VERSION)
        .map_err(|error| (WRONG, error.to_string()))?;
    baseline.derive();
    match baseline.flaws().as_slice() {
        [] => Ok(Some(baseline)),
        flaws => Err((
            WRONG,
            format!("`{}` cannot be used: {}", path.display(), flaws.join("; ")),
        )),
    }
}

/// The file as it is.
fn old(path: &Path, read: &Read, prepared: &Prepared) -> Result<Option<Baseline>, (u8, String)> {
    if !path.is_file() {
        return Ok(None);
    }
    match Reference::find(&read.plan.name, &prepared.yardstick, Some(path)) {
        Ok(Reference::Baseline(_, baseline)) if baseline.plan == read.plan.name => {
            Ok(Some(*baseline))
        }
        Ok(Reference::Baseline(_, other)) => Err((
            WRONG,
            format!(
                "`{}` is the baseline of the plan `{}`",
                path.display(),
                other.plan
            ),
        )),
        Ok(_) => Err((
            WRONG,
            format!(
                "`{}` is a file of fixed bounds, which perfgate reads and does not write: name another with --file",
                path.display()
            ),
        )),
        Err(error) => Err((WRONG, error.to_string())),
    }
}

/// `METRIC=DRIFT` with full addresses.
fn tolerances(said: &[String], prepared: &Prepared) -> Result<Vec<(Address, String)>, String> {
    let vocabulary = Vocabulary::of(&prepared.catalog);
    let mut all = Vec::new();
    for one in said {
        let (name, drift) = one.split_once('=').unwrap_or((one, ""));
        let words = vocabulary
            .find(name.trim(), None)
            .map_err(|wrong| format!("{}: {}", wrong.message, wrong.help))?;
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
