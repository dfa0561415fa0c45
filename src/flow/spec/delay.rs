//! How long to wait before a request is made again: so long, or as long as the target asks for.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};

use crate::protocol::Reply;
use crate::select::Evidence;
use crate::units::{Duration, or_filled_later};

/// Where a reply does not say how long to wait.
const UNSAID: Duration = Duration::from_secs(1);

/// A wait before the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryDelay {
    /// So long.
    For(Duration),
    /// As long as the reply's `Retry-After` says, 1 s where it says nothing.
    RetryAfter,
}

impl RetryDelay {
    /// How long it is after this reply, but never longer than `most` where the target says it.
    pub(crate) fn after(self, reply: Option<&Reply>, most: Duration) -> Duration {
        match self {
            Self::For(time) => time,
            Self::RetryAfter => {
                let text = reply.and_then(|reply| reply.header("retry-after"));
                text.and_then(|text| asked(text, crate::clock::wall_now()))
                    .unwrap_or(UNSAID)
                    .min(most)
            }
        }
    }

    /// The longest that it can be, where the target may ask for `most`.
    pub(crate) fn longest(self, most: Duration) -> Duration {
        match self {
            Self::For(time) => time,
            Self::RetryAfter => most.max(UNSAID),
        }
    }
}

/// What `Retry-After` asks for: seconds, or a date. A date that has passed asks for nothing.
fn asked(text: &str, now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = Timestamp::try_from(httpdate::parse_http_date(text.trim()).ok()?).ok()?;
    let nanos = date.as_nanosecond() - now.as_nanosecond();
    Some(Duration::from_nanos(u64::try_from(nanos).unwrap_or(0)))
}

impl FromStr for RetryDelay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.trim() == "retry-after" {
            return Ok(Self::RetryAfter);
        }
        let wrong =
            |_| format!("`{text}` is not a wait\nwrite for example \"2s\" or \"retry-after\"");
        text.parse().map(Self::For).map_err(wrong)
    }
}

impl<'de> Deserialize<'de> for RetryDelay {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = RetryDelay;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration, for example \"2s\", or \"retry-after\"")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<RetryDelay, E> {
                text.parse().map_err(E::custom)
            }
        }
        from.deserialize_str(Text)
    }
}

/// As a plan writes it: the schema shows it where it is a default.
impl Serialize for RetryDelay {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::For(time) => time.serialize(to),
            Self::RetryAfter => to.serialize_str("retry-after"),
        }
    }
}

impl JsonSchema for RetryDelay {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Wait".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let either = json_schema!({
            "title": "duration or \"retry-after\"",
            "type": "string",
            "pattern": r"^\s*retry-after\s*$|^[^-:]*[0-9]\s*[A-Za-zµ][^:]*$",
            "examples": ["2s", "retry-after"]
        });
        or_filled_later(either, "a duration, for example \"2s\", or \"retry-after\"")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_understood() {
        let now: Timestamp = "2026-11-24T02:00:00Z".parse().expect("a time");
        for (text, wait) in [
            ("7", Some(Duration::from_secs(7))),
            (" 0 ", Some(Duration::ZERO)),
            (
                "Tue, 24 Nov 2026 02:00:05 GMT",
                Some(Duration::from_secs(5)),
            ),
            ("Tue, 24 Nov 2026 01:59:00 GMT", Some(Duration::ZERO)),
            ("soon", None),
            ("-3", None),
        ] {
            assert_eq!(asked(text, now), wait, "{text}");
        }
    }

    #[test]
    fn a_reply_is_honoured_within_limits() {
        let reply = |value: &str| {
            let mut headers = http::HeaderMap::new();
            headers.insert("retry-after", value.parse().expect("a header"));
            Reply::new(
                503,
                headers,
                bytes::Bytes::new(),
                crate::protocol::Timing::default(),
            )
        };
        let most = Duration::from_secs(60);
        assert_eq!(
            RetryDelay::RetryAfter.after(Some(&reply("7")), most),
            Duration::from_secs(7)
        );
        assert_eq!(
            RetryDelay::RetryAfter.after(Some(&reply("900")), most),
            most
        );
        assert_eq!(
            RetryDelay::RetryAfter.after(Some(&reply("soon")), most),
            UNSAID
        );
        assert_eq!(RetryDelay::RetryAfter.after(None, most), UNSAID);
        assert_eq!(
            RetryDelay::For(Duration::from_secs(90)).after(Some(&reply("7")), most),
            Duration::from_secs(90)
        );
        assert!(
            "later"
                .parse::<RetryDelay>()
                .is_err_and(|error| error.contains("retry-after"))
        );
    }
}
