//! Arguments, progress, exit codes: the only place that prints, exits, or reads the environment.

mod annotate;
mod arguments;
mod commands;
mod console;
mod dispatch;
mod doctor;
mod failure;
mod not_ready;
mod progress;
mod read_plan;
mod several;
mod stored_sessions;
mod typed_url;

pub use dispatch::main;
