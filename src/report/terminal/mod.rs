//! The view as text for a terminal: what was measured, what went wrong, and the verdict as the last line.

mod baseline;
mod block;
mod calibration;
mod comparisons;
mod conversations;
mod grid;
mod load;
mod metrics;
mod paint;
mod render;
mod sheet;
mod trend;

pub use baseline::baseline_table;
pub use calibration::calibration;
pub use render::{Detail, judgement, render};
pub use sheet::sheet;
pub use trend::trends;
