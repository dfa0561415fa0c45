//! What `perfgate run` and `perfgate validate` take.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::plan::Override;
use crate::units::{Duration, Rate};

#[derive(Debug, Args)]
pub(crate) struct PlanArguments {
    /// The plan file; of `run` also a URL.
    pub(crate) plan: PathBuf,
    /// Take a named set of values for the plan's variables; of several the later wins.
    #[arg(help_heading = "Plan", long = "preset", value_name = "NAME")]
    pub(crate) presets: Vec<String>,
    /// Run only these phases and loads.
    #[arg(help_heading = "Plan", long, value_name = "NAME", num_args = 1..)]
    pub(crate) only: Vec<String>,
    /// Set a variable, or a single value that the plan has: `--set rate=5/s`, `--set load.x.max_vus=20`.
    #[arg(help_heading = "Plan", long = "set", value_name = "NAME=VALUE")]
    pub(crate) set: Vec<Override>,
    /// Order arrivals, picks and think times by this number in place of the plan's.
    #[arg(hide_short_help = true, help_heading = "Plan", long, value_name = "N")]
    pub(crate) seed: Option<u64>,
}

/// How sessions are carried out, whatever they are for.
#[derive(Debug, Args)]
pub(crate) struct Execution {
    /// Where results go.
    #[arg(
        help_heading = "Results and progress",
        long,
        value_name = "FOLDER",
        default_value = "results"
    )]
    pub(crate) out: PathBuf,
    /// Worker threads; as many as the planned rate needs where it is not said.
    #[arg(hide_short_help = true, help_heading = "Results and progress", long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// How to show where the run is: auto (a bar on a terminal, lines elsewhere), bar, plain or none.
    #[arg(hide_short_help = true, hide_possible_values = true, help_heading = "Results and progress", long, value_enum, default_value_t = ProgressKind::Auto)]
    pub(crate) progress: ProgressKind,
    /// How often a line is written where nobody watches.
    #[arg(
        hide_short_help = true,
        help_heading = "Results and progress",
        long,
        value_name = "DURATION",
        default_value = "10s"
    )]
    pub(crate) progress_interval: Duration,
}

/// The load of a plan that has one, or of a URL.
#[derive(Debug, Clone, Args)]
pub(crate) struct LoadArguments {
    /// So many users, each of which waits for its reply; 1 for a URL.
    #[arg(
        help_heading = "Load, of a URL or of a plan's only load",
        long,
        short = 'u',
        alias = "users",
        alias = "concurrency",
        alias = "connections",
        value_name = "N",
        conflicts_with = "rate"
    )]
    pub(crate) vus: Option<u64>,
    /// So many iterations start, whatever the replies take: 50/s, 90/min.
    #[arg(
        help_heading = "Load, of a URL or of a plan's only load",
        long,
        alias = "rps",
        alias = "qps",
        value_name = "RATE"
    )]
    pub(crate) rate: Option<Rate>,
    /// How long is measured; 10s for a URL.
    #[arg(
        help_heading = "Load, of a URL or of a plan's only load",
        long,
        value_name = "DURATION"
    )]
    pub(crate) duration: Option<Duration>,
}

/// The request, where the plan is a URL.
#[derive(Debug, Clone, Args)]
pub(crate) struct RequestArguments {
    /// GET, or POST where there is a body.
    #[arg(
        help_heading = "Request, where PLAN is a URL",
        short = 'X',
        long = "request",
        value_name = "METHOD"
    )]
    pub(crate) method: Option<String>,
    /// `-H 'Name: value'`, as often as needed. What is confidential is written to no file.
    #[arg(
        help_heading = "Request, where PLAN is a URL",
        short = 'H',
        long = "header",
        value_name = "HEADER"
    )]
    pub(crate) headers: Vec<String>,
    /// The body: JSON or text, or `@file`.
    #[arg(
        help_heading = "Request, where PLAN is a URL",
        short,
        long,
        value_name = "BODY"
    )]
    pub(crate) data: Option<String>,
    /// Write the plan that is run; with --dry-run nothing is sent.
    #[arg(
        help_heading = "Request, where PLAN is a URL",
        long,
        value_name = "FILE"
    )]
    pub(crate) write: Option<PathBuf>,
    /// Let --write take the place of a file.
    #[arg(
        hide_short_help = true,
        help_heading = "Request, where PLAN is a URL",
        long,
        requires = "write"
    )]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    #[command(flatten)]
    pub(crate) plan: PlanArguments,
    #[command(flatten)]
    pub(crate) load: LoadArguments,
    #[command(flatten)]
    pub(crate) request: RequestArguments,
    /// Run one iteration of each flow and print what is sent and answered, secrets masked; nothing is measured or written.
    #[arg(help_heading = "Session", long, conflicts_with = "dry_run")]
    pub(crate) once: bool,
    /// Where a regression is suspected, run as many more sessions as the plan's `session.confirm` says (2), each after
    /// `session.confirm_after` (30m), and judge all together.
    #[arg(help_heading = "Session", long, conflicts_with_all = ["once", "dry_run"])]
    pub(crate) confirm: bool,
    /// Run so many sessions and judge them together.
    #[arg(help_heading = "Session", long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) sessions: u64,
    /// From the begin of one session to the begin of the next.
    #[arg(
        hide_short_help = true,
        help_heading = "Session",
        long,
        value_name = "DURATION",
        default_value = "0s",
        requires = "sessions"
    )]
    pub(crate) every: Duration,
    /// Show what would be done, phase by phase, and send nothing.
    #[arg(help_heading = "Session", long)]
    pub(crate) dry_run: bool,
    /// Add each session to this file, `history/<plan>.jsonl` as a rule, and say what drifts in it.
    #[arg(hide_short_help = true, help_heading = "Session", long, value_name = "FILE", conflicts_with_all = ["once", "dry_run"])]
    pub(crate) history: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) execution: Execution,
}

#[derive(Debug, Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) plan: PlanArguments,
    /// Show every value of the plan and where it came from.
    #[arg(long)]
    pub(crate) explain: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressKind {
    /// A bar on a terminal, lines elsewhere and in CI.
    Auto,
    /// A bar.
    Bar,
    /// Lines.
    Plain,
    /// Nothing.
    None,
}
