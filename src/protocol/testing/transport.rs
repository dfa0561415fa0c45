//! A target that answers by a script and takes its time by the clock: what the floors above are tested with.

use std::cell::RefCell;
use std::fmt;
use std::ops::ControlFlow;
use std::rc::Rc;

use ::http::{HeaderMap, HeaderName, HeaderValue};
use bytes::Bytes;

use super::stream::{MockConversation, MockStream};
use crate::clock::{Clock, Tick};
use crate::metric::ErrorClass;
use crate::protocol::{
    ExchangeError, Failure, Framing, Message, Opened, Reply, Request, StreamRequest, Timing,
    Transport,
};
use crate::units::Duration;

/// One scripted answer: when its head comes and what it is, then what is streamed behind it.
#[derive(Debug, Clone)]
pub struct MockReply {
    delay: Duration,
    result: Result<(u16, Bytes), ErrorClass>,
    headers: HeaderMap,
    messages: Vec<(Duration, Bytes, Option<String>)>,
    end: (Duration, Option<ErrorClass>),
}

impl MockReply {
    /// A reply that is there, whole, after `delay`.
    #[must_use]
    pub fn new(delay: Duration, status: u16, body: impl Into<Bytes>) -> Self {
        Self::of(delay, Ok((status, body.into())))
    }

    /// A failure after `delay`, before any byte of reply.
    #[must_use]
    pub fn fails(delay: Duration, class: ErrorClass) -> Self {
        Self::of(delay, Err(class))
    }

    fn of(delay: Duration, result: Result<(u16, Bytes), ErrorClass>) -> Self {
        Self {
            delay,
            result,
            headers: HeaderMap::new(),
            messages: Vec::new(),
            end: (Duration::ZERO, None),
        }
    }

    /// The answer with one header more.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = HeaderValue::from_str(value).expect("a header's value");
        self.headers.append(HeaderName::from_static(name), value);
        self
    }

    /// The answer with one message more, `delay` after the one before it.
    #[must_use]
    pub fn message(mut self, delay: Duration, text: impl Into<Bytes>) -> Self {
        self.messages.push((delay, text.into(), None));
        self
    }

    /// The answer with one named event more, `delay` after the message before it.
    #[must_use]
    pub fn event(mut self, delay: Duration, name: &str, text: impl Into<Bytes>) -> Self {
        self.messages
            .push((delay, text.into(), Some(name.to_owned())));
        self
    }

    /// The answer, its body over `delay` after its last message.
    #[must_use]
    pub fn ends_after(mut self, delay: Duration) -> Self {
        self.end = (delay, None);
        self
    }

    /// The answer, breaking off `delay` after its last message.
    #[must_use]
    pub fn breaks_after(mut self, delay: Duration, class: ErrorClass) -> Self {
        self.end = (delay, Some(class));
        self
    }
}

type Each<'a> = dyn FnMut(&Message<'_>) -> ControlFlow<()> + 'a;
type Ask = dyn FnMut(&Request) -> MockReply;
type Converse = dyn FnMut(&StreamRequest) -> MockConversation;

/// An [`Transport`] without a network. Clones share the script and what was seen, as VUs share a target.
#[derive(Clone)]
pub struct MockTransport {
    clock: Clock,
    answer: Rc<RefCell<Ask>>,
    seen: Rc<RefCell<Vec<Request>>>,
    converse: Rc<RefCell<Converse>>,
}

impl MockTransport {
    /// A target that asks `answer` about every request.
    #[must_use]
    pub fn new(clock: Clock, answer: impl FnMut(&Request) -> MockReply + 'static) -> Self {
        let none =
            |_: &StreamRequest| MockConversation::refuses(Duration::ZERO, ErrorClass::Connect);
        let (answer, converse) = (Rc::new(RefCell::new(answer)), Rc::new(RefCell::new(none)));
        Self {
            clock,
            answer,
            seen: Rc::default(),
            converse,
        }
    }

    /// A target that asks `converse` about every conversation, and knows no exchanges.
    #[must_use]
    pub fn talking(
        clock: Clock,
        converse: impl FnMut(&StreamRequest) -> MockConversation + 'static,
    ) -> Self {
        let silent = Self::list(clock, []);
        Self {
            converse: Rc::new(RefCell::new(converse)),
            ..silent
        }
    }

    /// A target that gives these answers in order, then refuses connections.
    #[must_use]
    pub fn list(clock: Clock, answers: impl IntoIterator<Item = MockReply> + 'static) -> Self {
        let mut answers = answers.into_iter().collect::<Vec<_>>().into_iter();
        Self::new(clock, move |_| {
            answers
                .next()
                .unwrap_or_else(|| MockReply::fails(Duration::ZERO, ErrorClass::Connect))
        })
    }

    /// Every request so far, in order.
    #[must_use]
    pub fn seen(&self) -> Vec<Request> {
        self.seen.borrow().clone()
    }

    async fn play(
        &self,
        request: &Request,
        mut each: Option<&mut Each<'_>>,
    ) -> Result<Reply, Box<ExchangeError>> {
        self.seen.borrow_mut().push(request.clone());
        let started = self.clock.now();
        let answer = (self.answer.borrow_mut())(request);
        self.clock.sleep_until(started + answer.delay).await;
        let sent = Some(started);
        let mut timing = Timing {
            started,
            sent,
            written: sent,
            ended: self.clock.now(),
            ..Timing::default()
        };
        let (status, body) = answer.result.map_err(|class| failed(class, timing))?;
        timing.first_byte = Some(answer.delay);
        if !(200..300).contains(&status) {
            each = None;
        }
        let mut whole = body.to_vec();
        let mut at = timing.ended;
        for (delay, text, event) in answer.messages {
            at = at + delay;
            self.clock.sleep_until(at).await;
            whole.extend_from_slice(&text);
            let message = Message::new(at, text, event, status, &answer.headers);
            if each.as_mut().is_some_and(|each| each(&message).is_break()) {
                return Ok(self.reply(status, answer.headers, whole, timing, at));
            }
        }
        let (delay, broken) = answer.end;
        at = at + delay;
        self.clock.sleep_until(at).await;
        if let Some(class) = broken {
            return Err(failed(class, self.received(timing, whole.len(), at)));
        }
        Ok(self.reply(status, answer.headers, whole, timing, at))
    }

    fn received(&self, timing: Timing, bytes: usize, at: Tick) -> Timing {
        let receive = Some(at.since(timing.ended));
        Timing {
            receive,
            bytes_in: bytes as u64,
            ended: self.clock.now(),
            ..timing
        }
    }

    fn reply(
        &self,
        status: u16,
        headers: HeaderMap,
        body: Vec<u8>,
        timing: Timing,
        at: Tick,
    ) -> Reply {
        let timing = self.received(timing, body.len(), at);
        Reply::new(status, headers, body.into(), timing)
    }
}

pub(crate) fn failed(class: ErrorClass, timing: Timing) -> Box<ExchangeError> {
    Box::new(ExchangeError {
        failure: Failure::new(class, format!("scripted: {}", class.name())),
        timing,
    })
}

impl fmt::Debug for MockTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockTransport")
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}

impl Transport for MockTransport {
    type Stream = MockStream;

    async fn open_stream(
        &mut self,
        call: &StreamRequest,
    ) -> Result<Opened<MockStream>, Box<ExchangeError>> {
        self.seen.borrow_mut().push(call.request.clone());
        let dialogue = (self.converse.borrow_mut())(call);
        dialogue.open(self.clock.clone(), call.kind).await
    }

    async fn exchange(&mut self, request: &Request) -> Result<Reply, Box<ExchangeError>> {
        self.play(request, None).await
    }

    async fn stream(
        &mut self,
        request: &Request,
        _: Option<Framing>,
        each: &mut dyn FnMut(&Message<'_>) -> ControlFlow<()>,
    ) -> Result<Reply, Box<ExchangeError>> {
        self.play(request, Some(each)).await
    }

    fn reconnects(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::VirtualClock;
    use crate::protocol::{Origin, Payload};
    use crate::select::Evidence;

    fn request() -> Request {
        let url = url::Url::parse("http://asr:1").expect("url");
        Request {
            method: ::http::Method::GET,
            origin: Origin::of(&url).expect("origin").into(),
            target: "/".parse().expect("path"),
            headers: HeaderMap::new(),
            payload: Payload::default(),
            follow: 0,
            cookies: false,
            compression: false,
        }
    }

    #[test]
    fn answers_come_in_order_and_in_time() {
        let time = VirtualClock::new();
        let ok = MockReply::new(Duration::from_secs(3), 200, "{}").header("retry-after", "7");
        let mut script = MockTransport::list(
            Clock::Virtual(time.clone()),
            [ok, MockReply::fails(Duration::ZERO, ErrorClass::Reset)],
        );
        let reply = time.run(script.exchange(&request())).expect("first");
        assert_eq!(
            (reply.status, reply.timing.total()),
            (200, Duration::from_secs(3))
        );
        assert_eq!(reply.header("retry-after"), Some("7"));
        let failed = time.run(script.exchange(&request())).expect_err("second");
        assert_eq!(failed.failure.class, ErrorClass::Reset);
        assert_eq!(script.seen().len(), 2);
    }

    #[test]
    fn messages_come_one_by_one_until_enough() {
        let second = Duration::from_secs(1);
        let answer = || {
            MockReply::new(second, 200, "")
                .message(second, "a")
                .event(second, "done", "b")
                .message(second, "c")
        };
        for (enough, messages, took) in [(2, 2, 3), (9, 3, 6)] {
            let time = VirtualClock::new();
            let mut script = MockTransport::list(
                Clock::Virtual(time.clone()),
                [answer().ends_after(second * 2)],
            );
            let mut seen = Vec::new();
            let reply = time.run(script.stream(&request(), None, &mut |message| {
                seen.push((message.at, message.text.clone(), message.event.clone()));
                if seen.len() == enough {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                }
            }));
            let reply = reply.expect("a reply");
            assert_eq!(seen.len(), messages);
            assert_eq!(
                seen[1],
                (
                    Tick::ZERO + second * 3,
                    Bytes::from_static(b"b"),
                    Some("done".to_owned())
                )
            );
            assert_eq!(reply.timing.total(), second * took);
            assert_eq!(
                (reply.timing.first_byte, reply.timing.receive),
                (Some(second), Some(second * (took - 1)))
            );
        }
    }

    #[test]
    fn a_stream_may_break_off_and_a_refusal_is_none() {
        let time = VirtualClock::new();
        let second = Duration::from_secs(1);
        let broken = MockReply::new(second, 200, "")
            .message(second, "a")
            .breaks_after(second, ErrorClass::Reset);
        let refused = MockReply::new(second, 503, "busy").message(second, "never");
        let mut script = MockTransport::list(Clock::Virtual(time.clone()), [broken, refused]);
        let mut heard = 0;
        let mut listen = |_: &Message<'_>| {
            heard += 1;
            ControlFlow::Continue(())
        };
        let failed = time
            .run(script.stream(&request(), None, &mut listen))
            .expect_err("breaks");
        assert_eq!(
            (failed.failure.class, failed.timing.total()),
            (ErrorClass::Reset, second * 3)
        );
        let reply = time
            .run(script.stream(&request(), None, &mut listen))
            .expect("refused");
        assert_eq!((reply.status, heard), (503, 1));
    }
}
