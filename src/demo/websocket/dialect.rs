//! What differs between the services that speak WebSocket.

use axum::extract::ws::Message;

use crate::demo::stream::{SessionStep, Steps, StreamSlot, samples};
use crate::units::Duration;

/// What a client's message means.
#[derive(Debug, PartialEq)]
pub(crate) enum ClientEvent {
    /// So much audio.
    Audio(Duration),
    /// There will be no more of it.
    End,
    /// What was heard so far is wanted now.
    Flush,
    /// Nothing of interest.
    Nothing,
    /// It cannot be understood.
    Wrong(String),
}

/// One protocol, as its server speaks it.
pub(crate) trait WebSocketDialect: Send + 'static {
    /// When it has something to say.
    const STEPS: Steps;
    /// Whether it says when it is ready. Otherwise the handshake is answered then.
    const GREETS: bool;

    /// Understands a message.
    fn read(&mut self, message: Message) -> ClientEvent;

    /// What it says once it is ready.
    fn greet(&mut self, _seat: &StreamSlot) -> Vec<String> {
        Vec::new()
    }

    /// A result in its words; nothing where it keeps silent about this one.
    fn say(&mut self, turn: &SessionStep) -> Option<String>;

    /// What it says after the last result.
    fn bye(&mut self, _heard: Duration) -> Option<String> {
        None
    }

    /// An error in its words, where it has some.
    fn fail(&self, why: &str) -> Option<String>;

    /// What it says to a session that has lasted for too long, where it minds.
    fn overtime(&self) -> Option<String> {
        None
    }
}

/// Samples of so many bytes, at so many a second.
pub(crate) fn audio(length: usize, width: usize, rate: u64) -> ClientEvent {
    if length.is_multiple_of(width) {
        ClientEvent::Audio(samples(length / width, rate))
    } else {
        ClientEvent::Wrong(format!(
            "{length} bytes are no whole number of samples of {width} bytes"
        ))
    }
}
