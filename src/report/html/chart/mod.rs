//! Charts: from the evidence to places on the page.

mod buckets;
mod conversations;
mod distribution;
mod errors;
mod gates;
mod heat;
mod metric_lines;
mod others;
mod percentiles;
mod phases;
mod pressure;
mod seconds;
mod sessions;
mod time;

pub(crate) use others::Others;
pub(crate) use seconds::Seconds;
pub(crate) use sessions::over_sessions;
