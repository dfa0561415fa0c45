//! The commands, and what all of them take.

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::audio::Audio;
use super::calibrate::Calibrate;
use super::check::Check;
use super::compare::Compare;
use super::demo::DemoArguments;
use super::dialects::Dialects;
use super::doctor::Doctor;
use super::documents::{Completions, Man};
use super::examples;
use super::init::Init;
use super::plan::{RunArguments, Validate};
use super::report::ReportArguments;
use super::services::demo_help;
use super::tables::{perfgate_help, report_help, run_help, short_help};
use super::trend::TrendArguments;
use super::update_baseline::UpdateBaseline;

/// Runs declarative load-test plans, measures truthfully, and says by its exit code whether what must hold does.
#[derive(Debug, Parser)]
#[command(name = "perfgate", version, max_term_width = 100, after_help = short_help(&perfgate_help()), after_long_help = perfgate_help())]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) output: Output,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a plan to start from, with its schema, a place for baselines and a nightly CI job.
    #[command(after_help = short_help(examples::INIT), after_long_help = examples::INIT)]
    Init(Init),
    /// Run a plan, write its session and judge it.
    #[command(after_help = short_help(&run_help()), after_long_help = run_help())]
    Run(RunArguments),
    /// Check a plan without sending anything.
    #[command(after_help = short_help(examples::VALIDATE), after_long_help = examples::VALIDATE)]
    Validate(Validate),
    /// Judge stored sessions again: folders, their summary.json, or summaries of k6. Without any, the newest of every plan.
    #[command(after_help = short_help(examples::CHECK), after_long_help = examples::CHECK)]
    Check(Check),
    /// Say from sessions of an unchanged target how much they vary, and whether the tolerances are above that.
    #[command(after_help = short_help(examples::CALIBRATE), after_long_help = examples::CALIBRATE)]
    Calibrate(Calibrate),
    /// Run a plan against two targets in turn and judge the one by the other: for pull requests, and machines that differ.
    #[command(after_help = short_help(examples::COMPARE), after_long_help = examples::COMPARE)]
    Compare(Compare),
    /// Record sessions as what is normal, in a file that is reviewed and committed.
    #[command(after_help = short_help(examples::UPDATE_BASELINE), after_long_help = examples::UPDATE_BASELINE)]
    UpdateBaseline(UpdateBaseline),
    /// Show how metrics change over many sessions, and what drifts although each session is within its tolerance.
    #[command(after_help = short_help(examples::TREND), after_long_help = examples::TREND)]
    Trend(TrendArguments),
    /// Render a stored session again: HTML, Markdown, JUnit and metrics into its folder, or one of them to standard output. Of
    /// two sessions show what changed, of many all side by side.
    #[command(after_help = short_help(&report_help()), after_long_help = report_help())]
    Report(ReportArguments),
    /// Start the embedded target and print its URL. It runs until a signal.
    #[command(after_help = examples::DEMO, after_long_help = demo_help())]
    Demo(DemoArguments),
    /// Say in some seconds whether this machine can measure: its limits, what else it does, and how exactly arrivals start.
    #[command(after_help = short_help(examples::DOCTOR), after_long_help = examples::DOCTOR)]
    Doctor(Doctor),
    /// Make clips to send, and look at those that are there.
    #[command(after_help = short_help(examples::AUDIO), after_long_help = examples::AUDIO)]
    Audio(Audio),
    /// List the protocols of speech services that ship as parts of plans, or print one to be saved and included.
    #[command(after_help = short_help(examples::DIALECTS), after_long_help = examples::DIALECTS)]
    Dialects(Dialects),
    /// Print the JSON schema of plans, which editors complete and check them by.
    #[command(after_help = short_help(examples::SCHEMA), after_long_help = examples::SCHEMA)]
    Schema,
    /// Print what a shell completes the command line by.
    #[command(after_help = short_help(examples::COMPLETIONS), after_long_help = examples::COMPLETIONS)]
    Completions(Completions),
    /// Print the manual page, or write a page for each command.
    #[command(after_help = short_help(examples::MAN), after_long_help = examples::MAN)]
    Man(Man),
}

#[derive(Debug, Clone, Args)]
pub(crate) struct Output {
    /// Say only the verdict.
    #[arg(
        help_heading = "Global options",
        short,
        long,
        global = true,
        conflicts_with = "verbose"
    )]
    pub(crate) quiet: bool,
    /// Say more: every iteration as it ends, and every threshold, step and metric; twice: every step and request too.
    #[arg(help_heading = "Global options", short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Use colours: auto (on a terminal, unless `NO_COLOR` is set), always or never.
    #[arg(hide_possible_values = true,
        hide_short_help = true, help_heading = "Global options", long, global = true, value_enum, default_value_t = Colour::Auto)]
    pub(crate) color: Colour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}
