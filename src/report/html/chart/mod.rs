//! Charts: from the evidence to places on the page.

mod buckets;
mod courses;
mod distribution;
mod errors;
mod gates;
mod heat;
mod ink;
mod others;
mod percentiles;
mod phases;
mod plot;
mod pressure;
mod scale;
mod seconds;
mod sequence;
mod svg;
mod talks;
mod thin;
mod time;

pub(super) use buckets::buckets;
pub(super) use courses::courses;
pub(super) use distribution::distribution;
pub(super) use errors::errors;
pub(super) use gates::gates;
pub(super) use heat::heat;
pub(super) use ink::dark_rules;
pub(super) use others::Others;
pub(super) use percentiles::percentiles;
pub(super) use phases::phases;
pub(super) use pressure::pressure;
pub(super) use seconds::Seconds;
pub(super) use sequence::over_sessions;
pub(super) use svg::Svg;
pub(super) use talks::talks;
pub(super) use time::{TimeBound, in_flight, latency, rates, staleness};
