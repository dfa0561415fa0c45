//! What one iteration does: steps in order over protocol connections, with captured values. Implements the virtual user.

mod compile;
mod program;
mod run;
mod spec;
mod stream;

pub use compile::{CompileContext, ErrorSubject, FlowError};
pub use program::built_in::{OF_CLIP, OF_ITERATION};
pub use program::flow::Flow;
pub use run::{Findings, FlowUser, Found};
pub use spec::audio_seconds::AudioSeconds;
pub use spec::audio_source::AudioSourceSpec;
pub use spec::capture::{Capture, CaptureSpec};
pub use spec::data::{DataSpec, DataTable, RowPick};
pub use spec::delay::RetryDelay;
pub use spec::moments::{MarkSpec, SpanSpec};
pub use spec::poll::PollSpec;
pub use spec::repeat::RepeatSpec;
pub use spec::retry::RetrySpec;
pub use spec::retry_status::RetryStatus;
pub use spec::step::{OnceSpec, StepSpec};
pub use spec::stream::{NamedTexts, StreamSpec};
pub use spec::transcript::Transcript;
