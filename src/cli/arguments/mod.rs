//! What can be typed.

mod audio;
mod calibrate;
mod check;
mod command;
mod compare;
mod demo;
mod dialects;
mod doctor;
mod documents;
mod examples;
mod init;
mod plan;
mod report;
mod services;
mod tables;
mod trend;
mod update_baseline;

pub(crate) use audio::{Audio, AudioCommand, FIRST_SEED, ListArguments, Make};
pub(crate) use calibrate::Calibrate;
pub(crate) use check::Check;
pub(crate) use command::{Arguments, Colour, Command, Output};
pub(crate) use compare::Compare;
pub(crate) use demo::DemoArguments;
pub(crate) use dialects::Dialects;
pub(crate) use doctor::Doctor;
pub(crate) use documents::{Completions, Man};
pub(crate) use init::{Ci, Init};
pub(crate) use plan::{
    LoadArguments, PlanArguments, ProgressKind, RequestArguments, RunArguments, Validate,
};
pub(crate) use report::ReportArguments;
pub(crate) use trend::TrendArguments;
pub(crate) use update_baseline::UpdateBaseline;
