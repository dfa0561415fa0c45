//! The commands, one file each.

pub(crate) mod audio;
pub(crate) mod calibrate;
pub(crate) mod check;
pub(crate) mod compare;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod dialects;
pub(crate) mod doctor;
pub(crate) mod init;
pub(crate) mod man;
mod once;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod trend;
pub(crate) mod update_baseline;
pub(crate) mod validate;
