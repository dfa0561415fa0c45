//! How many seconds of audio a step stands for, where it is not the clip that it sends.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};
use serde_json::Value;

use crate::audio::{RawFormat, measure_reply};
use crate::select::{Evidence, SelectError, Selector};
use crate::units::Duration;

/// Where the seconds of audio are found.
#[derive(Debug, Clone)]
pub enum AudioSeconds {
    /// The reply is a WAV: its length.
    Reply,
    /// The reply says it here, in seconds.
    At(Selector),
    /// The reply is samples without a header.
    Raw(RawFormat),
    /// The reply has such samples here, in base64.
    RawAt(Selector, RawFormat),
}

impl AudioSeconds {
    /// The length, and what is odd about it. Without a length there is no real-time factor, never one of 0.
    /// `body` is the whole reply or its begin, of `size` bytes.
    pub(crate) fn of(
        &self,
        answer: &dyn Evidence,
        body: &[u8],
        size: u64,
    ) -> (Option<Duration>, Option<String>) {
        match self {
            Self::At(selector) => {
                let found = selector.first(answer);
                let number = match &found {
                    Some(Value::Number(number)) => number.as_f64(),
                    Some(Value::String(text)) => text.trim().parse().ok(),
                    _ => None,
                };
                match (
                    number.filter(|seconds| seconds.is_finite() && *seconds > 0.0),
                    found,
                ) {
                    (Some(seconds), _) => (Some(Duration::from_secs_f64(seconds)), None),
                    (None, None) => (
                        None,
                        Some(format!("nothing at {selector}: no seconds of audio")),
                    ),
                    (None, Some(value)) => (
                        None,
                        Some(format!("{selector} is {value}: no seconds of audio")),
                    ),
                }
            }
            Self::Raw(format) => match format.seconds(size) {
                seconds if seconds > 0.0 => (Some(Duration::from_secs_f64(seconds)), None),
                _ => (None, Some("the reply holds no samples".to_owned())),
            },
            Self::RawAt(selector, format) => {
                let samples = selector.first(answer);
                let bytes = samples.as_ref().and_then(Value::as_str).map(in_base64);
                match bytes
                    .map(|bytes| format.seconds(bytes))
                    .filter(|seconds| *seconds > 0.0)
                {
                    Some(seconds) => (Some(Duration::from_secs_f64(seconds)), None),
                    None => (
                        None,
                        Some(format!(
                            "no samples in base64 at {selector}: no seconds of audio"
                        )),
                    ),
                }
            }
            Self::Reply => match measure_reply(body, size) {
                Err(why) => (
                    None,
                    Some(format!(
                        "the reply is not a WAV ({why}): no seconds of audio"
                    )),
                ),
                Ok(audio) if audio.seconds <= 0.0 => (
                    None,
                    Some("the WAV of the reply holds no samples".to_owned()),
                ),
                Ok(audio) => {
                    let odd = audio.declared_seconds.map(|declared| {
                        let real = audio.seconds;
                        format!(
                            "the header of the reply declares {declared:.3} s, but there are {real:.3} s of audio in it"
                        )
                    });
                    (Some(Duration::from_secs_f64(audio.seconds)), odd)
                }
            },
        }
    }
}

/// How many bytes a text in base64 stands for.
fn in_base64(text: &str) -> u64 {
    text.trim_end_matches('=').len() as u64 * 3 / 4
}

impl FromStr for AudioSeconds {
    type Err = SelectError;

    fn from_str(text: &str) -> Result<Self, SelectError> {
        let text = text.trim();
        let Some((place, format)) = text.rsplit_once(" as ") else {
            return match text {
                "reply" => Ok(Self::Reply),
                selector => selector.parse().map(Self::At),
            };
        };
        let format = RawFormat::read(format).map_err(|message| SelectError { message })?;
        match place.trim() {
            "reply" => Ok(Self::Raw(format)),
            selector => Ok(Self::RawAt(selector.parse()?, format)),
        }
    }
}

impl<'de> Deserialize<'de> for AudioSeconds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = AudioSeconds;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"reply\" or a selector, of samples without a header with their format: \"reply as s16le 24000\"")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<AudioSeconds, E> {
                text.parse().map_err(E::custom)
            }
        }
        from.deserialize_str(Text)
    }
}

impl JsonSchema for AudioSeconds {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "AudioSeconds".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "selector or \"reply\"",
            "type": "string",
            "description": "\"reply\" (a WAV), or a selector of the seconds; of samples without a header ENCODING and RATE stand behind it",
            "examples": ["$.usage.seconds", "reply", "reply as s16le 24000", "$.audio as s16le 22050"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{ClipKind, synthesize};
    use crate::protocol::{Reply, Timing};

    #[test]
    fn no_length_is_never_a_length_of_zero() {
        let of = |spec: AudioSeconds, body: Vec<u8>| {
            let reply = Reply::new(200, http::HeaderMap::new(), body.into(), Timing::default());
            spec.of(&reply, &reply.body, reply.size())
        };
        let at = |body: &str| {
            of(
                AudioSeconds::At("$.duration".parse().expect("a selector")),
                body.into(),
            )
        };
        let half = Some(Duration::from_millis(500));
        assert_eq!(at(r#"{"duration": 0.5}"#), (half, None));
        assert_eq!(at(r#"{"duration": "0.5"}"#), (half, None));
        for (body, says) in [
            ("{}", "nothing at $.duration"),
            (r#"{"duration": 0}"#, "is 0"),
            (r#"{"duration": "x"}"#, "is \"x\""),
        ] {
            let (none, odd) = at(body);
            assert!(
                none.is_none() && odd.as_ref().is_some_and(|odd| odd.contains(says)),
                "{body}: {odd:?}"
            );
        }
        let raw = |spec: &str, body: &[u8]| of(spec.parse().expect(spec), body.to_vec());
        assert_eq!(raw("reply as s16le 8000", &[0; 8_000]), (half, None));
        let json = format!(r#"{{"audio": "{}"}}"#, "A".repeat(10_666) + "AA==");
        assert_eq!(
            raw("$.audio as s16le 8000", json.as_bytes())
                .0
                .map(|s| (s.as_secs_f64() * 1e3).round()),
            Some(500.0)
        );
        assert!(
            raw("$.nothing as s16le 8000", b"{}")
                .1
                .is_some_and(|odd| odd.contains("no samples in base64"))
        );
        assert!("reply as mp3".parse::<AudioSeconds>().is_err());
        let mut wav = synthesize(ClipKind::Tone, 0.5, 0, 0);
        assert_eq!(of(AudioSeconds::Reply, wav.clone()), (half, None));
        wav[40..44].copy_from_slice(&32_000_u32.to_le_bytes());
        let (seconds, odd) = of(AudioSeconds::Reply, wav);
        assert_eq!(
            (seconds, odd.as_deref()),
            (
                half,
                Some(
                    "the header of the reply declares 1.000 s, but there are 0.500 s of audio in it"
                )
            )
        );
        assert!(
            of(AudioSeconds::Reply, b"{}".to_vec())
                .1
                .is_some_and(|odd| odd.contains("not a WAV"))
        );
    }
}
