//! From the command line to an exit code.

use std::process::ExitCode;

use clap::Parser;

use super::arguments::{Arguments, Command};
use super::console::Console;
use super::{check, demo, run, validate};

/// Runs the command that was typed.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let console = Console::new(&arguments.output);
    ExitCode::from(match arguments.command {
        Command::Run(arguments) => run::run(&arguments, console),
        Command::Validate(arguments) => validate::validate(&arguments, console),
        Command::Check(arguments) => check::check(&arguments, console),
        Command::Demo(arguments) => demo::demo(&arguments, console),
    })
}
