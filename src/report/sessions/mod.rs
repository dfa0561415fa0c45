//! What is said of several sessions: the difference of two, a series of many, a trend, a calibration.

mod baseline_change;
mod calibration;
mod circumstances;
mod diff;
mod headline;
mod judged_session;
mod plan_values;
mod series;
mod series_sheet;
mod sheet;
mod trend;
mod variable;

pub(crate) use baseline_change::{BaselineRow, baseline_rows};
pub(crate) use calibration::CalibrationView;
pub(crate) use circumstances::Circumstances;
pub(crate) use circumstances::Difference;
pub use diff::session_diff;
pub use judged_session::JudgedSession;
pub use series::SessionSeries;
pub(crate) use series::{SeriesChart, SeriesLine};
pub use sheet::Sheet;
pub(crate) use sheet::{SheetPart, SheetRow};
pub(crate) use trend::{TrendRow, TrendView};
