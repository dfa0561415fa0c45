//! The `[[flow.NAME]]` section of a plan: one step.

use std::borrow::Cow;
use std::path::Path;

use schemars::JsonSchema;

use super::live::{Live, LiveConditions};
use super::moments::{BUILT_IN, OF_SENDERS};
use super::payload_hints::payload_hints;
use crate::diag::{Problem, Spanned, nearest};
use crate::flow::{AudioSeconds, Capture, PollSpec, RepeatSpec, RetrySpec, StreamSpec, Transcript};
use crate::protocol::binding::ProtocolBinding;
use crate::protocol::http::HttpSpec;
use crate::protocol::{self, Bind, Binding, PROTOCOLS, ProtocolSpec, SpecError, StepOutline};
use crate::select::{Conditions, Subject};
use crate::units::{Duration, DurationRange};

/// The name of a step that has none of its own.
pub(crate) const NAMELESS: &str = "request";

macro_rules! step_spec {
    ($($(#[$doc:meta])* $key:ident => $Name:ident $schemes:tt,)*) => {
        /// One step of a flow: an exchange, a job that is polled, a stream, a pause, or the steps of another flow.
        #[derive(Debug, Clone, serde::Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct StepSpec {
    /// The step's name; needed where a flow has several.
    #[serde(default)]
    pub name: Option<String>,
            $($(#[$doc])*
            #[serde(default)]
            pub $key: Option<protocol::$key::Spec>,)*
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
    pub expect: Option<Spanned<LiveConditions>>,
    /// An honest refusal, such as busy or full: ends the iteration as rejected, which is no error.
    #[serde(default)]
    #[schemars(with = "Option<Conditions>")]
    pub reject: Option<Spanned<LiveConditions>>,
    /// Where the reply has what the target understood: gives the word error rate.
    #[serde(default)]
    #[schemars(with = "Option<Transcript>")]
    pub transcript: Option<Live<Transcript>>,
    /// The seconds of audio that `rtfx` counts, where they are not the clip that is sent: a selector, or "reply".
    #[serde(default)]
    pub audio_seconds: Option<AudioSeconds>,
    /// Values of the reply for later steps, NAME = selector, or { from = selector, default = text }: without a default a value that is not
    /// there fails the iteration.
    #[serde(default)]
    pub capture: Capture,
        }

        impl StepSpec {
            /// The protocols that it names; one, where nothing is wrong.
            fn protocols(&self) -> Vec<(&'static str, &dyn ProtocolSpec)> {
                let mut named: Vec<(&'static str, &dyn ProtocolSpec)> = Vec::new();
                $(if let Some(spec) = &self.$key {
                    named.push((stringify!($key), spec));
                })*
                named
            }

            /// Whether opening its stream has a handshake, which is measured.
            pub(crate) fn has_handshake(&self) -> bool {
                $(if self.$key.is_some() {
                    return <protocol::$key::Binding as ProtocolBinding>::KIND.has_handshake;
                })*
                false
            }

            /// What its protocol becomes, reading files below `folder`, with everything that is wrong. `None` without a protocol.
            pub(crate) fn bind(&self, folder: &Path) -> Option<(Option<Binding>, Vec<SpecError>)> {
                let outline = self.outline();
                $(if let Some(spec) = &self.$key {
                    let (binding, errors) = spec.bind(&outline, folder);
                    return Some((binding.map(Binding::$Name), errors));
                })*
                None
            }
        }
    };
}
protocol::with_protocols!(step_spec);

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
                    "leave it out for the target's own, or write for example \"30s\"",
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
            found.extend(
                stream
                    .check(self.is_duplex())
                    .into_iter()
                    .map(|problem| problem.within("stream")),
            );
            check_message("stream.until", stream.until.as_ref(), &mut found);
            check_message("stream.ready", stream.ready.as_ref(), &mut found);
            check_message("stream.error", stream.error.as_ref(), &mut found);
            check_message("stream.warning", stream.warning.as_ref(), &mut found);
            check_message("stream.content", stream.content.as_ref(), &mut found);
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
        found.extend(self.http.as_ref().map(payload_hints).into_iter().flatten());
        self.check_subjects("expect", self.expect.as_ref(), &mut found);
        self.check_subjects("reject", self.reject.as_ref(), &mut found);
        found
    }

    /// Whether the step has an exchange and so times of its own. A pause and the steps of another flow have none.
    #[must_use]
    pub fn is_exchange(&self) -> bool {
        self.protocol().is_some()
    }

    /// Its protocol.
    #[must_use]
    pub(crate) fn protocol(&self) -> Option<&dyn ProtocolSpec> {
        self.protocols().first().map(|(_, spec)| *spec)
    }

    /// Whether both sides of its stream send messages.
    pub(crate) fn is_duplex(&self) -> bool {
        self.protocol().is_some_and(ProtocolSpec::is_duplex)
    }

    /// The request that its protocol begins with.
    pub(crate) fn request(&self) -> Option<Cow<'_, HttpSpec>> {
        self.protocol().map(ProtocolSpec::request)
    }

    /// The path or URL that it sends to.
    #[must_use]
    pub fn address(&self) -> Option<String> {
        let request = self.request()?;
        request.address().map(|address| address.get_ref().clone())
    }

    fn outline(&self) -> StepOutline<'_> {
        StepOutline {
            stream: self.stream.as_ref().map(StreamSpec::outline),
        }
    }

    /// Exactly one of what a step can be, and with it only what fits it.
    fn check_kind(&self, found: &mut Vec<Problem>) {
        let protocols = self.protocols();
        let others = [
            ("pause", self.pause.is_some()),
            ("flow", self.flow.is_some()),
        ];
        let others = others.iter().filter(|(_, given)| *given);
        let given: Vec<&str> = protocols
            .iter()
            .map(|(key, _)| *key)
            .chain(others.map(|(key, _)| *key))
            .collect();
        match given[..] {
            [] => {
                let keys: Vec<String> = PROTOCOLS
                    .iter()
                    .map(|protocol| format!("`{}`", protocol.key))
                    .collect();
                let message = format!(
                    "the step does nothing: it has no {}, `pause` or `flow`",
                    keys.join(", ")
                );
                found.push(Problem::error(
                    "",
                    message,
                    "say what it does: http.get = \"/health\", or pause = \"1s\", or flow = \"NAME\"",
                ));
            }
            [_] if let Some((_, protocol)) = protocols.first() => {
                found.extend(protocol.check(&self.outline()));
            }
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
        conditions: Option<&Spanned<LiveConditions>>,
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
                Subject::Close if !self.protocol().is_some_and(ProtocolSpec::has_close_code) => {
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
fn check_message(
    key: &str,
    conditions: Option<&Spanned<LiveConditions>>,
    found: &mut Vec<Problem>,
) {
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
