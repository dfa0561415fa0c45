//! A conversation by a script and by the clock: what the floors above are tested with.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use ::http::{HeaderMap, HeaderName, HeaderValue};
use bytes::Bytes;

use super::transport::failed;
use crate::clock::{Clock, Tick};
use crate::metric::ErrorClass;
use crate::protocol::{
    Closing, DuplexStream, ExchangeError, Failure, Frame, Opened, Reply, StreamEvent, StreamKind,
    Timing,
};
use crate::units::Duration;

/// What the scripted target does, so long after what has made it do so.
#[derive(Debug, Clone)]
pub enum MockEvent {
    /// It sends a message.
    Message(Duration, Bytes),
    /// It ends the conversation: a WebSocket with this code.
    Close(Duration, u16),
    /// It ends a gRPC call with the status of this number and name.
    Status(Duration, u16, &'static str),
    /// The connection breaks.
    Break(Duration, ErrorClass),
}

impl MockEvent {
    /// A message, `millis` after what has made the target send it.
    #[must_use]
    pub fn text(millis: u64, text: &str) -> Self {
        Self::Message(
            Duration::from_millis(millis),
            Bytes::copy_from_slice(text.as_bytes()),
        )
    }

    const fn delay(&self) -> Duration {
        match self {
            Self::Message(delay, _)
            | Self::Close(delay, _)
            | Self::Status(delay, ..)
            | Self::Break(delay, _) => *delay,
        }
    }
}

type React = dyn FnMut(&Frame, Tick) -> Vec<MockEvent>;

/// One scripted conversation.
pub struct MockConversation {
    delay: Duration,
    opens: Result<u16, ErrorClass>,
    headers: HeaderMap,
    first: Vec<MockEvent>,
    react: Box<React>,
}

impl MockConversation {
    /// A conversation that opens after `delay`, and asks `react` about everything that is sent, with the moment it came.
    #[must_use]
    pub fn new(
        delay: Duration,
        react: impl FnMut(&Frame, Tick) -> Vec<MockEvent> + 'static,
    ) -> Self {
        let react = Box::new(react);
        Self {
            delay,
            opens: Ok(0),
            headers: HeaderMap::new(),
            first: Vec::new(),
            react,
        }
    }

    /// A connection that fails after `delay`.
    #[must_use]
    pub fn refuses(delay: Duration, class: ErrorClass) -> Self {
        Self {
            opens: Err(class),
            ..Self::new(delay, |_, _| Vec::new())
        }
    }

    /// A handshake that is answered with this status.
    #[must_use]
    pub fn answers(delay: Duration, status: u16) -> Self {
        Self {
            opens: Ok(status),
            ..Self::new(delay, |_, _| Vec::new())
        }
    }

    /// The conversation, in which the target begins by itself.
    #[must_use]
    pub fn begins(self, first: Vec<MockEvent>) -> Self {
        Self { first, ..self }
    }

    /// The conversation with one header more.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &'static str) -> Self {
        self.headers.append(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
        self
    }

    pub(crate) async fn open(
        self,
        clock: Clock,
        kind: StreamKind,
    ) -> Result<Opened<MockStream>, Box<ExchangeError>> {
        let started = clock.now();
        clock.sleep_until(started + self.delay).await;
        let connect = Some(self.delay);
        let timing = Timing {
            started,
            connect,
            sent: Some(started),
            ended: clock.now(),
            ..Timing::default()
        };
        let status = self.opens.map_err(|class| failed(class, timing))?;
        let good = kind.open_status;
        if status != 0 {
            let reply = Reply::new(status, self.headers, Bytes::new(), timing);
            return Ok(Opened::Refused(Box::new(
                reply.closed(Closing::HandshakeRefused),
            )));
        }
        let mut spoken = MockStream {
            clock,
            timing,
            status: good,
            headers: self.headers,
            react: Rc::new(RefCell::new(self.react)),
            due: VecDeque::new(),
            unsent: false,
        };
        spoken.plan(self.first);
        Ok(Opened::Open(spoken))
    }
}

fn named(name: &'static str) -> Closing {
    Closing::Named {
        protocol: "gRPC",
        name,
        message: String::new(),
    }
}

/// An open scripted conversation.
pub struct MockStream {
    clock: Clock,
    timing: Timing,
    status: u16,
    headers: HeaderMap,
    react: Rc<RefCell<React>>,
    /// What the target does next, in order.
    due: VecDeque<(Tick, MockEvent)>,
    unsent: bool,
}

impl MockStream {
    fn plan(&mut self, said: Vec<MockEvent>) {
        let now = self.clock.now();
        for said in said {
            let at = now + said.delay();
            let place = self.due.partition_point(|(known, _)| *known <= at);
            self.due.insert(place, (at, said));
        }
    }
}

impl DuplexStream for MockStream {
    fn send(&mut self, frame: Frame) {
        self.unsent = true;
        let said = (self.react.borrow_mut())(&frame, self.clock.now());
        self.plan(said);
    }

    async fn next(&mut self) -> Result<StreamEvent, Failure> {
        if std::mem::take(&mut self.unsent) {
            return Ok(StreamEvent::Sent(self.clock.now()));
        }
        let Some((at, _)) = self.due.front() else {
            return std::future::pending().await;
        };
        self.clock.sleep_until(*at).await;
        let Some((at, said)) = self.due.pop_front() else {
            return std::future::pending().await;
        };
        match said {
            MockEvent::Message(_, text) => {
                self.timing.bytes_in += text.len() as u64;
                Ok(StreamEvent::Message(at, text))
            }
            MockEvent::Close(_, code) => Ok(StreamEvent::Ended(Box::new(
                self.reply()
                    .closed(Closing::Code(Some((code, String::new())))),
            ))),
            MockEvent::Status(_, status, name) => {
                let closing = named(name);
                let timing = self.reply().timing;
                let reply = Reply::new(status, self.headers.clone(), Bytes::new(), timing);
                Ok(StreamEvent::Ended(Box::new(reply.closed(closing))))
            }
            MockEvent::Break(_, class) => Err(failed(class, self.timing).failure),
        }
    }

    fn head(&self) -> (u16, &HeaderMap) {
        (self.status, &self.headers)
    }

    fn reply(&self) -> Reply {
        let timing = Timing {
            ended: self.clock.now(),
            ..self.timing
        };
        let closing = if self.status == 101 {
            Closing::Code(None)
        } else {
            named("OK")
        };
        Reply::new(self.status, self.headers.clone(), Bytes::new(), timing).closed(closing)
    }

    async fn leave(self) {}
}

impl fmt::Debug for MockStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockStream")
            .field("due", &self.due)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for MockConversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockConversation")
            .field("opens", &self.opens)
            .finish_non_exhaustive()
    }
}
