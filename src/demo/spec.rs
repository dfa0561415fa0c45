//! `target.demo` of a plan: which service to play, and how well.

use std::fmt;

use schemars::{JsonSchema, Schema, json_schema};
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::Service;
use super::faults::Faults;
use super::stream::StreamSpec;
use crate::units::{Bytes, Count, Duration, Flag, Number, Ratio};

/// More slots than this would make every request expensive.
const MOST_SLOTS: u64 = 100_000;

/// More workers than this answer no probe in turn within a minute.
pub(super) const MOST_WORKERS: u64 = 1_000;

/// The embedded target: the name of a service, or a table with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
#[schemars(transform = or_name)]
pub struct DemoSpec {
    /// What it plays: "transcription" (an upload is answered with its text), "speech" (a text with its recording), "chat"
    /// (messages with an answer), "voice" (all three), or "jobs" (an upload makes a job to be polled). With audio in frames:
    /// "whisperlive", "vosk", "deepgram", "realtime" (WebSocket), "gateway", "riva" (gRPC), "wyoming" (TCP).
    pub service: Service,
    /// How many requests or jobs it works on at once, 4 without it; others wait in the order of their arrival. Of services that
    /// stream: how many sessions each worker takes at once, 1000 without it; others are refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slots: Option<Count>,
    /// How many may wait; beyond that the answer is 503 with `Retry-After: 1`. Without it, any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<Count>,
    /// How long it works on each.
    #[serde(default = "fifty_millis")]
    pub service_time: Duration,
    /// Seconds of work that each second of audio adds.
    #[serde(default)]
    pub audio_factor: Number,
    /// What all work, and each delay of a stream, is multiplied by: 2 is a target of half the speed.
    #[serde(default = "unchanged")]
    pub slowdown: Number,
    /// How long it takes to accept a job, before the job is queued (jobs only).
    #[serde(default)]
    pub submit_time: Duration,
    /// The status of a full queue: 503 or 429, each with the words and the `Retry-After` that services send with it.
    #[serde(default = "unavailable")]
    pub busy_status: Count,
    /// How many workers stand behind the address, each with its own slots; `/health` names one after the other.
    #[serde(default = "one")]
    pub workers: Count,
    /// Answers content that it has heard before at once, without a slot.
    #[serde(default)]
    pub cache: Flag,
    /// After so long without work the model is unloaded; zero keeps it.
    #[serde(default)]
    pub idle_after: Duration,
    /// What loading the model again adds to the first request after that.
    #[serde(default)]
    pub cold_start: Duration,
    /// The share of the memory that is in use before any request.
    #[serde(default)]
    pub memory: Ratio,
    /// The share that each request under way takes.
    #[serde(default)]
    pub memory_each: Ratio,
    /// Above this share the answer is 503 with `Retry-After: 60`.
    #[serde(default = "ninety_percent")]
    pub memory_threshold: Ratio,
    /// Larger requests are refused with 413.
    #[serde(default = "hundred_megabytes")]
    pub max_upload: Bytes,
    /// The size of the pieces that an upload in chunks has to be sent in (jobs only).
    #[serde(default = "one_mebibyte")]
    pub chunk_size: Bytes,
    /// Requests need this key, as `Authorization: Bearer` or `X-API-Key`; logging in answers with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Requests need a token that `/auth/login` has given out (jobs only).
    #[serde(default)]
    pub login: Flag,
    /// What services that stream say while audio arrives.
    #[serde(default)]
    pub stream: StreamSpec,
    /// What goes wrong. Never touches `/health` and `/truth`.
    #[serde(default)]
    pub faults: Faults,
}

fn fifty_millis() -> Duration {
    Duration::from_millis(50)
}

const fn unavailable() -> Count {
    Count(503)
}

const fn one() -> Count {
    Count(1)
}

const fn ninety_percent() -> Ratio {
    Ratio(0.9)
}

const fn hundred_megabytes() -> Bytes {
    Bytes(100_000_000)
}

const fn one_mebibyte() -> Bytes {
    Bytes(1 << 20)
}

fn unchanged() -> Number {
    Number(1.0)
}

impl DemoSpec {
    /// A healthy target with nothing but defaults.
    #[must_use]
    pub fn new(service: Service) -> Self {
        Self {
            service,
            slots: None,
            queue: None,
            service_time: fifty_millis(),
            audio_factor: Number(0.0),
            slowdown: unchanged(),
            submit_time: Duration::ZERO,
            busy_status: unavailable(),
            workers: one(),
            cache: Flag(false),
            idle_after: Duration::ZERO,
            cold_start: Duration::ZERO,
            memory: Ratio::default(),
            memory_each: Ratio::default(),
            memory_threshold: ninety_percent(),
            max_upload: hundred_megabytes(),
            chunk_size: one_mebibyte(),
            token: None,
            login: Flag(false),
            stream: StreamSpec::default(),
            faults: Faults::default(),
        }
    }

    /// What cannot be, each with what to do about it.
    #[must_use]
    pub fn check(&self) -> Vec<String> {
        let mut found = Vec::new();
        if !(1..=MOST_SLOTS).contains(&self.slots()) {
            found.push(format!("`slots` must be from 1 to {MOST_SLOTS}"));
        }
        if ![429, 503].contains(&self.busy_status.0) {
            found.push("`busy_status` must be 429 or 503".to_owned());
        }
        if !(1..=MOST_WORKERS).contains(&self.workers.0) {
            found.push(format!("`workers` must be from 1 to {MOST_WORKERS}"));
        }
        if self.chunk_size.0 == 0 {
            found.push("`chunk_size` must not be zero".to_owned());
        }
        if self.login.0 && self.service != Service::Jobs {
            found.push("`login` needs `service = \"jobs\"`: use `token` here".to_owned());
        }
        for (name, number) in [
            ("audio_factor", self.audio_factor),
            ("slowdown", self.slowdown),
        ] {
            if number.0 < 0.0 {
                found.push(format!("`{name}` must not be negative"));
            }
        }
        if self.service != Service::Jobs {
            if !self.submit_time.is_zero() {
                found.push(
                    "`submit_time` needs `service = \"jobs\"`: here there is only `service_time`"
                        .to_owned(),
                );
            }
            if self.faults.job_fail_share.0 > 0.0 {
                found.push(
                    "`faults.job_fail_share` needs `service = \"jobs\"`: use `status_share` here"
                        .to_owned(),
                );
            }
        }
        found.extend(self.unheeded());
        found.extend(self.stream.check(self.service, self.workers.0));
        found.extend(self.faults.check(self.service));
        found
    }

    /// How much one worker takes at once.
    pub(crate) fn slots(&self) -> u64 {
        self.slots
            .map_or(if self.service.streams() { 1_000 } else { 4 }, |slots| {
                slots.0
            })
    }

    /// How long it works on so many seconds of audio.
    pub(crate) fn work(&self, audio_seconds: f64) -> Duration {
        let seconds = self.service_time.as_secs_f64() + self.audio_factor.0 * audio_seconds;
        Duration::from_secs_f64(seconds * self.slowdown.0)
    }
}

impl Serialize for DemoSpec {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        Self::serialize(self, to)
    }
}

impl<'de> Deserialize<'de> for DemoSpec {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NameOrTable)
    }
}

struct NameOrTable;

impl<'de> Visitor<'de> for NameOrTable {
    type Value = DemoSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a service, for example \"transcription\" or \"jobs\", or a table with `service`")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<DemoSpec, E> {
        Service::deserialize(StrDeserializer::new(name)).map(DemoSpec::new)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<DemoSpec, A::Error> {
        DemoSpec::deserialize(MapAccessDeserializer::new(map))
    }
}

fn or_name(table: &mut Schema) {
    let description = table.remove("description");
    let name = json_schema!({ "type": "string", "enum": Service::ALL.map(Service::name) });
    *table = json_schema!({ "anyOf": [name, table.clone()] });
    if let Some(description) = description {
        table.insert("description".to_owned(), description);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, Serialize)]
    struct Plan {
        demo: DemoSpec,
    }

    fn read(text: &str) -> Result<DemoSpec, toml::de::Error> {
        toml::from_str::<Plan>(text).map(|plan| plan.demo)
    }

    #[test]
    fn a_name_is_a_table_with_nothing_else() {
        let short = read("demo = \"jobs\"").expect("short");
        assert_eq!(short, read("demo = { service = \"jobs\" }").expect("table"));
        assert_eq!(short, DemoSpec::new(Service::Jobs));
        let full = read(
            "[demo]\nservice = \"transcription\"\nslots = 2\nqueue = 0\nfaults = { reset_share = \"5%\", status = 503 }",
        )
        .expect("table");
        assert_eq!(
            (full.slots, full.queue, full.faults.reset_share.0),
            (Some(Count(2)), Some(Count(0)), 0.05)
        );
        let written = toml::to_string(&Plan { demo: full.clone() }).expect("written");
        assert_eq!(read(&written).expect("read back"), full, "{written}");
    }

    #[test]
    fn what_is_unknown_is_refused() {
        for (text, said) in [
            ("demo = \"job\"", "`jobs`"),
            ("demo = 4", "the name of a service"),
            ("demo = { slots = 4 }", "service"),
            ("demo = { service = \"jobs\", slot = 4 }", "slot"),
            (
                "demo = { service = \"jobs\", faults = { rest_share = \"1%\" } }",
                "rest_share",
            ),
        ] {
            let why = read(text).expect_err(text).to_string();
            assert!(why.contains(said), "{text}: {why}");
        }
    }

    #[test]
    fn impossible_combinations_are_named() {
        for (keys, said) in [
            ("slots = 0", "`slots`"),
            ("slowdown = -1", "`slowdown`"),
            ("submit_time = \"1s\"", "`submit_time`"),
            ("faults = { job_fail_share = \"1%\" }", "job_fail_share"),
            ("faults = { status_share = \"1%\" }", "`faults.status`"),
            (
                "stream = { delay = \"1s\" }",
                "`stream.delay` means nothing",
            ),
        ] {
            let spec = read(&format!("[demo]\nservice = \"transcription\"\n{keys}")).expect(keys);
            assert!(
                spec.check().iter().any(|found| found.contains(said)),
                "{keys}: {:?}",
                spec.check()
            );
        }
        assert!(DemoSpec::new(Service::Jobs).check().is_empty());
    }

    #[test]
    fn the_schema_knows_both_forms() {
        let schema = schemars::schema_for!(DemoSpec).to_value();
        assert_eq!(schema["anyOf"][0]["enum"][4], "jobs");
        assert!(
            schema["anyOf"][1]["properties"]["slots"]["description"].is_string(),
            "{schema}"
        );
    }

    #[test]
    fn work_grows_with_audio_and_slowdown() {
        let spec = read(
            "[demo]\nservice = \"jobs\"\nservice_time = \"1s\"\naudio_factor = 0.5\nslowdown = 2",
        )
        .expect("read");
        assert_eq!(spec.work(4.0), Duration::from_secs(6));
    }
}
