//! Arguments, progress, exit codes: the only place that prints, exits, or reads the environment.

mod arguments;
mod check;
mod console;
mod demo;
mod dispatch;
mod once;
mod run;
mod show;
mod validate;

pub use dispatch::main;
