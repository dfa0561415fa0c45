//! Summaries that k6 wrote, in each of its three shapes, as sessions. `docs/design/k6-summaries.md` says what becomes of what.

mod address;
mod entry;
mod expression;
mod import;
mod measure;
mod numbers;
mod points;
mod shape;
#[cfg(test)]
mod shape_tests;
mod statistics;

pub(crate) use import::{PLAN, import};
pub(crate) use points::{Points, points};
