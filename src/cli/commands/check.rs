//! `perfgate check`: stored sessions, judged again. Several of one plan are judged together.

use std::path::PathBuf;

use super::run::COULD_NOT_RUN;
use super::trend;
use super::validate::WRONG;
use crate::cli::annotate::annotate;
use crate::cli::arguments::Check;
use crate::cli::console::Console;
use crate::gate::judge;
use crate::report::{View, terminal};
use crate::run::{Reference, ReferenceError, newest, remember, stored};
use crate::summary::Summary;

pub(crate) fn check(arguments: &Check, console: Console) -> u8 {
    let sessions = if arguments.sessions.is_empty() {
        newest(&arguments.results)
    } else {
        arguments.sessions.clone()
    };
    if sessions.is_empty() {
        console.error(&format!(
            "there is no session below `{}`: make one with `perfgate run PLAN`",
            arguments.results.display()
        ));
        return WRONG;
    }
    let (plans, mut worst) = by_plan(&sessions, console);
    for sessions in &plans {
        match judged(sessions, arguments, console) {
            Ok(code) => worst = graver(worst, code),
            Err(error) => {
                console.error(&error.to_string());
                worst = graver(worst, WRONG);
            }
        }
    }
    worst
}

/// The sessions that can be read, by plan, each plan's in the order of their begin.
pub(crate) fn by_plan(paths: &[PathBuf], console: Console) -> (Vec<Vec<Summary>>, u8) {
    let (mut plans, mut worst): (Vec<Vec<Summary>>, u8) = (Vec::new(), 0);
    for path in paths {
        match stored(path) {
            Ok(summary) => match plans
                .iter_mut()
                .find(|plan| plan[0].plan.name == summary.plan.name)
            {
                // The same session twice is one session.
                Some(plan) if plan.iter().any(|known| same(known, &summary)) => {}
                Some(plan) => plan.push(summary),
                None => plans.push(vec![summary]),
            },
            Err(error) => {
                console.error(&error.to_string());
                worst = WRONG;
            }
        }
    }
    plans
        .iter_mut()
        .for_each(|plan| plan.sort_by(|a, b| a.started.cmp(&b.started)));
    (plans, worst)
}

fn same(a: &Summary, b: &Summary) -> bool {
    (&a.session, &a.started) == (&b.session, &b.started)
}

fn judged(sessions: &[Summary], arguments: &Check, console: Console) -> Result<u8, ReferenceError> {
    let newest = &sessions[sessions.len() - 1];
    let reference = Reference::find(
        &newest.plan.name,
        &newest.yardstick,
        arguments.baseline.as_deref(),
    )?;
    let reference = reference.fitting(sessions)?;
    let mut verdict = judge(sessions, reference.against());
    let mut code = verdict.exit_code;
    if let Some(history) = &arguments.history
        && let Err(error) = remember(history, sessions, &reference, &mut verdict)
    {
        console.error(&error.to_string());
        code = graver(code, trend::code(&error));
    }
    let view = View::of(newest, &verdict);
    let printed = console.result(&terminal::render(
        &view,
        console.detail,
        console.colour_out(),
    ));
    annotate(&view, &verdict, None, console);
    Ok(if printed { code } else { COULD_NOT_RUN })
}

/// Of two exit codes the one that is acted on first.
pub(crate) fn graver(a: u8, b: u8) -> u8 {
    const ORDER: [u8; 7] = [130, 143, 2, 5, 4, 1, 3];
    ORDER
        .into_iter()
        .find(|code| [a, b].contains(code))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_graver_code_wins() {
        for (a, b, worst) in [
            (0, 0, 0),
            (0, 1, 1),
            (1, 4, 4),
            (5, 1, 5),
            (2, 5, 2),
            (130, 2, 130),
            (3, 0, 3),
        ] {
            assert_eq!((graver(a, b), graver(b, a)), (worst, worst));
        }
    }
}
