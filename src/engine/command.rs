//! What the control thread tells its workers.

use std::future::Future;
use std::pin::Pin;

use tokio::sync::watch;

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

/// The wait for the next command. Kept between polls, because a watch forgets whom to wake when its future is dropped.
pub(crate) type NextCommand =
    Pin<Box<dyn Future<Output = (WorkerCommand, watch::Receiver<WorkerCommand>)>>>;

pub(crate) fn next_command(mut word: watch::Receiver<WorkerCommand>) -> NextCommand {
    Box::pin(async move {
        // A control thread that is gone can stop nobody later: that is the same as being told to end now.
        let command = if word.changed().await.is_ok() {
            *word.borrow_and_update()
        } else {
            WorkerCommand::Abort
        };
        (command, word)
    })
}
