//! From the command line to an exit code.

use clap::Parser;

use super::arguments::{Arguments, Command};
use super::commands::{
    audio, calibrate, check, compare, completions, demo, dialects, doctor, init, man, report, run,
    schema, trend, update_baseline, validate,
};
use super::console::Console;

/// Runs the command that was typed.
#[must_use]
pub fn main() -> std::process::ExitCode {
    let arguments = Arguments::parse();
    let console = Console::new(&arguments.output);
    let ended = match arguments.command {
        Command::Init(arguments) => init::init(&arguments, console),
        Command::Run(arguments) => run::run(&arguments, console),
        Command::Validate(arguments) => validate::validate(&arguments, console),
        Command::Check(arguments) => check::check(&arguments, console),
        Command::Calibrate(arguments) => calibrate::calibrate(&arguments, console),
        Command::Compare(arguments) => compare::compare(&arguments, console),
        Command::UpdateBaseline(arguments) => update_baseline::update_baseline(&arguments, console),
        Command::Report(arguments) => report::report(&arguments, console),
        Command::Trend(arguments) => trend::trend(&arguments, console),
        Command::Demo(arguments) => demo::demo(&arguments, console),
        Command::Doctor(arguments) => doctor::doctor(&arguments, console),
        Command::Audio(arguments) => audio::audio(&arguments, console),
        Command::Dialects(arguments) => dialects::dialects(&arguments, console),
        Command::Schema => schema::schema(console),
        Command::Completions(arguments) => completions::completions(&arguments, console),
        Command::Man(arguments) => man::man(&arguments, console),
    };
    std::process::ExitCode::from(console.settle(ended).number())
}
