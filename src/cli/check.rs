//! `perfgate check`: stored sessions, judged again.

use super::arguments::Check;
use super::console::Console;
use super::run::COULD_NOT_RUN;
use super::validate::WRONG;
use crate::gate::judge;
use crate::report::{View, terminal};
use crate::run::{newest, stored};

pub(super) fn check(arguments: &Check, console: Console) -> u8 {
    let sessions = if arguments.sessions.is_empty() { newest(&arguments.results) } else { arguments.sessions.clone() };
    if sessions.is_empty() {
        console.error(&format!(
            "there is no session below `{}`: make one with `perfgate run PLAN`",
            arguments.results.display()
        ));
        return WRONG;
    }
    let mut worst = 0;
    for path in &sessions {
        match stored(path) {
            Ok(summary) => {
                let verdict = judge(&summary);
                let view = View::of(&summary, &verdict);
                if !console.result(&terminal::render(&view, console.detail, console.colour_out())) {
                    worst = graver(worst, COULD_NOT_RUN);
                }
                worst = graver(worst, verdict.exit_code);
            }
            Err(error) => {
                console.error(&error.to_string());
                worst = graver(worst, WRONG);
            }
        }
    }
    worst
}

/// Of two exit codes the one that is acted on first.
fn graver(a: u8, b: u8) -> u8 {
    const ORDER: [u8; 7] = [130, 143, 2, 5, 4, 1, 3];
    ORDER.into_iter().find(|code| [a, b].contains(code)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_graver_code_wins() {
        for (a, b, worst) in [(0, 0, 0), (0, 1, 1), (1, 4, 4), (5, 1, 5), (2, 5, 2), (130, 2, 130), (3, 0, 3)] {
            assert_eq!((graver(a, b), graver(b, a)), (worst, worst));
        }
    }
}
