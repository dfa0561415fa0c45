//! A step with a stream on which both sides send messages: from its connection to its end.

use super::context::StepContext;
use super::exchange_result::ExchangeResult;
use super::failure::StepFailure;
use crate::clock::{Clock, Tick};
use crate::flow::program::script::StreamScript;
use crate::flow::program::step::{CompiledStep, CompiledStream};
use crate::flow::stream::driver::{Overdue, StreamDriver};
use crate::flow::stream::state::{StreamEnding, StreamState};
use crate::measure::Recorder;
use crate::metric::{ErrorClass, MetricName, Outcome};
use crate::protocol::{
    Codec, DuplexStream, Failure, Message, Opened, Payload, Reply, Request, StreamEvent,
    StreamRequest, Timing, Transport,
};
use crate::select::Evidence;
use crate::units::Duration;

/// How a stream ended: the target's reply, or why there is none.
type End = Result<Reply, StepFailure>;

/// How one connection ended.
enum ConnectionEnd {
    /// The stream is over.
    Over(End),
    /// The connection was lost before everything was sent.
    Lost(End),
}

/// Runs one stream. What comes counts from `start`, the step's.
pub(crate) async fn run<T: Transport>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    (stream, script): (&CompiledStream, &StreamScript),
    request: &Request,
    start: Tick,
) -> ExchangeResult {
    let begin = context.clock.now();
    context.state.set_exchange(Some(begin));
    context.state.stream = Some(StreamState::new(step, stream, start));
    let mut timing = Timing {
        started: begin,
        ..Timing::default()
    };
    let result = connections(context, step, (stream, script), request, &mut timing).await;
    timing.ended = context.clock.now();
    context.state.set_exchange(None);
    ExchangeResult {
        result,
        timing,
        stream: context.state.stream.take(),
    }
}

/// One connection, and more where it is lost and the plan says so.
async fn connections<T: Transport>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    (stream, script): (&CompiledStream, &StreamScript),
    request: &Request,
    timing: &mut Timing,
) -> End {
    let mut driver = driver(context, step, script, request)?;
    let opening = opening(step, request, script)?;
    let mut reconnects = script.reconnect;
    loop {
        let Some(state) = &mut context.state.stream else {
            return Err(StepFailure::new(Outcome::Interrupted, ""));
        };
        let mut connection = StreamConnection {
            clock: context.clock,
            recorder: context.recorder,
            step,
            stream,
            state,
            timing,
            deadline: context.clock.now() + step.timeout,
            answered: false,
        };
        let end = match connection.open(context.transport, &opening).await {
            Ok(socket) => {
                let codec = opening.codec.as_deref();
                connection.converse(socket, codec, &mut driver).await
            }
            Err(end) => end,
        };
        let end = match end {
            ConnectionEnd::Lost(end) => end,
            ConnectionEnd::Over(end) => return end,
        };
        let again = driver.lose(context.clock.now(), &mut state.moments) && reconnects > 0;
        if !again {
            return end;
        }
        reconnects -= 1;
        context.recorder.count(MetricName::Reconnects, 1);
        // The target counts the audio of each connection from zero.
        state.pieces.scale.offset = state.moments.sent();
        state.ended = None;
    }
}

/// What the client sends and when, with the values of now.
fn driver<'a, T>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    script: &'a StreamScript,
    request: &Request,
) -> Result<StreamDriver<'a>, StepFailure> {
    let clip = script.feed.as_ref().and_then(|feed| {
        let pool = context.flow.pools.get(&feed.pool)?;
        Some((context.clip(&feed.pool)?.clone(), pool))
    });
    let first = (!request.payload.is_empty()).then(|| request.payload.parts().concat().into());
    let clip = clip.as_ref().map(|(clip, pool)| (clip, pool.as_ref()));
    let messages = script.messages(&mut context.state.values, &step.binding, first, clip)?;
    Ok(StreamDriver::new(script, messages, step.timeout))
}

/// What opens the stream. The target is told the most that it may take.
fn opening(
    step: &CompiledStep,
    request: &Request,
    script: &StreamScript,
) -> Result<StreamRequest, StepFailure> {
    let request = Request {
        payload: Payload::default(),
        ..request.clone()
    };
    let deadline = script.longest(step.timeout);
    Ok(step.binding.stream_request(request, deadline)?)
}

/// A stream on one connection.
struct StreamConnection<'a> {
    clock: &'a Clock,
    recorder: &'a mut Recorder,
    step: &'a CompiledStep,
    stream: &'a CompiledStream,
    state: &'a mut StreamState,
    timing: &'a mut Timing,
    /// The end of the wait for the connection and for ready.
    deadline: Tick,
    /// Whether the target's first answer has been counted.
    answered: bool,
}

impl StreamConnection<'_> {
    async fn open<T: Transport>(
        &mut self,
        transport: &mut T,
        opening: &StreamRequest,
    ) -> Result<T::Stream, ConnectionEnd> {
        let timeout = self.step.timeout;
        match self
            .clock
            .until(self.deadline, transport.open_stream(opening))
            .await
        {
            Some(Ok(Opened::Open(socket))) => {
                take(self.timing, &socket.reply().timing);
                self.state.opened = Some(*self.timing);
                self.state
                    .receive_head(self.step, self.clock.now(), socket.head());
                if opening.kind.has_handshake {
                    self.recorder.answered();
                }
                Ok(socket)
            }
            Some(Ok(Opened::Refused(reply))) => {
                self.recorder.answered();
                take(self.timing, &reply.timing);
                Err(ConnectionEnd::Over(Ok(*reply)))
            }
            Some(Err(failed)) => {
                take(self.timing, &failed.timing);
                Err(ConnectionEnd::Lost(Err((*failed).into())))
            }
            None => {
                let message = format!("no connection within {timeout}");
                let failure = StepFailure::new(Outcome::TimedOut, message);
                Err(ConnectionEnd::Over(Err(failure)))
            }
        }
    }

    async fn converse(
        &mut self,
        mut socket: impl DuplexStream,
        codec: Option<&dyn Codec>,
        driver: &mut StreamDriver<'_>,
    ) -> ConnectionEnd {
        let now = self.clock.now();
        driver.open(now, self.deadline, &mut socket, &mut self.state.moments);
        loop {
            driver.advance(self.clock.now(), &mut socket, &mut self.state.moments);
            self.state.note_finish();
            match self.clock.until(driver.wake(), socket.next()).await {
                None => {
                    let Some(overdue) = driver.overdue(self.clock.now()) else {
                        continue;
                    };
                    let message = too_late(overdue, self.step.timeout, self.state);
                    take(self.timing, &socket.reply().timing);
                    socket.leave().await;
                    let failure = StepFailure::new(Outcome::TimedOut, message);
                    return ConnectionEnd::Over(Err(failure));
                }
                Some(Ok(StreamEvent::Sent(at))) => driver.sent(at, &mut self.state.moments),
                Some(Ok(StreamEvent::Head)) => self.answered(),
                Some(Ok(StreamEvent::Message(at, data))) => {
                    self.answered();
                    let (status, headers) = socket.head();
                    let message = Message::new(at, data, None, status, headers).with_codec(codec);
                    if codec.is_some() && message.json().is_none() {
                        take(self.timing, &socket.reply().timing);
                        socket.leave().await;
                        return ConnectionEnd::Over(Err(no_message(UNREADABLE)));
                    }
                    let (step, stream) = (self.step, self.stream);
                    let flow = self.state.receive_in_turn(step, stream, &message, driver);
                    if flow.is_break() {
                        let reply = socket.reply();
                        take(self.timing, &reply.timing);
                        socket.leave().await;
                        return ConnectionEnd::Over(Ok(reply));
                    }
                }
                Some(Ok(StreamEvent::Ended(reply))) => {
                    self.answered();
                    take(self.timing, &reply.timing);
                    let lacks_message = self.state.messages == 0 && reply.is_good();
                    if lacks_message && codec.is_some_and(Codec::replies_once) {
                        return ConnectionEnd::Over(Err(no_message("the reply has no message")));
                    }
                    let (sent, all) = (self.state.moments.sent(), driver.audio());
                    if sent + 1e-9 < all {
                        self.state.ended = Some(StreamEnding::Early { sent, all });
                        return ConnectionEnd::Lost(Ok(*reply));
                    }
                    return ConnectionEnd::Over(Ok(*reply));
                }
                Some(Err(Failure { class, message, .. })) => {
                    take(self.timing, &socket.reply().timing);
                    return ConnectionEnd::Lost(Err(StepFailure::failed(class, message)));
                }
            }
        }
    }

    fn answered(&mut self) {
        if !std::mem::replace(&mut self.answered, true) {
            self.recorder.answered();
        }
    }
}

/// A message that is not of the type that the target has described.
const UNREADABLE: &str = "a message of the reply is not the one that the method answers with";

fn no_message(message: &str) -> StepFailure {
    StepFailure::failed(ErrorClass::Protocol, message)
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

fn too_late(overdue: Overdue, timeout: Duration, state: &StreamState) -> String {
    match overdue {
        Overdue::Ready => match state.last_unknown() {
            None => format!("the target was not ready within {timeout}"),
            Some(last) => format!(
                "no message within {timeout} was the one that `ready` describes; the last of {}: {last}",
                state.messages
            ),
        },
        Overdue::Taken => format!("the target has not taken what was sent within {timeout}"),
        Overdue::End if state.messages == 0 => {
            format!("no message came, and the stream has not ended within {timeout}")
        }
        Overdue::End => format!("the stream has not ended within {timeout}"),
    }
}
