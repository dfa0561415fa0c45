//! The moments of an exchange.

use crate::clock::Tick;
use crate::units::Duration;

/// When what happened in one exchange, by the clock of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Timing {
    /// The exchange was asked for.
    pub started: Tick,
    /// How long the name took to resolve. `None` on a reused connection and for an address in numbers.
    pub dns: Option<Duration>,
    /// How long the TCP connection took, without the name. `None` on a reused connection.
    pub connect: Option<Duration>,
    /// How long the TLS handshake took. `None` on a reused connection and without TLS.
    pub tls: Option<Duration>,
    /// The request's first byte began to be handed to the socket.
    pub sent: Option<Tick>,
    /// The request's last byte had been handed to the socket.
    pub written: Option<Tick>,
    /// From the request's last byte to the reply's first; zero where the reply came before the request was all sent.
    pub first_byte: Option<Duration>,
    /// From the reply's first byte to its last.
    pub receive: Option<Duration>,
    /// The size of the reply's body in bytes.
    pub bytes_in: u64,
    /// The exchange was over, well or not.
    pub ended: Tick,
}

impl Timing {
    /// The whole exchange.
    #[must_use]
    pub const fn total(&self) -> Duration {
        self.ended.since(self.started)
    }
}
