//! What is said of several sessions: the difference of two, a series of many, a trend, a calibration.

mod baseline_change;
mod calibration;
mod circumstances;
pub(crate) mod diff;
mod headline;
mod plan_values;
mod series;
mod sheet;
mod trend;
mod variable;

pub use baseline_change::{BaselineRow, baseline_rows};
pub use calibration::{CalibrationRow, CalibrationView};
pub(crate) use circumstances::Circumstances;
pub use circumstances::Difference;
pub use diff::session_diff;
pub use series::{JudgedSession, SessionSeries};
pub(crate) use series::{SequenceLine, SeriesChart};
pub use sheet::{Sheet, SheetPart, SheetRow};
pub use trend::{TrendRow, TrendView};
