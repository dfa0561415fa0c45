//! Charts: from the evidence to places on the page.

mod buckets;
mod conversations;
mod distribution;
mod errors;
mod gates;
mod heat;
mod metric_lines;
mod monitor;
mod others;
mod percentiles;
mod phases;
mod pressure;
mod seconds;
mod sessions;
mod sweep;
mod time;

pub(crate) use buckets::buckets;
pub(crate) use conversations::talks;
pub(crate) use distribution::distribution;
pub(crate) use errors::errors;
pub(crate) use gates::gates;
pub(crate) use heat::heat;
pub(crate) use metric_lines::courses;
pub(crate) use monitor::monitor;
pub(crate) use others::Others;
pub(crate) use percentiles::percentiles;
pub(crate) use phases::phases;
pub(crate) use pressure::pressure;
pub(crate) use seconds::Seconds;
pub(crate) use sessions::over_sessions;
pub(crate) use sweep::{
    errors as errors_over_value, latency as latency_over_value, recorded, throughput,
};
pub(crate) use time::{TimeBound, in_flight, latency, rates, staleness};
