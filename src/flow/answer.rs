//! A reply together with what its stream has brought: what conditions look at, and what is wanted of it.

use serde_json::Value;

use super::heard::{Ended, Heard};
use super::message;
use super::step::Step;
use super::user::StepEnd;
use crate::metric::{ErrorClass, Outcome};
use crate::protocol::{Closing, DROPPED, Reply};
use crate::select::{Conditions, Evidence, Subject};

/// Close codes that say nothing is wrong: normal, going away, and none at all.
const WELL: [u16; 3] = [1000, 1001, 1005];

/// A reply as a step sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer<'a> {
    pub(super) reply: &'a Reply,
    step: &'a Step,
    heard: Option<&'a Heard>,
    transcript: Option<&'a str>,
}

impl<'a> Answer<'a> {
    /// A whole reply.
    pub(super) const fn new(step: &'a Step, reply: &'a Reply) -> Self {
        Self {
            reply,
            step,
            heard: None,
            transcript: None,
        }
    }

    /// The same with what was heard of its stream, where it was one.
    pub(super) fn with(self, heard: Option<&'a Heard>, transcript: Option<&'a str>) -> Self {
        Self {
            heard: heard.filter(|heard| heard.messages > 0),
            transcript,
            ..self
        }
    }

    /// A refusal that the plan expects.
    pub(super) fn check_reject(&self) -> StepEnd {
        match &self.step.reject {
            Some(reject) if reject.check(self).is_ok() => {
                Err((Outcome::Rejected, Some(message::of_status(self.reply))))
            }
            _ => Ok(()),
        }
    }

    /// A 2xx status, where `expect` does not name one.
    pub(super) fn check_status(&self) -> StepEnd {
        let named = self
            .step
            .expect
            .as_ref()
            .is_some_and(Conditions::names_status);
        if named || self.reply.is_good() {
            return Ok(());
        }
        let (step, reply) = (self.step, self.reply);
        let (outcome, message) = match &reply.closing {
            // Who notices the step's own timeout first, the target or this side, is chance.
            Closing::Grpc("DEADLINE_EXCEEDED", _)
                if step.stream.is_none() && reply.timing.total() * 2 > step.timeout =>
            {
                (
                    Outcome::TimedOut,
                    format!("no answer within {}", step.timeout),
                )
            }
            Closing::Grpc("DEADLINE_EXCEEDED", _) => (Outcome::TimedOut, message::of_status(reply)),
            _ => (
                Outcome::Failed(ErrorClass::Status),
                message::of_status(reply),
            ),
        };
        Err((outcome, Some(message)))
    }

    /// The end of the stream as the plan wants it.
    pub(super) fn check_end(&self, heard: Option<&Heard>) -> StepEnd {
        let (Some(stream), Some(heard)) = (&self.step.stream, heard) else {
            return Ok(());
        };
        let server = Outcome::Failed(ErrorClass::Server);
        let closed = self.closed();
        let (outcome, message) = match &heard.ended {
            Some(Ended::Well) => return Ok(()),
            Some(Ended::Error(message)) => (server, message.clone()),
            Some(Ended::Refusal(message)) => (Outcome::Rejected, message.clone()),
            Some(Ended::Early { sent, all }) => {
                let how = closed.map_or_else(|| "ended the stream".to_owned(), |(_, how)| how);
                let word = heard
                    .last_of_strange()
                    .map_or_else(String::new, |text| format!("; its last message: {text}"));
                (
                    server,
                    format!("the server {how} after {sent:.1} s of {all:.1} s of audio{word}"),
                )
            }
            None => match (closed, stream.until.is_some()) {
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
                    let count = heard.messages;
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
        Err((outcome, Some(message)))
    }

    /// How a WebSocket was closed, and whether that is well; `None` where it was not, or where the plan says which code it wants.
    fn closed(&self) -> Option<(bool, String)> {
        let Closing::WebSocket(Some((code, reason))) = &self.reply.closing else {
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
    pub(super) fn check_rest(&self) -> StepEnd {
        let Some(expect) = &self.step.expect else {
            return Ok(());
        };
        expect.check(self).map_err(|unmet| {
            if unmet.subject == "status" {
                (
                    Outcome::Failed(ErrorClass::Status),
                    Some(message::of_status(self.reply)),
                )
            } else {
                (
                    Outcome::Failed(ErrorClass::Check),
                    Some(message::shorten(&unmet.to_string())),
                )
            }
        })
    }

    /// In a poll a status that `expect` names is checked on every reply, everything else on the last.
    pub(super) fn check_named_status(&self) -> StepEnd {
        match self.check_rest() {
            Err(word @ (Outcome::Failed(ErrorClass::Status), _)) => Err(word),
            _ => Ok(()),
        }
    }

    /// What is to be captured, each value with its place among the step's captures.
    pub(super) fn captured(&self, place: usize) -> Option<Value> {
        match self.heard {
            Some(heard) => heard.captured[place].clone(),
            None => self.step.capture[place].from.first(self.reply),
        }
    }
}

impl Evidence for Answer<'_> {
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
        self.heard.map_or(&self.reply.body, |heard| &heard.text)
    }

    fn size(&self) -> u64 {
        self.heard
            .map_or(self.reply.body.len() as u64, |_| self.reply.timing.bytes_in)
    }

    fn json(&self) -> Option<&Value> {
        self.heard
            .map_or_else(|| self.reply.json(), |heard| heard.json.as_ref())
    }

    fn named(&self, subject: &str) -> Option<Value> {
        match (subject, &self.step.stream, self.heard) {
            ("close", ..) => self.reply.close_code().map(Value::from),
            ("transcript", _, _) => self.transcript.map(Value::from),
            ("messages", Some(_), None) => Some(0.into()),
            (_, Some(stream), Some(heard)) => heard.named(stream, subject),
            _ => None,
        }
    }
}
