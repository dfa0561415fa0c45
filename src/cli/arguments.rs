//! What can be typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::plan::Override;
use crate::units::Duration;

/// Runs declarative load-test plans, measures truthfully, and says by its exit code whether what must hold does.
#[derive(Debug, Parser)]
#[command(name = "perfgate", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) output: Output,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    everything that is judged holds
  1    a threshold is crossed
  2    the arguments or the plan are wrong; nothing was sent
  4    not usable as evidence: the generator could not keep up, or there is no data
  5    could not run: the target was not ready or never answered, or results could not be written
  130  stopped by Ctrl-C; what was measured until then is written (143: by SIGTERM)";

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run a plan, write its session and judge it.
    Run(Run),
    /// Check a plan without sending anything.
    Validate(Validate),
    /// Judge stored sessions again: folders or their summary.json. Without any, the newest of every plan.
    Check(Check),
    /// Start the embedded target and print its URL. It runs until a signal.
    Demo(Demo),
}

#[derive(Debug, Args)]
pub(super) struct PlanArguments {
    /// The plan file.
    pub(super) plan: PathBuf,
    /// Take a named set of values for the plan's variables; of several the later wins.
    #[arg(long = "preset", value_name = "NAME")]
    pub(super) presets: Vec<String>,
    /// Run only these phases and loads.
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub(super) only: Vec<String>,
    /// Set a variable, or a single value that the plan has: `--set rate=5/s`, `--set load.x.max_vus=20`.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(super) set: Vec<Override>,
    /// Order arrivals, picks and think times by this number in place of the plan's.
    #[arg(long)]
    pub(super) seed: Option<u64>,
}

#[derive(Debug, Args)]
pub(super) struct Run {
    #[command(flatten)]
    pub(super) plan: PlanArguments,
    /// Run one iteration of each flow and print what is sent and answered, secrets masked; nothing is measured or written.
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) once: bool,
    /// Show what would be done, phase by phase, and send nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Where results go.
    #[arg(long, value_name = "FOLDER", default_value = "results")]
    pub(super) out: PathBuf,
    /// Worker threads; as many as the planned rate needs where it is not said.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(super) threads: Option<u16>,
    /// How to show where the run is.
    #[arg(long, value_enum, default_value_t = ProgressKind::Auto)]
    pub(super) progress: ProgressKind,
    /// How often a line is written where nobody watches.
    #[arg(long, value_name = "DURATION", default_value = "10s")]
    pub(super) progress_interval: Duration,
}

#[derive(Debug, Args)]
pub(super) struct Validate {
    #[command(flatten)]
    pub(super) plan: PlanArguments,
    /// Show every value of the plan and where it came from.
    #[arg(long)]
    pub(super) explain: bool,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Folders of sessions, or their summary.json.
    pub(super) sessions: Vec<PathBuf>,
    /// Where to look for the newest sessions.
    #[arg(long, value_name = "FOLDER", default_value = "results")]
    pub(super) results: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// What it plays: transcription, speech, chat, voice (all three) or jobs.
    #[arg(default_value = "transcription", conflicts_with = "spec")]
    pub(super) service: String,
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub(super) port: u16,
    /// One of its keys, as a plan's `target.demo` has them: `--set slots=2`, `--set service_time=200ms`,
    /// `--set faults.status_share=5%`.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(super) set: Vec<Override>,
    /// The whole specification as JSON.
    #[arg(long, hide = true)]
    pub(super) spec: Option<String>,
    /// End when standard input closes, as a child process of `perfgate run` does.
    #[arg(long, hide = true)]
    pub(super) until_stdin_closes: bool,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Output {
    /// Say only the verdict.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Say more: every iteration as it ends, and every threshold, step and metric; twice: every step and request too.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(super) verbose: u8,
    /// Whether to use colours.
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto)]
    pub(super) color: Colour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ProgressKind {
    /// A bar on a terminal, lines elsewhere and in CI.
    Auto,
    /// A bar.
    Bar,
    /// Lines.
    Plain,
    /// Nothing.
    None,
}
