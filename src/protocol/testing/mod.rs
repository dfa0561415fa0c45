//! A target that answers by a script and the clock, for tests of the floors above.

mod stream;
mod transport;

pub use stream::{MockConversation, MockEvent, MockStream};
pub use transport::{MockReply, MockTransport};
