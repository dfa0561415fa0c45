//! The sections of a page, one file each.

mod banner;
mod changed;
mod conversations;
mod definitions;
mod diagnoses;
mod elsewhere;
mod errors;
mod guide;
pub(crate) mod header;
mod hooks;
mod judged;
mod load;
mod monitors;
mod past;
mod reproduce;
mod sheet;
mod steps;
mod sweep;

pub(crate) use banner::banner;
pub(crate) use changed::changed;
pub(crate) use conversations::talks;
pub(crate) use definitions::definitions;
pub(crate) use diagnoses::diagnoses;
pub(crate) use elsewhere::elsewhere;
pub(crate) use errors::faults;
pub(crate) use guide::guide;
pub(crate) use hooks::hooks;
pub(crate) use judged::judged;
pub(crate) use load::load_section;
pub(crate) use monitors::monitors;
pub(crate) use past::past;
pub(crate) use reproduce::reproduce;
pub(crate) use sheet::{sheet_lead, sheet_sections};
pub(crate) use sweep::sweeps;
