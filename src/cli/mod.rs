//! Arguments, progress, exit codes: the only place that prints, exits, or reads the environment.

mod annotate;
mod arguments;
mod audio;
mod calibrate;
mod check;
mod compare;
mod completions;
mod console;
mod demo;
mod dialects;
mod dispatch;
mod init;
mod man;
mod once;
mod report;
mod run;
mod schema;
mod sheets;
mod show;
mod trend;
mod update_baseline;
mod validate;
mod versus;

pub use dispatch::main;
