//! The view as text for a terminal: what was measured, what went wrong, and the verdict as the last line.

mod baseline;
mod block;
mod calibration;
mod comparisons;
mod conversations;
mod detail;
mod grid;
mod load;
mod metrics;
mod monitors;
mod paint;
mod render;
mod sheet;
mod sweeps;
mod trend;

pub(crate) use baseline::baseline_table;
pub(crate) use calibration::calibration;
pub use detail::Detail;
pub use paint::Paint;
pub(crate) use render::judgement;
pub use render::render;
pub use sheet::sheet;
pub(crate) use trend::trends;
