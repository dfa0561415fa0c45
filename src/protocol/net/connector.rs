//! What opens streams.

use std::future::Future;
use std::sync::Arc;

use super::options::ConnectionOptions;
use crate::clock::Clock;
use crate::protocol::exchange::duplex::{DuplexStream, Opened, StreamRequest};
use crate::protocol::exchange::failure::ExchangeError;

/// Opens the streams of one VU in one protocol.
pub(crate) trait Connector {
    /// An open stream.
    type Connection: DuplexStream;

    /// A connector without connections.
    fn new(clock: Clock, options: Arc<ConnectionOptions>) -> Self;

    /// Opens a stream.
    fn open(
        &mut self,
        request: &StreamRequest,
    ) -> impl Future<Output = Result<Opened<Self::Connection>, Box<ExchangeError>>>;

    /// Closes what is kept for the next stream.
    fn close(&mut self) {}

    /// How often a kept connection turned out to be closed by the target.
    fn reconnects(&self) -> u64 {
        0
    }
}
