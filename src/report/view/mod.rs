//! What is said of a session, decided once for every format: one [`View`] and its parts.

mod balance;
mod beside;
mod causes;
mod comparison;
mod conversations;
mod counts;
mod errors;
mod load;
mod load_facts;
mod metrics;
mod next;
mod remarks;
mod session;
mod splits;
mod steps;
mod sweep;
mod targets;
mod text_comparison;
mod thresholds;
mod validity;

pub(crate) use beside::{HookOutput, HooksView, MONITOR_COLUMNS, MonitorRow};
pub use comparison::ComparisonView;
pub(crate) use conversations::{ConversationView, ConversationsView};
pub(crate) use conversations::{client, outcome};
pub(crate) use counts::{CountsView, OUTCOMES};
pub(crate) use errors::{ErrorView, ErrorsView};
pub(crate) use load::LoadView;
pub(crate) use load_facts::Fact;
pub(crate) use metrics::{MetricRow, MetricsView};
pub(crate) use next::NextStep;
pub use session::{VerdictView, View};
pub(crate) use splits::{SPLIT_COLUMNS, SplitView};
pub(crate) use steps::{StepPart, StepView};
pub(crate) use sweep::{PointOutcome, SweepRow, SweepView};
pub use thresholds::ThresholdView;
pub(crate) use validity::ValidityView;
