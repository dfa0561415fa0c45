//! The pieces that every text is made of: harmless words, numbers with units, shares, tones.

pub(crate) mod clean;
mod commands;
mod pick;
mod share;
mod times;
mod tone;
mod words;

pub use clean::clean;
pub(crate) use clean::cut;
pub(crate) use commands::{Commands, pieces};
pub(crate) use pick::{Pick, beyond, pick, spread, text};
pub(crate) use share::{ratio, shares};
pub use times::{STATISTICS, Times};
pub(crate) use times::{cell, over, rows};
pub use tone::Tone;
pub(crate) use words::{clock, plural, wall};
