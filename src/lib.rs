//! perfgate runs a declarative test plan against a service, measures it truthfully, and says whether it got slower.
//!
//! Modules stand on floors: each imports only from floors below its own. `CONTRIBUTING.md` has the picture.

pub mod audio;
pub mod cli;
pub mod clock;
pub mod demo;
pub mod diag;
pub mod diagnose;
pub mod document;
mod draft;
pub mod endpoint;
pub mod engine;
pub mod flow;
pub mod gate;
pub mod history;
pub mod hook;
mod import;
pub mod measure;
pub mod metric;
pub mod monitor;
pub mod plan;
pub mod protocol;
pub mod report;
mod run;
pub mod schedule;
pub mod select;
pub mod stats;
pub mod summary;
pub mod template;
pub mod units;
