//! What selectors and conditions look at.

use std::borrow::Cow;

use serde_json::Value;

/// A value that was found: borrowed from a parsed answer where it can be.
pub type Found<'a> = Cow<'a, Value>;

/// An answer, whatever its protocol.
pub trait Evidence {
    /// The status code: of HTTP, of a WebSocket's handshake.
    fn status(&self) -> u16;

    /// The name of the status, where the protocol names it: gRPC's `RESOURCE_EXHAUSTED`. `status` then stands for this.
    fn status_name(&self) -> Option<&str> {
        None
    }

    /// The first header of this name, upper and lower case alike.
    fn header(&self, name: &str) -> Option<&str>;

    /// The body, or one message.
    fn body(&self) -> &[u8];

    /// The body as text, whatever it is encoded in.
    fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.body())
    }

    /// The size of the body in bytes, where only its begin was kept too.
    fn size(&self) -> u64 {
        self.body().len() as u64
    }

    /// The body as JSON, parsed at most once; `None` where it is none.
    fn json(&self) -> Option<&Value>;

    /// The body as JSON with every spelling of its names, and with fields that have their default value where `defaults` says so; for
    /// protocols that know more than they write.
    fn spelled_out(&self, _defaults: bool) -> Option<Value> {
        None
    }

    /// What a protocol knows beside the answer: `close`, `messages`, `transcript` and marks (in seconds since the step began).
    fn named(&self, _subject: &str) -> Option<Value> {
        None
    }
}
