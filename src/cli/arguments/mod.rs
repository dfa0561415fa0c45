//! What can be typed.

mod audio;
mod calibrate;
mod check;
mod command;
mod compare;
mod demo;
mod dialects;
mod documents;
mod examples;
mod init;
mod plan;
mod report;
mod services;
mod trend;
mod update_baseline;

pub(super) use audio::{Audio, AudioCommand, FIRST_SEED, List, Make};
pub(super) use calibrate::Calibrate;
pub(super) use check::Check;
pub(super) use command::{Arguments, Colour, Command, Output};
pub(super) use compare::Compare;
pub(super) use demo::Demo;
pub(super) use dialects::Dialects;
pub(super) use documents::{Completions, Man};
pub(super) use init::{Ci, Init};
pub(super) use plan::{Execution, PlanArguments, ProgressKind, Run, Validate};
pub(super) use report::{Format, Report};
pub(super) use trend::Trend;
pub(super) use update_baseline::UpdateBaseline;
