//! What people read of a session: one [`View`] decides every string, the renderers only place them.

mod baseline_change;
mod clean;
mod comparison_view;
mod counts_view;
mod error_view;
mod exchange;
mod forecast;
pub mod live;
mod load_view;
mod pick;
mod remark_view;
mod share;
mod split_view;
mod step_view;
pub mod terminal;
mod threshold_view;
mod times;
mod tone;
mod validity;
mod view;
mod words;

pub use baseline_change::{BaselineRow, baseline_rows};
pub use clean::clean;
pub use comparison_view::ComparisonView;
pub use counts_view::{CountsRow, CountsView, OUTCOMES};
pub use error_view::{ErrorView, ErrorsView};
pub use exchange::exchange;
pub use forecast::forecast;
pub use load_view::{Fact, LoadView};
pub use split_view::{SPLIT_COLUMNS, SplitView};
pub use step_view::{StepPart, StepView};
pub use threshold_view::ThresholdView;
pub use times::{STATISTICS, Times};
pub use tone::Tone;
pub use validity::ValidityView;
pub use view::{VerdictView, View};
