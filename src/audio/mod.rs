//! Speech to send: WAV files and synthesised clips, measured as they really are, in pools that hand out one an iteration.

mod clip;
mod error;
mod files;
mod pick;
mod pool;
mod spec;
mod speech;
mod synthesis;
mod wave;

pub use clip::Clip;
pub use error::AudioError;
pub use pick::Pick;
pub use pool::Pool;
pub use spec::{PoolSpec, Synthesize};
pub use synthesis::{Kind, SAMPLE_RATE, synthesize};
