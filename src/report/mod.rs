//! What people read of sessions: a view decides every string, and each format only places them.

mod annotations;
mod clients;
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

pub use annotations::annotations;
pub use clients::clients;
pub use html::{HtmlError, html, sequence_html, versus_html};
pub use inputs::Beside;
pub use json::flat;
pub use junit::junit;
pub use live::{exchange, findings, forecast};
pub use markdown::{markdown, sheet_markdown};
pub use metrics::metrics;
pub use sessions::{
    BaselineRow, CalibrationRow, CalibrationView, Difference, Judged, Sequence, Sheet, SheetPart,
    SheetRow, TrendRow, TrendView, baseline_rows, versus,
};
pub use text::{STATISTICS, Times, Tone, clean};
pub use view::{
    ComparisonView, ConversationView, ConversationsView, CountsRow, CountsView, ErrorView,
    ErrorsView, Fact, LoadView, MetricRow, MetricsView, NextStep, OUTCOMES, SPLIT_COLUMNS,
    SplitView, StepPart, StepView, ThresholdView, ValidityView, VerdictView, View,
};
