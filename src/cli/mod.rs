//! Arguments, progress, exit codes: the only place that prints, exits, or reads the environment.

mod annotate;
mod arguments;
mod commands;
mod comparison;
mod console;
mod dispatch;
mod progress;
mod sheets;

pub use dispatch::main;
