//! Signals that end a session early.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::summary::Interruption;

#[derive(Debug)]
pub(crate) struct Signals {
    int: Signal,
    term: Signal,
}

impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            int: signal(SignalKind::interrupt())?,
            term: signal(SignalKind::terminate())?,
        })
    }

    pub(crate) async fn next(&mut self) -> Interruption {
        tokio::select! {
            _ = self.int.recv() => Interruption::Sigint,
            _ = self.term.recv() => Interruption::Sigterm,
        }
    }
}
