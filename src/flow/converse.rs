//! Holds a conversation: over a WebSocket or a gRPC stream, from the connection to its end.

use super::heard::{Ended, Heard};
use super::script::{Script, known};
use super::session::{Late, Session};
use super::single::Exchanged;
use super::step::{Step, Stream, Transport};
use super::user::FlowUser;
use crate::clock::Tick;
use crate::measure::Recorder;
use crate::metric::{ErrorClass, Outcome};
use crate::protocol::{
    Call, Event, Exchange, Manner, Message, Opened, Payload, Reply, Request, Talk, Timing,
};
use crate::units::Duration;

/// How a conversation ended: the target's reply, or the outcome and the word about it.
type End = Result<Reply, (Outcome, String)>;

/// How one connection ended.
enum Held {
    /// The conversation is over.
    Over(End),
    /// The connection was lost before all was said.
    Lost(End),
}

impl<E: Exchange> FlowUser<E> {
    /// One conversation. What is heard counts from `start`, the step's.
    pub(super) async fn converse(
        &mut self,
        step: &Step,
        (stream, script): (&Stream, &Script),
        request: &Request,
        start: Tick,
        notes: &mut Recorder,
    ) -> Exchanged {
        let begin = self.clock.now();
        self.exchanging(Some(begin));
        self.heard = Some(Heard::new(step, stream, start));
        let mut timing = Timing {
            started: begin,
            ..Timing::default()
        };
        let result = self
            .hold(step, (stream, script), request, &mut timing, notes)
            .await;
        timing.ended = self.clock.now();
        self.exchanging(None);
        Exchanged {
            result,
            timing,
            heard: self.heard.take(),
        }
    }

    async fn hold(
        &mut self,
        step: &Step,
        (stream, script): (&Stream, &Script),
        request: &Request,
        timing: &mut Timing,
        notes: &mut Recorder,
    ) -> End {
        let sent = script.feed.as_ref().and_then(|feed| {
            Some((
                self.sent(&feed.pool)?.clone(),
                self.flow.pools.get(&feed.pool)?.clone(),
            ))
        });
        let first = (!request.payload.is_empty()).then(|| request.payload.parts().concat().into());
        let pair = sent.as_ref().map(|(sent, pool)| (sent, pool.as_ref()));
        let part = script
            .part(&mut self.values, &step.transport, first, pair)
            .map_err(|message| (Outcome::Failed(ErrorClass::Check), message))?;
        let call = call(step, request, script);
        let mut session = Session::new(script, part, step.timeout);
        let mut left = script.reconnect;
        loop {
            let held = self
                .one_connection(step, (stream, &call), &mut session, timing, notes)
                .await;
            let (end, heard) = match (held, &mut self.heard) {
                (Held::Lost(end), Some(heard)) => (end, heard),
                (Held::Over(end) | Held::Lost(end), _) => return end,
            };
            let again = session.lose(self.clock.now(), &mut heard.moments) && left > 0;
            if !again {
                return end;
            }
            left -= 1;
            notes.reconnected(1);
            // The target counts the audio of each connection from zero.
            heard.pieces.scale.offset = heard.moments.sent();
            heard.ended = None;
        }
    }

    /// The conversation on one connection.
    async fn one_connection(
        &mut self,
        step: &Step,
        (stream, call): (&Stream, &Call),
        session: &mut Session<'_>,
        timing: &mut Timing,
        notes: &mut Recorder,
    ) -> Held {
        let Self {
            transport,
            clock,
            heard,
            ..
        } = self;
        let Some(heard) = heard else {
            return Held::Over(Err((Outcome::Interrupted, String::new())));
        };
        let deadline = clock.now() + step.timeout;
        let mut talk = match clock.until(deadline, transport.talk(call)).await {
            Some(Ok(Opened::Open(talk))) => talk,
            Some(Ok(Opened::Refused(reply))) => {
                notes.answered();
                take(timing, &reply.timing);
                return Held::Over(Ok(*reply));
            }
            Some(Err(failed)) => {
                take(timing, &failed.timing);
                return Held::Lost(Err((
                    Outcome::Failed(failed.failure.class),
                    failed.failure.message,
                )));
            }
            None => {
                let message = format!("no connection within {}", step.timeout);
                return Held::Over(Err((Outcome::TimedOut, message)));
            }
        };
        take(timing, &talk.reply().timing);
        heard.opened = Some(*timing);
        heard.hear_head(step, clock.now(), talk.head());
        if matches!(step.transport, Transport::WebSocket(_)) {
            notes.answered();
        }
        let mut answered = false;
        let method = match &step.transport {
            Transport::Grpc(described) => described.method(),
            _ => None,
        };
        session.open(clock.now(), deadline, &mut talk, &mut heard.moments);
        loop {
            session.turn(clock.now(), &mut talk, &mut heard.moments);
            match clock.until(session.wake(), talk.next()).await {
                None => {
                    let Some(late) = session.late(clock.now()) else {
                        continue;
                    };
                    let message = too_late(late, step.timeout, heard);
                    take(timing, &talk.reply().timing);
                    talk.leave().await;
                    return Held::Over(Err((Outcome::TimedOut, message)));
                }
                Some(Ok(Event::Sent(at))) => session.taken(at, &mut heard.moments),
                Some(Ok(Event::Head)) => answered_once(&mut answered, notes),
                Some(Ok(Event::Message(at, data))) => {
                    answered_once(&mut answered, notes);
                    let (status, headers) = talk.head();
                    let message = Message::new(at, data, None, status, headers).of(method);
                    let flow = heard.hear_both(step, stream, &message, session);
                    if flow.is_break() {
                        let reply = talk.reply();
                        take(timing, &reply.timing);
                        talk.leave().await;
                        return Held::Over(Ok(reply));
                    }
                }
                Some(Ok(Event::Ended(reply))) => {
                    answered_once(&mut answered, notes);
                    take(timing, &reply.timing);
                    let (sent, all) = (heard.moments.sent(), session.audio());
                    if sent + 1e-9 < all {
                        heard.ended = Some(Ended::Early { sent, all });
                        return Held::Lost(Ok(*reply));
                    }
                    return Held::Over(Ok(*reply));
                }
                Some(Err(failure)) => {
                    take(timing, &talk.reply().timing);
                    return Held::Lost(Err((Outcome::Failed(failure.class), failure.message)));
                }
            }
        }
    }
}

fn answered_once(answered: &mut bool, notes: &mut Recorder) {
    if !std::mem::replace(answered, true) {
        notes.answered();
    }
}

/// What opens the conversation. The target is told the most that it may take.
fn call(step: &Step, request: &Request, script: &Script) -> Call {
    let request = Request {
        payload: Payload::default(),
        ..request.clone()
    };
    let manner = match &step.transport {
        Transport::Grpc(described) => {
            let deadline = script.longest(step.timeout);
            Manner::Grpc {
                deadline,
                method: known(described).ok().cloned(),
            }
        }
        Transport::WebSocket(offer) => Manner::WebSocket(offer.clone()),
        Transport::Http => Manner::WebSocket(None),
    };
    Call { request, manner }
}

/// The moments of the first connection stay; the size adds up.
fn take(all: &mut Timing, one: &Timing) {
    let first = Timing {
        started: all.started,
        bytes_in: all.bytes_in.max(one.bytes_in),
        ..*one
    };
    if all.sent.is_none() {
        *all = first;
    } else {
        all.bytes_in = first.bytes_in;
        all.receive = one.receive.or(all.receive);
        all.first_byte = all.first_byte.or(one.first_byte);
    }
}

fn too_late(late: Late, timeout: Duration, heard: &Heard) -> String {
    match late {
        Late::Ready => match heard.last_of_strange() {
            None => format!("the target was not ready within {timeout}"),
            Some(last) => {
                format!(
                    "no message within {timeout} was the one that `ready` describes; the last of {}: {last}",
                    heard.messages
                )
            }
        },
        Late::Taken => format!("the target has not taken what was sent within {timeout}"),
        Late::End if heard.messages == 0 => {
            format!("no message came, and the stream has not ended within {timeout}")
        }
        Late::End => format!("the stream has not ended within {timeout}"),
    }
}
