//! What a compiled step knows of its protocol while it runs.

use std::future::Future;
use std::sync::Arc;

use ::http::HeaderMap;
use bytes::Bytes;

use super::exchange::codec::Codec;
use super::exchange::failure::RequestError;
use super::{ExchangeError, Reply, Request, StreamKind, Transport};
use crate::clock::Tick;
use crate::units::Duration;

/// Makes a message of the bytes of one chunk of audio.
pub type ChunkEncoder = Box<dyn Fn(&[u8]) -> Bytes>;

/// The protocol of a compiled step.
pub(crate) trait ProtocolBinding {
    /// The streams that it opens.
    const KIND: StreamKind;

    /// What reads and writes messages that are not text; `None` where they are.
    ///
    /// # Errors
    /// Says what is not known of them yet.
    fn codec(&self) -> Result<Option<Arc<dyn Codec>>, RequestError> {
        Ok(None)
    }

    /// What makes messages of chunks of audio; `None` where they are sent as they are, or in the JSON of the plan.
    ///
    /// # Errors
    /// Says why the field takes no audio.
    fn chunk_encoder(&self, _field: Option<&str>) -> Result<Option<ChunkEncoder>, RequestError> {
        Ok(None)
    }

    /// Adds to the head of the request that opens a stream what the plan has no words for.
    fn add_headers(&self, _headers: &mut HeaderMap) {}

    /// Whether the messages are known. What is not is asked of the target, by [`Self::describe`].
    fn is_described(&self) -> bool {
        true
    }

    /// Asks the target what its messages are. `request` opens a call of the step, `field` takes its audio.
    ///
    /// # Errors
    /// Says why they are not known, or do not fit the plan.
    fn describe<T: Transport>(
        &self,
        _transport: &mut T,
        _request: &Request,
        _field: Option<&str>,
    ) -> impl Future<Output = Result<(), DescribeError>> {
        async { Ok(()) }
    }

    /// Sends a request at `now` and waits for its whole reply, at most `timeout`.
    ///
    /// # Errors
    /// What went wrong and how far it got.
    fn exchange<T: Transport>(
        &self,
        transport: &mut T,
        request: &Request,
        _now: Tick,
        _timeout: Duration,
    ) -> impl Future<Output = Result<Reply, Box<ExchangeError>>> {
        transport.exchange(request)
    }
}

/// Why it is not known what the messages of a target are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DescribeError {
    /// The target cannot be asked.
    #[error("{0}")]
    Unreachable(String),
    /// It does not say, or what it says does not fit the plan.
    #[error("{0}")]
    Unfit(String),
}

impl DescribeError {
    /// The error with the step that it concerns.
    #[must_use]
    pub fn of_step(self, step: &str) -> Self {
        match self {
            Self::Unreachable(why) => Self::Unreachable(format!("step `{step}`: {why}")),
            Self::Unfit(why) => Self::Unfit(format!("step `{step}`: {why}")),
        }
    }
}

impl From<RequestError> for DescribeError {
    fn from(error: RequestError) -> Self {
        Self::Unfit(error.to_string())
    }
}
