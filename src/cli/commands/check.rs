//! `perfgate check`: stored sessions, judged again. Several of one plan are judged together.

use crate::cli::annotate::annotate;
use crate::cli::arguments::Check;
use crate::cli::console::Console;
use crate::cli::failure::{CommandFailure, Ended};
use crate::cli::stored_sessions::by_plan;
use crate::gate::{ExitCode, judge};
use crate::history;
use crate::report::{View, terminal};
use crate::run::{Reference, newest};
use crate::summary::Summary;

pub(crate) fn check(arguments: &Check, console: Console) -> Ended {
    let sessions = if arguments.sessions.is_empty() {
        newest(&arguments.results)
    } else {
        arguments.sessions.clone()
    };
    if sessions.is_empty() {
        return Err(CommandFailure::usage(format!(
            "there is no session below `{}`: make one with `perfgate run PLAN`",
            arguments.results.display()
        )));
    }
    let (plans, mut worst) = by_plan(&sessions, console);
    for sessions in &plans {
        worst = worst.graver(console.settle(judged(sessions, arguments, console)));
    }
    Ok(worst)
}

fn judged(sessions: &[Summary], arguments: &Check, console: Console) -> Ended {
    let newest = &sessions[sessions.len() - 1];
    let named = arguments.baseline.as_deref();
    let reference = Reference::find(&newest.plan.name, &newest.comparison, named)
        .and_then(|reference| reference.fitting(sessions))
        .map_err(CommandFailure::usage)?;
    let mut verdict = judge(sessions, reference.against());
    let mut code = verdict.exit_code;
    if let Some(file) = &arguments.history
        && let Err(error) = history::append(file, sessions, reference.against(), &mut verdict)
    {
        code = code.graver(console.settle(Err(CommandFailure::of_history(&error))));
    }
    let view = View::of(newest, &verdict);
    let printed = console.result(&terminal::render(
        &view,
        console.detail,
        console.paint_out(),
    ));
    annotate(&view, &verdict, None, console);
    Ok(if printed { code } else { ExitCode::CouldNotRun })
}
