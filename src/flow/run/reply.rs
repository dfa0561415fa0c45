//! A reply together with what its stream has brought: what conditions look at, and what is wanted of it.

use std::borrow::Cow;

use serde_json::Value;

use super::failure::{StepEnd, StepFailure};
use crate::flow::program::step::CompiledStep;
use crate::flow::stream::message;
use crate::flow::stream::state::{StreamEnding, StreamState};
use crate::metric::{ErrorClass, Outcome};
use crate::protocol::{Closing, DROPPED, Reply};
use crate::select::{Conditions, Evidence, Subject, why_no_json};

/// Close codes that say nothing is wrong: normal, going away, and none at all.
const WELL: [u16; 3] = [1000, 1001, 1005];

/// A condition that does not hold is told with what was found instead, up to so many characters.
const CHECK: usize = 400;

/// A reply as a step sees it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StepReply<'a> {
    pub(crate) reply: &'a Reply,
    step: &'a CompiledStep,
    stream: Option<&'a StreamState>,
    transcript: Option<&'a str>,
}

impl<'a> StepReply<'a> {
    /// A whole reply.
    pub(crate) const fn new(step: &'a CompiledStep, reply: &'a Reply) -> Self {
        Self {
            reply,
            step,
            stream: None,
            transcript: None,
        }
    }

    /// The same with its stream, where it was one, and the transcript that came of it.
    pub(crate) fn with(self, stream: Option<&'a StreamState>, transcript: Option<&'a str>) -> Self {
        Self {
            stream: stream.filter(|stream| stream.messages > 0),
            transcript,
            ..self
        }
    }

    /// A refusal that the plan expects.
    pub(crate) fn check_reject(&self) -> StepEnd {
        let Some(held) = self
            .step
            .reject
            .as_ref()
            .and_then(|reject| reject.held(self))
        else {
            return Ok(());
        };
        let mut said = message::of_status(self.reply);
        if let Some(after) = self.reply.header("retry-after") {
            said.push_str(&format!(" (Retry-After: {after})"));
        }
        // A status that is an error says enough.
        let message = if self.reply.is_good() {
            format!("`reject` expects {held}: {said}")
        } else {
            said
        };
        Err(StepFailure::new(Outcome::Rejected, message))
    }

    /// A 2xx status, where `expect` does not name one.
    pub(crate) fn check_status(&self) -> StepEnd {
        let named = self
            .step
            .expect
            .as_ref()
            .is_some_and(Conditions::names_status);
        if named || self.reply.is_good() {
            return Ok(());
        }
        let (step, reply) = (self.step, self.reply);
        if !reply.is_deadline_exceeded() {
            let message = message::of_status(reply);
            return Err(StepFailure::failed(ErrorClass::Status, message));
        }
        // Who notices the step's own timeout first, the target or this side, is chance.
        let own = step.stream.is_none() && reply.timing.total() * 2 > step.timeout;
        let message = if own {
            format!("no answer within {}", step.timeout)
        } else {
            message::of_status(reply)
        };
        Err(StepFailure::new(Outcome::TimedOut, message))
    }

    /// The end of the stream as the plan wants it.
    pub(crate) fn check_end(&self, stream: Option<&StreamState>) -> StepEnd {
        let (Some(compiled), Some(stream)) = (&self.step.stream, stream) else {
            return Ok(());
        };
        let server = Outcome::Failed(ErrorClass::Server);
        let closed = self.closed();
        let (outcome, message) = match &stream.ended {
            Some(StreamEnding::Well) => return Ok(()),
            Some(StreamEnding::Error(message)) => (server, message.clone()),
            Some(StreamEnding::Refusal(message)) => (Outcome::Rejected, message.clone()),
            Some(StreamEnding::Early { sent, all }) => {
                let how = closed.map_or_else(|| "ended the stream".to_owned(), |(_, how)| how);
                let word = stream
                    .last_unknown()
                    .map_or_else(String::new, |text| format!("; its last message: {text}"));
                (
                    server,
                    format!("the server {how} after {sent:.1} s of {all:.1} s of audio{word}"),
                )
            }
            None => match (closed, compiled.until.is_some()) {
                (Some((false, how)), _) => {
                    let dropped = self.reply.close_code() == Some(DROPPED);
                    (
                        if dropped {
                            Outcome::Failed(ErrorClass::Reset)
                        } else {
                            server
                        },
                        format!("the server {how}"),
                    )
                }
                (_, true) => {
                    let count = stream.messages;
                    (
                        server,
                        format!(
                            "the server ended the stream before `until` was met, after {count} messages"
                        ),
                    )
                }
                _ => return Ok(()),
            },
        };
        Err(StepFailure::new(outcome, message))
    }

    /// How a WebSocket was closed, and whether that is well; `None` where it was not, or where the plan says which code it wants.
    fn closed(&self) -> Option<(bool, String)> {
        let Closing::Code(Some((code, reason))) = &self.reply.closing else {
            return None;
        };
        let subjects = self.step.expect.iter().flat_map(Conditions::subjects);
        if subjects
            .into_iter()
            .any(|subject| matches!(subject, Subject::Close))
        {
            return None;
        }
        let how = match (code, reason.as_str()) {
            (&DROPPED, _) => "dropped the connection without a close frame".to_owned(),
            (code, "") => format!("closed the connection with code {code}"),
            (code, reason) => format!(
                "closed the connection with code {code}: {}",
                message::shorten(reason)
            ),
        };
        Some((WELL.contains(code), how))
    }

    /// Everything that `expect` says. A status that it names and that is not met is an error of status, not of content.
    pub(crate) fn check_rest(&self) -> StepEnd {
        let Some(expect) = &self.step.expect else {
            return Ok(());
        };
        expect.check(self).map_err(|unmet| {
            if unmet.subject == "status" {
                StepFailure::failed(ErrorClass::Status, message::of_status(self.reply))
            } else {
                let why = self.why_nothing(unmet.subject == "transcript");
                let message = message::shorten_to(&unmet.to_string(), CHECK);
                StepFailure::failed(ErrorClass::Check, message + &why)
            }
        })
    }

    /// What is to be added where nothing was found: messages that are not JSON; and of a reply, where it was to be `read` so.
    pub(crate) fn why_nothing(&self, read: bool) -> String {
        let why = match self.stream {
            Some(stream) => stream.no_json(),
            None if read => why_no_json(self.reply),
            None => None,
        };
        why.map_or_else(String::new, |why| format!(": {why}"))
    }

    /// In a poll a status that `expect` names is checked on every reply, everything else on the last.
    pub(crate) fn check_named_status(&self) -> StepEnd {
        match self.check_rest() {
            Err(failure) if failure.outcome == Outcome::Failed(ErrorClass::Status) => Err(failure),
            _ => Ok(()),
        }
    }

    /// What is to be captured, each value with its place among the step's captures.
    pub(crate) fn captured(&self, place: usize) -> Option<Value> {
        match self.stream {
            Some(stream) => stream.captured[place].clone(),
            None => self.step.capture[place].from.first_or_default(self.reply),
        }
    }
}

/// The transcript, from the messages or from the reply; `None` where there is none, or where the plan looks for none.
pub(crate) fn transcript_of(
    step: &CompiledStep,
    reply: Option<&Reply>,
    stream: Option<&StreamState>,
) -> Option<String> {
    let transcript = step.transcript.as_ref()?;
    match stream {
        Some(stream) if stream.messages > 0 => stream.pieces.text(),
        _ => transcript.of(reply?),
    }
}

impl Evidence for StepReply<'_> {
    fn status(&self) -> u16 {
        self.reply.status
    }

    fn status_name(&self) -> Option<&str> {
        self.reply.status_name()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.reply.header(name)
    }

    fn body(&self) -> &[u8] {
        self.stream.map_or(&self.reply.body, |stream| &stream.text)
    }

    fn text(&self) -> Cow<'_, str> {
        match self.stream {
            Some(stream) => String::from_utf8_lossy(&stream.text),
            None => self.reply.text(),
        }
    }

    fn spelled_out(&self, defaults: bool) -> Option<Value> {
        match self.stream {
            Some(_) => None,
            None => self.reply.spelled_out(defaults),
        }
    }

    fn size(&self) -> u64 {
        self.stream
            .map_or(self.reply.body.len() as u64, |_| self.reply.timing.bytes_in)
    }

    fn json(&self) -> Option<&Value> {
        self.stream
            .map_or_else(|| self.reply.json(), |stream| stream.json.as_ref())
    }

    fn named(&self, subject: &str) -> Option<Value> {
        match (subject, &self.step.stream, self.stream) {
            ("close", ..) => self.reply.close_code().map(Value::from),
            ("transcript", _, _) => self.transcript.map(Value::from),
            ("messages", Some(_), None) => Some(0.into()),
            (_, Some(compiled), Some(stream)) => stream.named(compiled, subject),
            _ => None,
        }
    }
}
