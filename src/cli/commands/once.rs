//! `perfgate run --once`: runs each flow once and prints all that is sent and received.

use crate::cli::console::Console;
use crate::cli::failure::Ended;
use crate::cli::not_ready::failure_of_run;
use crate::cli::read_plan::PlanRead;
use crate::gate::ExitCode;
use crate::metric::Outcome;
use crate::report::terminal::Detail;
use crate::report::{clean, exchange, findings};
use crate::run::{OnceEvent, Settings, run_once};
use crate::units::{Unit, print};

pub(crate) async fn once(read: &PlanRead, settings: &Settings, console: Console) -> Ended {
    let mask = &read.plan.mask;
    let whole = console.detail == Detail::Verbose;
    let mut printed = true;
    let mut say = |text: &str| printed &= console.result(&mask.text(text));
    let done = run_once(&read.plan, &read.sources, settings, &mut |act| match act {
        OnceEvent::Hook { when, command } => {
            console.say(&mask.text(&format!("perfgate hook {when}: {command}")));
        }
        OnceEvent::Waiting(probe) => {
            console.say(&mask.text(&format!("perfgate waiting for {probe}")));
        }
        OnceEvent::Begins(load) => say(&format!("── flow {}", clean(&load.flow_name))),
        OnceEvent::Heard(heard) => say(&exchange(heard, mask, whole)),
        OnceEvent::Ends {
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
    let all_ok = done.map_err(|error| failure_of_run(&error, mask, console))?;
    Ok(match console.ended(printed) {
        ExitCode::Success if !all_ok => ExitCode::Failed,
        code => code,
    })
}
