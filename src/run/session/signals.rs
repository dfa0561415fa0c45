//! Signals that end a session early.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::summary::Interruption;

#[derive(Debug)]
pub(crate) struct Signals {
    int: Signal,
    term: Signal,
    /// The terminal is gone: what was measured is written, as after SIGTERM.
    hangup: Signal,
}

impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            int: signal(SignalKind::interrupt())?,
            term: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    pub(crate) async fn next(&mut self) -> Interruption {
        tokio::select! {
            _ = self.int.recv() => Interruption::Sigint,
            _ = self.term.recv() => Interruption::Sigterm,
            _ = self.hangup.recv() => Interruption::Sigterm,
        }
    }
}
