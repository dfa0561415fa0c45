//! What the control thread tells its workers.

use crate::clock::Tick;

/// The newest word of the control thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkerCommand {
    /// Make the virtual users and wait.
    Prepare,
    /// Time zero of all loads.
    Start(Tick),
    /// Start nothing more; what is under way may finish until then.
    Stop {
        /// When what is still under way is cut off.
        cut_at: Tick,
    },
    /// Cut off everything now.
    Abort,
}
