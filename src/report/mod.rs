//! What people read of sessions: a view decides every string, and each format only places them.

mod annotations;
mod clients;
mod format;
mod html;
mod inputs;
mod json;
mod junit;
pub mod live;
mod markdown;
mod metrics;
mod sessions;
pub mod terminal;
mod text;
mod view;

pub use annotations::{annotations, line_in_baseline};
pub use clients::clients;
pub use format::{FORMATS, Format, FormatError, Report, SessionsCompared, SeveralReport};
pub use html::{HtmlError, diff_html, html, series_html};
pub use inputs::ReportInputs;
pub use json::json;
pub use junit::junit;
pub use live::{exchange, findings, forecast};
pub use markdown::{markdown, sheet_markdown};
pub use metrics::metrics;
pub use sessions::{
    BaselineRow, CalibrationRow, CalibrationView, Difference, JudgedSession, SessionSeries, Sheet,
    SheetPart, SheetRow, TrendRow, TrendView, baseline_rows, session_diff,
};
pub use text::{STATISTICS, Times, Tone, clean};
pub use view::{
    ComparisonView, ConversationView, ConversationsView, CountsRow, CountsView, ErrorView,
    ErrorsView, Fact, LoadView, MetricRow, MetricsView, NextStep, OUTCOMES, SPLIT_COLUMNS,
    SplitView, StepPart, StepView, ThresholdView, ValidityView, VerdictView, View,
};
