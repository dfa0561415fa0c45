//! The `stream` table of a step.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::Deserializer;

use super::covers::CoversSpec;
use super::live::{Live, LiveConditions};
use super::moments::{BUILT_IN, MarkSpec, OF_SENDERS, SpanSpec};
use crate::diag::{Problem, Spanned, nearest};
use crate::flow::AudioSourceSpec;
use crate::metric::{KINDS, MetricLevel};
use crate::protocol::{AudioOutline, Framing, MessageSpec, StreamOutline};
use crate::select::Conditions;
use crate::units::{Count, Duration, List, named_list};

/// Many messages: over HTTP a body that arrives in pieces, over a WebSocket or gRPC a conversation.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StreamSpec {
    /// What one message is: "sse", "lines" or "chunks"; by default what the reply's Content-Type says.
    pub events: Option<Framing>,
    /// The message that ends the step well; by default the server ends it.
    #[schemars(with = "Option<Conditions>")]
    pub until: Option<Spanned<LiveConditions>>,
    /// A message that ends the step as failed (server).
    #[schemars(with = "Option<Conditions>")]
    pub error: Option<Spanned<LiveConditions>>,
    /// A message that is noted in the report, in its own words, and ends nothing.
    #[schemars(with = "Option<Conditions>")]
    pub warning: Option<Spanned<LiveConditions>>,
    /// The messages that carry content, such as { "$.choices[0].delta.content" = "not empty" }: `first_message`, `gap` and `message_rate`
    /// are about these alone; by default about all.
    #[schemars(with = "Option<Conditions>")]
    pub content: Option<Spanned<LiveConditions>>,
    /// Moments, NAME = "first|last SELECTOR [CONDITION]": each is a metric, the time since the step began.
    pub marks: NamedTexts<Live<MarkSpec>>,
    /// Times between two moments, NAME = "MARK -> MARK": each is a metric.
    pub spans: NamedTexts<SpanSpec>,
    /// Sent first (websocket, grpc).
    pub open: Option<List<MessageSpec>>,
    /// The message to wait for before the audio (websocket, grpc).
    #[schemars(with = "Option<Conditions>")]
    pub ready: Option<Spanned<LiveConditions>>,
    /// The clip that is streamed (websocket, grpc).
    pub audio: Option<AudioSourceSpec>,
    /// How long to listen on after the audio, before `finish` (websocket, grpc).
    pub linger: Option<Duration>,
    /// `linger` ends sooner, once no message has come for this long (websocket, grpc).
    pub quiet: Option<Duration>,
    /// What ends the sending (websocket, grpc); by default grpc's half-close or a close frame.
    pub finish: Option<MessageSpec>,
    /// The seconds of streamed audio that a message reaches (websocket, grpc): gives `delay`, `staleness` and `coverage`. Another unit is said
    /// behind it: `$.offset in ms`.
    #[schemars(with = "Option<CoversSpec>")]
    pub covers: Option<Spanned<CoversSpec>>,
    /// How often a dropped stream is taken up again (websocket, grpc).
    pub reconnect: Option<Count>,
}

/// NAME = text, in the order of the plan.
#[derive(Debug, Clone)]
pub struct NamedTexts<T>(pub Vec<(String, Spanned<T>)>);

impl<T> Default for NamedTexts<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl StreamSpec {
    /// The distributions of streams that this one has no value of.
    pub(crate) fn without(&self, has_handshake: bool) -> Vec<&'static str> {
        let paced = self.audio.as_ref().is_some_and(AudioSourceSpec::is_paced);
        let has = [
            ("handshake", has_handshake),
            ("ready", self.ready.is_some()),
            ("delay", self.covers.is_some()),
            ("staleness", self.covers.is_some()),
            ("coverage", self.covers.is_some()),
            ("tail", self.audio.is_some()),
            ("pace", paced),
            ("send_lag", paced),
        ];
        has.into_iter()
            .filter(|(_, has)| !has)
            .map(|(name, _)| name)
            .collect()
    }

    /// The stream, as far as its protocol must know it.
    pub(crate) fn outline(&self) -> StreamOutline<'_> {
        StreamOutline {
            open: self.open.as_ref().map_or(&[], |open| &open.0),
            audio: self.audio.as_ref().map(|audio| AudioOutline {
                field: audio.field.as_ref(),
                json: audio.json.as_ref(),
            }),
            finish: self.finish.as_ref(),
            has_until: self.until.is_some(),
            has_linger: self.linger.is_some(),
        }
    }

    /// What is wrong with the table, where both sides send messages or only the target does.
    pub(crate) fn check(&self, duplex: bool) -> Vec<Problem> {
        let mut found = Vec::new();
        if duplex {
            self.check_both_ways(&mut found);
        } else {
            self.check_one_way(&mut found);
        }
        self.check_names(&mut found);
        for (name, span) in &self.spans.0 {
            let SpanSpec { from, to } = span.get_ref();
            for end in [from, to] {
                self.check_end(name, end, !duplex, &mut found);
            }
        }
        found
    }

    fn check_one_way(&self, found: &mut Vec<Problem>) {
        for (key, given) in [
            ("open", self.open.is_some()),
            ("ready", self.ready.is_some()),
            ("audio", self.audio.is_some()),
            ("linger", self.linger.is_some()),
            ("quiet", self.quiet.is_some()),
            ("finish", self.finish.is_some()),
            ("covers", self.covers.is_some()),
            ("reconnect", self.reconnect.is_some()),
        ] {
            if given {
                let message = format!(
                    "`{key}` belongs to a stream over websocket or grpc: over http the request is sent as a whole"
                );
                found.push(Problem::error(
                    key,
                    message,
                    "leave it out; what is sent stands under `http`",
                ));
            }
        }
    }

    fn check_both_ways(&self, found: &mut Vec<Problem>) {
        if self.events.is_some() {
            let message = "`events` cuts the body of an HTTP reply: here a message is a message";
            found.push(Problem::error("events", message, "leave it out"));
        }
        if let Some(audio) = &self.audio {
            found.extend(
                audio
                    .check()
                    .into_iter()
                    .map(|problem| problem.within("audio")),
            );
        }
        for (key, message) in self.outline().messages() {
            found.extend(message.check().map(|problem| problem.within(key)));
        }
        if self.quiet.is_some() && self.linger.is_none() {
            let message = "`quiet` ends a `linger` sooner, and there is none";
            found.push(Problem::error("quiet", message, "linger = \"15s\""));
        }
        if self.covers.is_some() && self.audio.is_none() {
            let message =
                "`covers` says how far into the audio a message reaches, and no audio is sent";
            found.push(Problem::error(
                "covers",
                message,
                "audio = { from = \"POOL\" }",
            ));
        }
    }

    fn check_names(&self, found: &mut Vec<Problem>) {
        let marks = self.marks.0.iter().map(|(name, _)| ("marks", name));
        let spans = self.spans.0.iter().map(|(name, _)| ("spans", name));
        for (table, name) in marks.chain(spans) {
            let key = format!("{table}.{name}");
            let good = name.starts_with(|c: char| c.is_ascii_lowercase())
                && name
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-');
            let metric = KINDS
                .iter()
                .any(|kind| kind.level == MetricLevel::Stream && kind.name == name);
            if !good {
                let help = "names begin with a small letter and go on with small letters, digits, `_` and `-`";
                found.push(Problem::error(key, format!("`{name}` is not a name"), help));
            } else if metric
                || BUILT_IN.contains(&name.as_str())
                || OF_SENDERS.contains(&name.as_str())
            {
                let message =
                    format!("`{name}` is the name of a metric or a moment that every stream has");
                found.push(Problem::error(key, message, "choose another name"));
            } else if table == "spans" && self.marks.0.iter().any(|(mark, _)| mark == name) {
                found.push(Problem::error(
                    key,
                    format!("`{name}` is the name of a mark already"),
                    "choose another name",
                ));
            }
        }
    }

    fn check_end(&self, name: &str, end: &str, one_way: bool, found: &mut Vec<Problem>) {
        let own = || self.marks.0.iter().map(|(mark, _)| mark.as_str());
        let built_in = BUILT_IN
            .into_iter()
            .chain(OF_SENDERS.into_iter().filter(|_| !one_way));
        if own().any(|mark| mark == end) || built_in.clone().any(|own| own == end) {
            return;
        }
        let key = format!("spans.{name}");
        if OF_SENDERS.contains(&end) {
            let message = format!("`{end}` is a moment of a stream over websocket or grpc");
            found.push(Problem::error(
                key,
                message,
                format!("over http there are {}", BUILT_IN.join(", ")),
            ));
            return;
        }
        let help = match nearest(end, own().chain(built_in.clone())) {
            Some(close) => format!("a mark with a similar name exists: `{close}`"),
            None => format!(
                "marks that every stream has are {}",
                built_in.collect::<Vec<_>>().join(", ")
            ),
        };
        found.push(Problem::error(
            key,
            format!("there is no mark `{end}`"),
            help,
        ));
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for NamedTexts<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        named_list(from, "a table, NAME = text").map(Self)
    }
}

impl<T> JsonSchema for NamedTexts<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Named".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": { "type": "string" } })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_meant_is_said_at_its_key() {
        for (plan, key, says) in [
            (
                "audio = { from = 'x' }",
                "audio",
                "belongs to a stream over websocket or grpc",
            ),
            (
                "reconnect = 3",
                "reconnect",
                "belongs to a stream over websocket or grpc",
            ),
            (
                "marks = { gap = 'first $.x' }",
                "marks.gap",
                "the name of a metric",
            ),
            (
                "marks = { start = 'first $.x' }",
                "marks.start",
                "a moment that every stream has",
            ),
            ("marks = { 'A b' = 'first $.x' }", "marks.A b", "not a name"),
            (
                "marks = { a = 'first $.x' }\nspans = { a = 'start -> end' }",
                "spans.a",
                "a mark already",
            ),
            (
                "spans = { a = 'strt -> end' }",
                "spans.a",
                "there is no mark `strt`",
            ),
            (
                "spans = { a = 'audio_end -> end' }",
                "spans.a",
                "of a stream over websocket",
            ),
        ] {
            let spec: StreamSpec = toml::from_str(plan).expect(plan);
            let found = spec.check(false);
            assert_eq!(found.len(), 1, "{plan}: {found:?}");
            assert!(
                found[0].key == key && found[0].message.contains(says),
                "{plan}: {found:?}"
            );
        }
        let spec: StreamSpec = toml::from_str("quiet = '3s'").expect("reads");
        assert_eq!(
            spec.check(true)[0].message,
            "`quiet` ends a `linger` sooner, and there is none"
        );
        let fine = "events = 'lines'\nmarks = { token = 'first $.a not empty' }\nspans = { b = 'token -> end' }";
        assert!(
            toml::from_str::<StreamSpec>(fine)
                .expect("reads")
                .check(false)
                .is_empty()
        );
    }
}
