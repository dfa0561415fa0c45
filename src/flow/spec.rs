//! The `[[flow.NAME]]` section of a plan: one step.

use std::borrow::Cow;

use schemars::JsonSchema;

use super::stream_spec::{BUILT_IN, OF_SENDERS};
use super::{AudioSeconds, Capture, PollSpec, RepeatSpec, RetrySpec, StreamSpec, Transcript};
use crate::diag::{Problem, Spanned, nearest};
use crate::protocol::grpc::GrpcSpec;
use crate::protocol::http::HttpSpec;
use crate::protocol::websocket::WebSocketSpec;
use crate::select::{Conditions, Subject};
use crate::units::{Duration, DurationRange};

/// One step of a flow: an exchange, a job that is polled, a stream, a pause, or the steps of another flow.
#[derive(Debug, Clone, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepSpec {
    /// The step's name; needed where a flow has several.
    #[serde(default)]
    pub name: Option<String>,
    /// An HTTP exchange.
    #[serde(default)]
    pub http: Option<HttpSpec>,
    /// A gRPC call: "package.Service/Method", or a table.
    #[serde(default)]
    pub grpc: Option<GrpcSpec>,
    /// A WebSocket: its path, or a table. It needs a `stream`.
    #[serde(default)]
    pub websocket: Option<WebSocketSpec>,
    /// Wait, instead of an exchange: a duration, or a range to choose from.
    #[serde(default)]
    pub pause: Option<DurationRange>,
    /// Run the steps of that flow here, instead of an exchange.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub flow: Option<Spanned<String>>,
    /// Repeat the exchange until its reply says that the job is done.
    #[serde(default)]
    pub poll: Option<PollSpec>,
    /// Take the reply as many messages.
    #[serde(default)]
    pub stream: Option<StreamSpec>,
    /// Before the first iteration only, outside its latency: by each virtual user, or by one for all.
    #[serde(default)]
    pub once: Option<OnceSpec>,
    /// Several times, one after the other.
    #[serde(default)]
    pub repeat: Option<RepeatSpec>,
    /// Make the exchange again where it went wrong.
    #[serde(default)]
    pub retry: Option<RetrySpec>,
    /// How long one exchange may take; by default the target's.
    #[serde(default)]
    pub timeout: Option<Duration>,
    /// What the reply must be, else the step has failed (check). A 2xx status, unless one is named.
    #[serde(default)]
    #[schemars(with = "Option<Conditions>")]
    pub expect: Option<Spanned<Conditions>>,
    /// An honest refusal, such as busy or full: ends the iteration as rejected, which is no error.
    #[serde(default)]
    #[schemars(with = "Option<Conditions>")]
    pub reject: Option<Spanned<Conditions>>,
    /// Where the reply has what the target understood: gives the word error rate.
    #[serde(default)]
    pub transcript: Option<Transcript>,
    /// The seconds of audio that `rtfx` counts, where they are not the clip that is sent: a selector, or "reply".
    #[serde(default)]
    pub audio_seconds: Option<AudioSeconds>,
    /// Values of the reply for later steps, NAME = selector, or { from = selector, default = text }: without a default a value that is not
    /// there fails the iteration.
    #[serde(default)]
    pub capture: Capture,
}

/// Who does what is done once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnceSpec {
    /// Each virtual user, before its first iteration.
    PerVu,
    /// One virtual user of all workers; the others wait for what it captures.
    PerRun,
}

impl StepSpec {
    /// What is wrong with the step itself.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        self.check_kind(&mut found);
        if self.timeout.is_some_and(Duration::is_zero) {
            found.push(
                Problem::error(
                    "timeout",
                    "with a `timeout` of zero nothing could ever answer",
                    "",
                )
                .at_value(),
            );
        }
        if let Some(poll) = &self.poll {
            found.extend(
                poll.check()
                    .into_iter()
                    .map(|problem| problem.within("poll")),
            );
        }
        if let Some(stream) = &self.stream {
            let transport = self.transport().unwrap_or("http");
            found.extend(
                stream
                    .check(transport)
                    .into_iter()
                    .map(|problem| problem.within("stream")),
            );
            check_message("stream.until", stream.until.as_ref(), &mut found);
            check_message("stream.ready", stream.ready.as_ref(), &mut found);
            check_message("stream.error", stream.error.as_ref(), &mut found);
            check_message("stream.warning", stream.warning.as_ref(), &mut found);
        }
        if let Some(retry) = &self.retry {
            found.extend(
                retry
                    .check()
                    .into_iter()
                    .map(|problem| problem.within("retry")),
            );
        }
        if let Some(Err(message)) = self.repeat.as_ref().map(RepeatSpec::template) {
            found.push(Problem::error(
                "repeat.times",
                message,
                "times = 3, or times = \"{{chunks}}\"",
            ));
        }
        self.check_together(&mut found);
        self.check_subjects("expect", self.expect.as_ref(), &mut found);
        self.check_subjects("reject", self.reject.as_ref(), &mut found);
        found
    }

    /// Whether the step has an exchange and so times of its own. A pause and the steps of another flow have none.
    #[must_use]
    pub const fn is_exchange(&self) -> bool {
        self.transport().is_some()
    }

    /// The key of its transport.
    #[must_use]
    pub const fn transport(&self) -> Option<&'static str> {
        match (&self.http, &self.grpc, &self.websocket) {
            (Some(_), ..) => Some("http"),
            (_, Some(_), _) => Some("grpc"),
            (.., Some(_)) => Some("websocket"),
            _ => None,
        }
    }

    /// The request that its transport begins with.
    pub(super) fn request(&self) -> Option<Cow<'_, HttpSpec>> {
        let own = self.http.as_ref().map(Cow::Borrowed);
        let call = || self.grpc.as_ref().map(|grpc| Cow::Owned(grpc.request()));
        let handshake = || {
            self.websocket
                .as_ref()
                .map(|websocket| Cow::Owned(websocket.handshake()))
        };
        own.or_else(call).or_else(handshake)
    }

    /// Exactly one of what a step can be, and with it only what fits it.
    fn check_kind(&self, found: &mut Vec<Problem>) {
        let kinds = [
            ("http", self.http.is_some()),
            ("grpc", self.grpc.is_some()),
            ("websocket", self.websocket.is_some()),
            ("pause", self.pause.is_some()),
            ("flow", self.flow.is_some()),
        ];
        let given: Vec<&str> = kinds
            .iter()
            .filter(|(_, given)| *given)
            .map(|(key, _)| *key)
            .collect();
        match given[..] {
            [] => found.push(Problem::error(
                "",
                "the step does nothing: it has no `http`, `grpc`, `websocket`, `pause` or `flow`",
                "say what it does: http.get = \"/health\", or pause = \"1s\", or flow = \"NAME\"",
            )),
            ["http" | "grpc"] => {}
            ["websocket"] if self.stream.is_some() => {}
            ["websocket"] => found.push(Problem::error(
                "websocket",
                "on a WebSocket many messages go both ways: the step needs a `stream`",
                "stream = { audio = { from = \"POOL\" }, until = { \"$.final\" = true } }",
            )),
            [kind] => {
                let others = [
                    ("poll", self.poll.is_some()),
                    ("stream", self.stream.is_some()),
                    ("once", self.once.is_some()),
                    ("retry", self.retry.is_some()),
                    ("timeout", self.timeout.is_some()),
                    ("expect", self.expect.is_some()),
                    ("reject", self.reject.is_some()),
                    ("transcript", self.transcript.is_some()),
                    ("audio_seconds", self.audio_seconds.is_some()),
                    ("capture", !self.capture.0.is_empty()),
                ];
                for (key, _) in others.iter().filter(|(_, given)| *given) {
                    let message =
                        format!("a step with `{kind}` has no exchange, and so no `{key}`");
                    found.push(Problem::error(
                        *key,
                        message,
                        "put it on a step with a transport",
                    ));
                }
            }
            [first, second, ..] => {
                let message =
                    format!("a step is one thing, and this one is `{first}` and `{second}`");
                found.push(Problem::error(second, message, "make two steps of it"));
            }
        }
    }

    /// Keys that exclude each other.
    fn check_together(&self, found: &mut Vec<Problem>) {
        if self.poll.is_some() && self.stream.is_some() {
            found.push(Problem::error(
                "stream",
                "a step has at most one shape: `poll` or `stream`",
                "leave one of them out",
            ));
        }
        if self.poll.is_some() && self.retry.is_some() {
            found.push(Problem::error(
                "retry",
                "a poll makes its exchange again anyway",
                "tolerate = 3 forgives failed polls",
            ));
        }
        if let (Some(grpc), Some(stream)) = (&self.grpc, &self.stream)
            && grpc.message.is_some()
            && (stream.open.is_some() || stream.audio.is_some())
        {
            let message = "`message` is the one request of a call, and this stream sends its own";
            found.push(Problem::error(
                "grpc.message",
                message,
                "move it to stream.open = { json = { … } }",
            ));
        }
        if let (Some(grpc), None) = (&self.grpc, &self.stream)
            && grpc.message.is_none()
        {
            let help = "grpc.message = { … }, in protobuf JSON; or a `stream`";
            found.push(Problem::error("grpc", "the call has no `message`", help));
        }
        if self.once.is_some() && self.repeat.is_some() {
            found.push(Problem::error(
                "repeat",
                "what is done once is not repeated",
                "leave `once` or `repeat` out",
            ));
        }
    }

    /// Conditions on what this step does not have.
    fn check_subjects(
        &self,
        key: &str,
        conditions: Option<&Spanned<Conditions>>,
        found: &mut Vec<Problem>,
    ) {
        for subject in conditions
            .into_iter()
            .flat_map(|conditions| conditions.get_ref().subjects())
        {
            let name = subject.to_string();
            let key = format!("{key}.{name}");
            match subject {
                Subject::Transcript if self.transcript.is_none() => {
                    let help = "transcript = \"$.text\" says where it is";
                    found.push(Problem::error(key, "this step has no `transcript`", help));
                }
                Subject::Messages if self.stream.is_none() => {
                    found.push(Problem::error(
                        key,
                        "only a `stream` has messages",
                        "stream = { events = \"sse\" }",
                    ));
                }
                Subject::Close if self.websocket.is_none() => {
                    found.push(Problem::error(
                        key,
                        "only a websocket has a close code",
                        "take `close` out",
                    ));
                }
                Subject::Mark(mark) => {
                    let marks = self.stream.iter().flat_map(|stream| &stream.marks.0);
                    let marks: Vec<&str> = marks.map(|(name, _)| name.as_str()).collect();
                    if marks.contains(&mark.as_str()) {
                        continue;
                    }
                    let (message, help) = no_mark(mark, &marks);
                    found.push(Problem::error(key, message, help));
                }
                _ => {}
            }
        }
    }
}

/// Conditions on one message of a stream, which has a content and nothing else.
fn check_message(key: &str, conditions: Option<&Spanned<Conditions>>, found: &mut Vec<Problem>) {
    for subject in conditions
        .into_iter()
        .flat_map(|conditions| conditions.get_ref().subjects())
    {
        if !matches!(subject, Subject::Selector(_)) {
            let message = format!("`{subject}` cannot be asked of one message");
            let help = "subjects are `$.PATH`, `body`, `bytes` and `regex PATTERN` of the message, and `header NAME`";
            found.push(Problem::error(format!("{key}.{subject}"), message, help));
        }
    }
}

fn no_mark(mark: &str, marks: &[&str]) -> (String, String) {
    if BUILT_IN.contains(&mark) || OF_SENDERS.contains(&mark) {
        return (
            format!("`{mark}` is a moment of every stream: there is nothing to check"),
            "take it out".to_owned(),
        );
    }
    let known = marks
        .iter()
        .copied()
        .chain(["status", "messages", "transcript", "body", "bytes"]);
    let help = nearest(mark, known).map_or_else(
        || "write a selector such as \"$.text\", or name a mark of the stream".to_owned(),
        |close| format!("did you mean `{close}`?"),
    );
    (format!("there is no mark `{mark}`"), help)
}
