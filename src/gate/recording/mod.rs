//! Which sessions may enter a baseline, and the baseline with them in it.

mod update;

pub use update::{Refusal, Update, UpdateError, Updated};
