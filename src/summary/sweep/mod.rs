//! Sweeps: what was varied, what was decided at each point, and what the points together say.

mod analysis;
mod description;
mod figures;
mod metrics;

pub use analysis::{Degradation, HELD_BACK, Inflection, LINEAR, SweepAnalysis};
pub use description::{FoundPoint, PointDecision, SearchOutcome, SweepDescription};
pub use figures::{PointFigures, of_run, of_session};
pub use metrics::{loads_of, swept_metrics};

#[cfg(test)]
mod tests;
