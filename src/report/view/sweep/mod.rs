//! A sweep in tables and sentences.

mod points;
mod sentences;
mod table;

pub(crate) use table::{PointOutcome, SweepRow, SweepView};
