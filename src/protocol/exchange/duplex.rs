//! A stream on which both sides send messages.

use std::future::Future;
use std::sync::Arc;

use ::http::HeaderMap;
use bytes::Bytes;

use super::codec::Codec;
use super::failure::Failure;
use super::reply::Reply;
use super::request::Request;
use crate::clock::Tick;
use crate::units::Duration;

/// What opens a stream.
#[derive(Debug, Clone)]
pub struct StreamRequest {
    /// Where it goes, with its headers or metadata. There is no body.
    pub request: Request,
    /// In which protocol.
    pub kind: StreamKind,
    /// What reads and writes its messages, where they are not text and are known.
    pub codec: Option<Arc<dyn Codec>>,
    /// The longest that the stream can take, where the target is told.
    pub deadline: Duration,
}

/// The streams of a protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamKind {
    /// The key of a step.
    pub key: &'static str,
    /// The scheme of its addresses, without TLS.
    pub scheme: &'static str,
    /// The status of a stream that is open.
    pub open_status: u16,
    /// Whether opening one has a handshake, which is measured and is an answer of the target.
    pub has_handshake: bool,
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A text; where messages are not text, an encoded message.
    Text(Bytes),
    /// Bytes, or an encoded message.
    Binary(Bytes),
    /// Nothing more follows: a close frame, or the end of this side.
    Finish,
}

/// What happens next.
#[derive(Debug)]
pub enum StreamEvent {
    /// Everything that was sent has been handed to the socket, at this moment.
    Sent(Tick),
    /// The head of the reply is there; some protocols send messages before.
    Head,
    /// A message came; its last byte was read from the socket at this moment.
    Message(Tick, Bytes),
    /// The target has ended the conversation.
    Ended(Box<Reply>),
}

/// How a conversation began.
#[derive(Debug)]
pub enum Opened<T> {
    /// It is open.
    Open(T),
    /// The target has answered with something else: the handshake's reply.
    Refused(Box<Reply>),
}

/// An open conversation. Dropping it breaks it off.
pub trait DuplexStream {
    /// Takes something to be sent; [`Self::next`] hands it on.
    fn send(&mut self, frame: Frame);

    /// Hands on what was sent, and waits for what happens next. May be dropped at any time without losing anything.
    ///
    /// # Errors
    /// How the connection broke.
    fn next(&mut self) -> impl Future<Output = Result<StreamEvent, Failure>>;

    /// The status and the headers of the reply, as far as they are known.
    fn head(&self) -> (u16, &HeaderMap);

    /// The reply as far as it is known: its head and the moments so far.
    fn reply(&self) -> Reply;

    /// Ends the conversation from this side, without waiting for the other.
    fn leave(self) -> impl Future<Output = ()>;
}
