//! What people read of sessions: a view decides every string, and each format only places them.

mod format;
mod html;
mod inputs;
pub(crate) mod live;
mod markdown;
mod sessions;
pub mod terminal;
mod text;
mod view;

pub use format::{FORMATS, Format, annotations, json, junit, line_in_baseline};
pub(crate) use format::{FormatError, Report, SessionsCompared, SeveralReport};
pub use html::{HtmlError, diff_html, html, series_html};
pub use inputs::ReportInputs;
pub(crate) use live::{exchange, findings, forecast};
pub use markdown::{markdown, sheet_markdown};
pub(crate) use sessions::{CalibrationView, TrendView, baseline_rows};
pub use sessions::{JudgedSession, SessionSeries, Sheet, session_diff};
pub(crate) use text::clean;
pub use view::{ComparisonView, ThresholdView, VerdictView, View};
