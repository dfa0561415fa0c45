//! `perfgate compare`: one plan against two targets that are there at the same time.

use crate::cli::annotate::annotate;
use crate::cli::arguments::Compare;
use crate::cli::console::Console;
use crate::cli::failure::{CommandFailure, Ended};
use crate::cli::not_ready::{failure_of_run, hint};
use crate::cli::progress::Show;
use crate::cli::read_plan::{PlanRead, read_aimed};
use crate::gate::ExitCode;
use crate::plan::Aim;
use crate::report::{View, terminal};
use crate::run::{AbComparison, AbSide, Reference, RunEvent, Settings, ab_compare};

pub(crate) fn compare(arguments: &Compare, console: Console) -> Ended {
    let aimed = |option: &str, url: &str, console: Console| {
        read_aimed(&arguments.plan, Some(Aim { option, url }), console)
    };
    // Both sides run the same plan: only one of them prints its warnings.
    let base = aimed("--base", &arguments.base, console.silent())?;
    let head = aimed("--head", &arguments.head, console)?;
    carry_out(arguments, &base, &head, console).map_err(|failure| failure.masked(&head.plan.mask))
}

fn carry_out(arguments: &Compare, base: &PlanRead, head: &PlanRead, console: Console) -> Ended {
    let known = Reference::find(&head.plan.name, &head.prepared.comparison, None)
        .map_err(CommandFailure::usage)?;
    let compared = match &known {
        Reference::Baseline(_, baseline) => Some(&baseline.metrics),
        Reference::Nothing | Reference::Absent(_) | Reference::Guide(..) => None,
    };
    let settings = Settings {
        results: arguments.execution.out.clone(),
        threads: arguments.execution.threads.map(usize::from),
        program: std::env::current_exe().map_err(CommandFailure::could_not_run)?,
        reference: Reference::Nothing,
        warnings: head.warnings.clone(),
        watcher: None,
        history: None,
        trust_generator: super::run::trusts_generator(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CommandFailure::could_not_run)?;
    let mut show = Show::new(
        console,
        arguments.execution.progress,
        arguments.execution.progress_interval,
        head.plan.mask.clone(),
    );
    let sides = [base, head].map(|read| AbSide {
        plan: &read.plan,
        sources: &read.sources,
    });
    let address = base.plan.mask.text(&arguments.base);
    let against = format!("{address} in {} pairs of runs", arguments.pairs);
    let mut tell = |event: &RunEvent<'_>| show.event(event);
    let done = runtime.block_on(ab_compare(
        sides,
        arguments.pairs,
        compared,
        &against,
        &settings,
        &mut tell,
    ));
    show.finish();
    let comparison = done.map_err(|error| failure_of_run(&error, &head.plan.mask, console))?;
    Ok(report(&comparison, head, console))
}

fn report(comparison: &AbComparison, head: &PlanRead, console: Console) -> ExitCode {
    if !console.quiet && comparison.unwritten.is_empty() {
        console.say(&format!(
            "wrote {}/ (verdict.json, and a session each in base/ and head/)",
            comparison.folder.display()
        ));
    }
    comparison
        .unwritten
        .iter()
        .for_each(|sentence| console.error(sentence));
    let not_ready = [&comparison.base, &comparison.head]
        .into_iter()
        .filter_map(|side| side.not_ready.as_ref());
    not_ready.for_each(|not_ready| hint(not_ready, &head.plan.mask, console));
    let view = View::of(&comparison.head.summary, &comparison.verdict);
    let printed = console.result(&terminal::render(
        &view,
        console.detail,
        console.paint_out(),
    ));
    annotate(
        &view,
        &comparison.verdict,
        Some(&comparison.folder),
        console,
    );
    if printed {
        comparison.verdict.exit_code
    } else {
        ExitCode::CouldNotRun
    }
}
