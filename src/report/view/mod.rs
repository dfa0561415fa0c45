//! What is said of a session, decided once for every format: one [`View`] and its parts.

mod balance;
mod causes;
mod comparison;
mod conversations;
mod counts;
mod errors;
mod load;
mod metrics;
mod next_step;
mod remarks;
mod session;
mod splits;
mod steps;
mod targets;
mod thresholds;
mod trouble;
mod validity;

pub use comparison::ComparisonView;
pub use conversations::{ConversationView, ConversationsView};
pub(crate) use conversations::{client, outcome};
pub use counts::{CountsRow, CountsView, OUTCOMES};
pub use errors::{ErrorView, ErrorsView};
pub use load::{Fact, LoadView};
pub use metrics::{MetricRow, MetricsView};
pub use next_step::NextStep;
pub use session::{VerdictView, View};
pub use splits::{SPLIT_COLUMNS, SplitView};
pub use steps::{StepPart, StepView};
pub use thresholds::ThresholdView;
pub use validity::ValidityView;
