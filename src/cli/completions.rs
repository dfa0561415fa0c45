//! `perfgate completions`: what a shell completes the command line by.

use clap::CommandFactory;

use super::arguments::{Arguments, Completions};
use super::console::Console;
use super::run::COULD_NOT_RUN;

pub(super) fn completions(arguments: &Completions, console: Console) -> u8 {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "perfgate", &mut script);
    if console.result(&String::from_utf8_lossy(&script)) { 0 } else { COULD_NOT_RUN }
}
