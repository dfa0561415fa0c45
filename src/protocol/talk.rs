//! A conversation: both sides send messages on one connection, as over a WebSocket or a gRPC stream.

use std::future::Future;

use ::http::{HeaderMap, HeaderValue};
use bytes::Bytes;

use super::grpc::Method;
use super::{Exchange, Failed, Failure, Reply, Request};
use crate::clock::Tick;
use crate::units::Duration;

/// What opens a conversation.
#[derive(Debug, Clone)]
pub struct Call {
    /// Where it goes, with its headers or metadata. There is no body.
    pub request: Request,
    /// In which protocol.
    pub manner: Manner,
}

/// The protocol of a conversation.
#[derive(Debug, Clone)]
pub enum Manner {
    /// A WebSocket, with the subprotocols to choose from.
    WebSocket(Option<HeaderValue>),
    /// A gRPC call of any kind.
    Grpc {
        /// The `grpc-timeout`.
        deadline: Duration,
        /// What reads its messages, where it is known.
        method: Option<Method>,
    },
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A text; gRPC knows only binary messages.
    Text(Bytes),
    /// Bytes; over gRPC an encoded message.
    Binary(Bytes),
    /// Nothing more follows: a WebSocket's close frame, gRPC's half-close.
    Finish,
}

/// What happens next.
#[derive(Debug)]
pub enum Event {
    /// Everything that was sent has been handed to the socket, at this moment.
    Sent(Tick),
    /// The head of the reply is there: a conversation over gRPC may begin before.
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
pub trait Talk {
    /// Takes something to be sent; [`Self::next`] hands it on.
    fn send(&mut self, frame: Frame);

    /// Hands on what was sent, and waits for what happens next. May be dropped at any time without losing anything.
    ///
    /// # Errors
    /// How the connection broke.
    fn next(&mut self) -> impl Future<Output = Result<Event, Failure>>;

    /// The status and the headers of the reply, as far as they are known.
    fn head(&self) -> (u16, &HeaderMap);

    /// The reply as far as it is known: its head and the moments so far.
    fn reply(&self) -> Reply;

    /// Ends the conversation from this side, without waiting for the other.
    fn leave(self) -> impl Future<Output = ()>;
}

/// One message there, at most one back: a gRPC call that is no stream. Of several messages the first is the reply's body.
///
/// # Errors
/// What went wrong and how far it got.
pub async fn call<E: Exchange>(
    transport: &mut E,
    call: &Call,
    message: Bytes,
) -> Result<Reply, Box<Failed>> {
    let mut talk = match transport.talk(call).await? {
        Opened::Open(talk) => talk,
        Opened::Refused(reply) => return Ok(*reply),
    };
    talk.send(Frame::Binary(message));
    talk.send(Frame::Finish);
    let mut body = None;
    loop {
        match talk.next().await {
            Ok(Event::Sent(_) | Event::Head) => {}
            Ok(Event::Message(_, message)) => drop(body.get_or_insert(message)),
            Ok(Event::Ended(reply)) => {
                return Ok(reply.with_body(body.unwrap_or_default()));
            }
            Err(failure) => {
                let timing = talk.reply().timing;
                return Err(Box::new(Failed { failure, timing }));
            }
        }
    }
}
