//! What `perfgate demo` takes.

use clap::Args;

use crate::plan::Override;

#[derive(Debug, Args)]
pub(crate) struct DemoArguments {
    /// What it plays: transcription, speech, chat, voice (all three) or jobs; with audio in frames whisperlive, vosk, deepgram,
    /// realtime, gateway or riva.
    #[arg(default_value = "transcription")]
    pub(crate) service: String,
    /// The port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// One of its keys, as a plan's `target.demo` has them: `--set slots=2`, `--set service_time=200ms`,
    /// `--set faults.status_share=5%`.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) set: Vec<Override>,
    /// Scale a target that runs at this URL, and end: `--control http://localhost:8083 --workers 3`.
    #[arg(long, value_name = "URL", requires = "workers", conflicts_with_all = ["port", "set"])]
    pub(crate) control: Option<String>,
    /// The number of workers behind the address of a target that runs.
    #[arg(long, value_name = "N", requires = "control")]
    pub(crate) workers: Option<u64>,
    /// The whole specification as JSON.
    #[arg(long, hide = true)]
    pub(crate) spec: Option<String>,
    /// End when standard input closes, as a child process of `perfgate run` does.
    #[arg(long, hide = true)]
    pub(crate) until_stdin_closes: bool,
}
