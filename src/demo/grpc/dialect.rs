//! What differs between the services that speak gRPC.

use prost::Message;
use tonic::Status;

use crate::clock::Tick;
use crate::demo::stream::{SessionStep, StreamService, StreamSession, samples};
use crate::units::Duration;

/// What a client's message means.
#[derive(Debug, PartialEq)]
pub(crate) enum GrpcClientEvent {
    Audio(Duration),
    Nothing,
}

/// A reply that is due later than what made it.
#[derive(Debug)]
pub(crate) struct Later<M> {
    pub(crate) at: Tick,
    pub(crate) message: M,
    pub(crate) kind: StreamService,
}

/// One protocol, as its server speaks it.
pub(crate) trait GrpcDialect: Send + 'static {
    type In: Message + Default + 'static;
    type Out: Message + Clone + 'static;

    /// Understands a message.
    fn read(&mut self, message: Self::In) -> Result<GrpcClientEvent, Status>;

    /// What it says once it is ready.
    fn greet(&mut self) -> Option<Self::Out> {
        None
    }

    /// A result in its words; nothing where it keeps silent about this one.
    fn say(&mut self, turn: &SessionStep) -> Option<Self::Out>;

    /// The client has sent all: what follows, where that is not the rest of the results.
    fn finish(
        &mut self,
        now: Tick,
        session: &mut StreamSession,
        fails: bool,
    ) -> Vec<Later<Self::Out>>;
}

/// So many bytes of 16-bit samples in time.
pub(crate) fn sample_bytes(bytes: usize, rate: i32) -> Result<Duration, Status> {
    if !bytes.is_multiple_of(2) {
        return Err(Status::invalid_argument(format!(
            "{bytes} bytes are no whole number of 16-bit samples"
        )));
    }
    Ok(samples(bytes / 2, u64::try_from(rate).unwrap_or(0)))
}
