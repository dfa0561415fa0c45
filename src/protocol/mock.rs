//! A target that answers by a script and takes its time by the clock: what the floors above are tested with.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use ::http::HeaderMap;
use bytes::Bytes;

use super::{Exchange, Failed, Failure, Reply, Request, Timing};
use crate::clock::Clock;
use crate::metric::ErrorClass;
use crate::units::Duration;

/// How long an answer takes, and the status and body of it, or how it fails.
pub type Answer = (Duration, Result<(u16, Bytes), ErrorClass>);

type Ask = dyn FnMut(&Request) -> Answer;

/// An [`Exchange`] without a network. Clones share the script and what was seen, as VUs share a target.
#[derive(Clone)]
pub struct Script {
    clock: Clock,
    answer: Rc<RefCell<Ask>>,
    seen: Rc<RefCell<Vec<Request>>>,
}

impl Script {
    /// A target that asks `answer` about every request.
    #[must_use]
    pub fn new(clock: Clock, answer: impl FnMut(&Request) -> Answer + 'static) -> Self {
        Self { clock, answer: Rc::new(RefCell::new(answer)), seen: Rc::default() }
    }

    /// A target that gives these answers in order, then refuses connections.
    #[must_use]
    pub fn list(clock: Clock, answers: impl IntoIterator<Item = Answer> + 'static) -> Self {
        let mut answers = answers.into_iter().collect::<Vec<_>>().into_iter();
        Self::new(clock, move |_| answers.next().unwrap_or((Duration::ZERO, Err(ErrorClass::Connect))))
    }

    /// Every request so far, in order.
    #[must_use]
    pub fn seen(&self) -> Vec<Request> {
        self.seen.borrow().clone()
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script").field("seen", &self.seen).finish_non_exhaustive()
    }
}

impl Exchange for Script {
    async fn exchange(&mut self, request: &Request) -> Result<Reply, Box<Failed>> {
        self.seen.borrow_mut().push(request.clone());
        let started = self.clock.now();
        let (delay, result) = (self.answer.borrow_mut())(request);
        self.clock.sleep_until(started + delay).await;
        let ended = self.clock.now();
        let sent = Some(started);
        let timing = Timing { started, sent, written: sent, first_byte: Some(delay), ended, ..Timing::default() };
        match result {
            Ok((status, body)) => {
                let timing = Timing { receive: Some(Duration::ZERO), bytes_in: body.len() as u64, ..timing };
                Ok(Reply::new(status, HeaderMap::new(), body, timing))
            }
            Err(class) => {
                let message = format!("scripted: {}", class.name());
                let timing = Timing { first_byte: None, ..timing };
                Err(Box::new(Failed { failure: Failure { class, message, retryable: false }, timing }))
            }
        }
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

    #[test]
    fn answers_come_in_order_and_in_time() {
        let time = VirtualClock::new();
        let ok = (Duration::from_secs(3), Ok((200, Bytes::from_static(b"{}"))));
        let mut script = Script::list(Clock::Virtual(time.clone()), [ok, (Duration::ZERO, Err(ErrorClass::Reset))]);
        let url = url::Url::parse("http://asr:1").expect("url");
        let request = Request {
            method: ::http::Method::GET,
            origin: Origin::of(&url).expect("origin").into(),
            target: "/".parse().expect("path"),
            headers: HeaderMap::new(),
            payload: Payload::default(),
        };
        let reply = time.run(script.exchange(&request)).expect("first");
        assert_eq!((reply.status, reply.timing.total()), (200, Duration::from_secs(3)));
        let failed = time.run(script.exchange(&request)).expect_err("second");
        assert_eq!(failed.failure.class, ErrorClass::Reset);
        assert_eq!(script.seen().len(), 2);
    }
}
