//! What one user does for all of a run.

use std::sync::atomic::AtomicU64;

use serde_json::Value;
use tokio::sync::Mutex;

use crate::metric::Outcome;
use crate::template::Slot;

/// Captured values with their slots.
pub(crate) type CapturedValues = Vec<(Slot, Value)>;

/// What one user has done for all of a run: its captures, or how it failed.
#[derive(Debug, Default)]
pub(crate) struct SharedSetup {
    /// How often it was tried.
    pub(crate) tries: AtomicU64,
    pub(crate) result: Mutex<Option<Result<CapturedValues, (Outcome, String)>>>,
}
