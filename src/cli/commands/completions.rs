//! `perfgate completions`: what a shell completes the command line by.

use clap::{Command, CommandFactory};

use crate::cli::arguments::{Arguments, Completions};
use crate::cli::console::Console;
use crate::cli::failure::Ended;

/// The command whose hidden options the program itself uses.
const DEMO: &str = "demo";

pub(crate) fn completions(arguments: &Completions, console: Console) -> Ended {
    let mut script = Vec::new();
    let mut command = Arguments::command().mut_subcommand(DEMO, without_hidden);
    clap_complete::generate(arguments.shell, &mut command, "perfgate", &mut script);
    Ok(console.print(&String::from_utf8_lossy(&script)))
}

/// The command that has options which no person types, without them: what completes a line would offer them.
fn without_hidden(demo: Command) -> Command {
    let about = demo.get_about().cloned().unwrap_or_default();
    Command::new(DEMO).about(about).args(
        demo.get_arguments()
            .filter(|arg| !arg.is_hide_set())
            .cloned(),
    )
}
