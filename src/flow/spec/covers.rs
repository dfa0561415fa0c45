//! How far into the audio a message says that it reaches.

use std::borrow::Cow;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use crate::select::{Evidence, SelectError, Selector};
use crate::units::Duration;

/// `SELECTOR [in UNIT]`: where a message has the time that it reaches in the audio. Numbers count seconds, or the unit that is given:
/// `ms`, or any duration such as `100ns`.
#[derive(Debug, Clone)]
pub struct CoversSpec {
    selector: Selector,
    /// What one of it is, in seconds.
    unit: f64,
}

impl CoversSpec {
    /// The seconds of audio that a message reaches; `None` where it does not say it.
    pub(crate) fn seconds(&self, message: &dyn Evidence) -> Option<f64> {
        seconds(self.selector.find(message).first()?, self.unit)
    }

    /// What one of its numbers is, in seconds.
    pub(crate) const fn unit(&self) -> f64 {
        self.unit
    }

    /// Where the number stands.
    pub(crate) const fn selector(&self) -> &Selector {
        &self.selector
    }
}

/// A number of these units, a text that reads as one, or a text with a unit of its own, such as protobuf's `1.500s`; in seconds.
pub(crate) fn seconds(value: &Value, unit: f64) -> Option<f64> {
    let seconds = match value {
        Value::Number(number) => number.as_f64()? * unit,
        Value::String(text) => match text.trim().parse::<f64>() {
            Ok(number) => number * unit,
            Err(_) => text.parse::<Duration>().ok()?.as_secs_f64(),
        },
        _ => return None,
    };
    seconds.is_finite().then_some(seconds)
}

impl FromStr for CoversSpec {
    type Err = SelectError;

    fn from_str(text: &str) -> Result<Self, SelectError> {
        let Some((selector, unit)) = text.rsplit_once(" in ") else {
            return Ok(Self {
                selector: text.parse()?,
                unit: 1.0,
            });
        };
        let unit = unit.trim();
        let one = if unit.starts_with(|c: char| c.is_ascii_digit()) {
            unit.to_owned()
        } else {
            format!("1{unit}")
        };
        match one.parse::<Duration>() {
            Ok(one) if !one.is_zero() => Ok(Self {
                selector: selector.parse()?,
                unit: one.as_secs_f64(),
            }),
            _ => Err(SelectError {
                message: format!(
                    "`{unit}` is not a unit of time: `s`, `ms`, `us`, or a duration such as `100ns`"
                ),
            }),
        }
    }
}

impl JsonSchema for CoversSpec {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Covers".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "covers",
            "type": "string",
            "description": "SELECTOR [in UNIT]: seconds, or another unit such as `ms`",
            "examples": ["$.segments[-1].end", "$.offset in ms"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Reply, Timing};

    #[test]
    fn times_are_read_in_every_unit() {
        for (covers, body, reaches) in [
            ("$.end", r#"{"end": 1.5}"#, Some(1.5)),
            ("$.end", r#"{"end": "1.5"}"#, Some(1.5)),
            ("$.end", r#"{"end": "1.500s"}"#, Some(1.5)),
            ("$.end", r#"{"end": "1500ms"}"#, Some(1.5)),
            ("$.end in ms", r#"{"end": 1500}"#, Some(1.5)),
            ("$.end in ms", r#"{"end": "1.5s"}"#, Some(1.5)),
            ("$.end in 100ns", r#"{"end": 15000000}"#, Some(1.5)),
            (
                "$.w[-1].end in s",
                r#"{"w": [{"end": 1}, {"end": 2}]}"#,
                Some(2.0),
            ),
            ("$.end", r#"{"end": "soon"}"#, None),
            ("$.end", r#"{"end": null}"#, None),
            ("$.end", "no JSON", None),
        ] {
            let read: CoversSpec = covers.parse().expect(covers);
            let reply = Reply::new(
                200,
                http::HeaderMap::new(),
                body.to_owned().into(),
                Timing::default(),
            );
            let found = read.seconds(&reply);
            assert!(
                found
                    .zip(reaches)
                    .map_or(found == reaches, |(a, b)| (a - b).abs() < 1e-9),
                "{covers} of {body}: {found:?}"
            );
        }
        for (wrong, says) in [
            ("$.end in frames", "`frames` is not a unit of time"),
            ("$.end in 0s", "not a unit"),
            ("end", "selector"),
        ] {
            let error = wrong.parse::<CoversSpec>().expect_err(wrong).to_string();
            assert!(error.contains(says), "{wrong}: {error}");
        }
    }
}
