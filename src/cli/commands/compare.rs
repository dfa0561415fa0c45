//! `perfgate compare`: one plan against two targets that are there at the same time.

use super::run::{COULD_NOT_RUN, hint};
use super::validate::{Read, WRONG, read_aimed};
use crate::cli::annotate::annotate;
use crate::cli::arguments::Compare;
use crate::cli::console::Console;
use crate::cli::progress::Show;
use crate::diag::Diagnostics;
use crate::plan::Aim;
use crate::report::{View, terminal};
use crate::run::{Duel, Event, Reference, RunError, Settings, Side};

pub(crate) fn compare(arguments: &Compare, console: Console) -> u8 {
    let aimed = |option: &str, url: &str, console: Console| {
        read_aimed(&arguments.plan, Some(Aim { option, url }), console)
    };
    // What is to be said about the plan is said once.
    let base = aimed("--base", &arguments.base, console.silent());
    let both = base.and_then(|base| Ok((base, aimed("--head", &arguments.head, console)?)));
    let (base, head) = match both {
        Ok(both) => both,
        Err(code) => return code,
    };
    match carry_out(arguments, &base, &head, console) {
        Ok(code) => code,
        Err((code, message)) => {
            console.error(&head.plan.mask.text(&message));
            code
        }
    }
}

fn carry_out(
    arguments: &Compare,
    base: &Read,
    head: &Read,
    console: Console,
) -> Result<u8, (u8, String)> {
    let could_not = |error: std::io::Error| (COULD_NOT_RUN, error.to_string());
    let prepared = head
        .plan
        .compile(None, 0, &head.sources, &mut Diagnostics::default());
    let prepared = prepared.ok_or_else(|| (WRONG, "the plan cannot be used".to_owned()))?;
    let known = Reference::find(&head.plan.name, &prepared.yardstick, None)
        .map_err(|error| (WRONG, error.to_string()))?;
    let compared = match &known {
        Reference::Baseline(_, baseline) => Some(&baseline.metrics),
        Reference::Nothing | Reference::Absent(_) | Reference::Guide(..) => None,
    };
    let settings = Settings {
        results: arguments.execution.out.clone(),
        threads: arguments.execution.threads.map(usize::from),
        program: std::env::current_exe().map_err(could_not)?,
        reference: Reference::Nothing,
        warnings: head.warnings.clone(),
        watcher: None,
        history: None,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(could_not)?;
    let mut show = Show::new(
        console,
        arguments.execution.progress,
        arguments.execution.progress_interval,
        head.plan.mask.clone(),
    );
    let sides = [base, head].map(|read| Side {
        plan: &read.plan,
        sources: &read.sources,
    });
    let against = format!("{} in {} pairs of runs", arguments.base, arguments.pairs);
    let mut tell = |event: &Event<'_>| show.event(event);
    let fought = runtime.block_on(Duel::fight(
        sides,
        arguments.pairs,
        compared,
        &against,
        &settings,
        &mut tell,
    ));
    show.finish();
    match fought {
        Ok(duel) => Ok(report(&duel, head, console)),
        Err(error) => {
            if let RunError::NotReady(not_ready) = &error {
                hint(not_ready, &head.plan.mask, console);
            }
            Err((error.exit_code(), error.to_string()))
        }
    }
}

/// Prints the judgement; the exit code.
fn report(duel: &Duel, head: &Read, console: Console) -> u8 {
    if !console.quiet && duel.unwritten.is_empty() {
        console.say(&format!(
            "wrote {}/ (verdict.json, and a session each in base/ and head/)",
            duel.folder.display()
        ));
    }
    duel.unwritten
        .iter()
        .for_each(|sentence| console.error(sentence));
    let not_ready = [&duel.base, &duel.head]
        .into_iter()
        .filter_map(|side| side.not_ready.as_ref());
    not_ready.for_each(|not_ready| hint(not_ready, &head.plan.mask, console));
    let view = View::of(&duel.head.summary, &duel.verdict);
    let printed = console.result(&terminal::render(
        &view,
        console.detail,
        console.colour_out(),
    ));
    annotate(&view, &duel.verdict, Some(&duel.folder), console);
    if printed {
        duel.verdict.exit_code
    } else {
        COULD_NOT_RUN
    }
}
