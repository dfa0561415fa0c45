//! The pieces that every text is made of: harmless words, numbers with units, shares, tones.

pub(crate) mod clean;
mod columns;
mod commands;
mod pick;
mod share;
mod times;
mod tone;
mod words;

pub(crate) use clean::clean;
pub(crate) use clean::cut;
pub(crate) use columns::{head, is_number, rules};
pub(crate) use commands::{Commands, pieces};
pub(crate) use pick::{RunPick, beyond, pick, spread, text};
pub(crate) use share::{ratio, shares};
pub(crate) use times::{STATISTICS, TimesRow};
pub(crate) use times::{cell, over, rows};
pub(crate) use tone::Tone;
pub(crate) use words::{clock, plural, wall};
