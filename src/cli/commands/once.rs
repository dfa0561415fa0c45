//! `perfgate run --once`: each flow once, with everything that is said.

use super::run::COULD_NOT_RUN;
use super::validate::Read;
use crate::cli::console::Console;
use crate::metric::Outcome;
use crate::report::terminal::Detail;
use crate::report::{clean, exchange, findings};
use crate::run::{Act, RunError, Settings, rehearse};
use crate::units::{Unit, print};

/// The exit code of a flow that did not end well.
const FAILED: u8 = 1;

pub(crate) async fn once(read: &Read, settings: &Settings, console: Console) -> u8 {
    let mask = &read.plan.mask;
    let whole = console.detail == Detail::Verbose;
    let mut printed = true;
    let mut say = |text: &str| printed &= console.result(&mask.text(text));
    let done = rehearse(&read.plan, &read.sources, settings, &mut |act| match act {
        Act::Waiting(probe) => console.say(&mask.text(&format!("perfgate waiting for {probe}"))),
        Act::Begins(load) => say(&format!("── flow {}", clean(&load.flow_name))),
        Act::Heard(heard) => say(&exchange(heard, mask, whole)),
        Act::Ends {
            outcome,
            took,
            found,
            errors,
        } => {
            if !found.is_empty() {
                say(&findings(found, mask));
            }
            let took = print(took.as_secs_f64(), Unit::Seconds);
            say(&match outcome {
                Outcome::Ok => format!("✓ ok in {took}\n"),
                other => {
                    let why = errors
                        .iter()
                        .map(|message| clean(message))
                        .collect::<Vec<_>>()
                        .join("; ");
                    format!("✗ {} after {took}: {why}\n", other.name().replace('_', " "))
                }
            });
        }
    })
    .await;
    match done {
        _ if !printed => COULD_NOT_RUN,
        Ok(true) => 0,
        Ok(false) => FAILED,
        Err(error) => {
            console.error(&mask.text(&error.to_string()));
            if let RunError::NotReady(not_ready) = &error {
                crate::cli::commands::run::hint(not_ready, mask, console);
            }
            error.exit_code()
        }
    }
}
