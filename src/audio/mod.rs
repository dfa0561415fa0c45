//! Speech to send: WAV files and synthesised clips, measured as they really are, in pools that hand out one an iteration.

mod clip;
mod comparison;
mod english;
mod error;
mod files;
mod frames;
mod inventory;
mod pick;
mod pool;
mod references;
mod reply;
mod sine;
mod spec;
mod speech;
mod synthesis;
mod unique;
mod wave;
mod wer;

pub use clip::Clip;
pub use comparison::{Normalizer, TextComparison, TextUnit};
pub use error::AudioError;
pub use frames::{Chunks, Encoding};
pub use inventory::{Inventory, Item};
pub use pick::Pick;
pub use pool::Pool;
pub use reply::{RawFormat, ReplyAudio, measure_reply};
pub use sine::SAMPLE_RATE;
pub use spec::{MOST_SECONDS, PoolSpec, Synthesize};
pub use synthesis::{ClipKind, synthesize};
pub use unique::Variant;
pub use wer::WordErrors;
