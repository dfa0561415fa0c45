//! How many seconds of audio a step stands for, where it is not the clip that it sends.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};
use serde_json::Value;

use crate::audio::measure_reply;
use crate::select::{Evidence, Selector};
use crate::units::Duration;

/// Where the seconds of audio are found.
#[derive(Debug, Clone)]
pub enum AudioSeconds {
    /// The reply is a WAV: its length.
    Reply,
    /// The reply says it here, in seconds.
    At(Selector),
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

impl<'de> Deserialize<'de> for AudioSeconds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = AudioSeconds;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"reply\" or a selector")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<AudioSeconds, E> {
                if text.trim() == "reply" {
                    return Ok(AudioSeconds::Reply);
                }
                text.parse().map(AudioSeconds::At).map_err(E::custom)
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
            "description": "\"reply\", or a selector",
            "examples": ["$.usage.seconds", "reply"]
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
