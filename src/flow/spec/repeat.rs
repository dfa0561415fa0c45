//! The `repeat` table of a step.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::diag::Spanned;
use crate::protocol::RequestError;
use crate::protocol::http::MapText;
use crate::template::{Bound, Slot, Template, Values};

/// A step, or the steps of a flow, several times one after the other.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepeatSpec {
    /// How often: a number, or the name of a captured one. 0 leaves the step out.
    #[schemars(with = "MapText")]
    pub times: Spanned<MapText>,
    /// The name of the counter, which is 0 the first time.
    #[serde(default, rename = "as")]
    #[schemars(with = "Option<String>")]
    pub counter: Option<Spanned<String>>,
}

/// A repetition ready to be carried out.
#[derive(Debug, Clone)]
pub(crate) struct Repeat {
    pub(crate) times: Bound,
    pub(crate) counter: Option<Slot>,
    /// Where the program goes on behind it.
    pub(crate) behind: usize,
    /// The step that an error of it is told of.
    pub(crate) step: usize,
}

impl RepeatSpec {
    /// How often, where the plan itself says it.
    pub(crate) fn known_times(&self) -> Option<u64> {
        self.times.get_ref().0.trim().replace('_', "").parse().ok()
    }

    /// The number of times as a template.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub(crate) fn template(&self) -> Result<Template, String> {
        let text = &self.times.get_ref().0;
        let template = Template::parse(text).map_err(|error| error.message)?;
        match template.literal() {
            Some(_) if self.known_times().is_none() => {
                Err(format!("`{text}` is not a number of times"))
            }
            _ => Ok(template),
        }
    }
}

impl Repeat {
    /// How often, with the values of now.
    ///
    /// # Errors
    /// Says what the value is where it is no whole number.
    pub(crate) fn times(&self, values: &Values) -> Result<u64, RequestError> {
        let value = self
            .times
            .view(values)
            .map_err(|missing| format!("`repeat.times`: {missing}"))?;
        let number = match &*value {
            Value::String(text) => text.trim().parse().ok(),
            // A product of captured numbers is a float, whole as it may be.
            Value::Number(number) => number.as_u64().or_else(|| {
                number
                    .as_f64()
                    .filter(|n| n.fract() == 0.0 && (0.0..9e15).contains(n))
                    .map(|n| n as u64)
            }),
            _ => None,
        };
        number.ok_or_else(|| {
            RequestError(format!(
                "`repeat.times` is {value}, which is not a whole number"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Slots;
    use serde_json::json;

    #[test]
    fn times_are_counted_from_what_was_captured() {
        let mut slots = Slots::default();
        let times = Template::parse("{{chunks}}")
            .expect("a template")
            .bind(&mut slots);
        let repeat = Repeat {
            times,
            counter: None,
            behind: 0,
            step: 0,
        };
        let mut values = Values::default();
        assert_eq!(
            repeat.times(&values),
            Err(RequestError(
                "`repeat.times`: `chunks` has no value yet".to_owned()
            ))
        );
        for (value, times) in [
            (json!(3), Ok(3)),
            (json!("4"), Ok(4)),
            (json!(5.0), Ok(5)),
            (json!(0), Ok(0)),
            (
                json!("many"),
                Err(RequestError(
                    "`repeat.times` is \"many\", which is not a whole number".to_owned(),
                )),
            ),
            (
                json!(-1),
                Err(RequestError(
                    "`repeat.times` is -1, which is not a whole number".to_owned(),
                )),
            ),
            (
                json!(1.5),
                Err(RequestError(
                    "`repeat.times` is 1.5, which is not a whole number".to_owned(),
                )),
            ),
            (
                json!(null),
                Err(RequestError(
                    "`repeat.times` is null, which is not a whole number".to_owned(),
                )),
            ),
        ] {
            values.set(slots.slot("chunks"), value.clone());
            assert_eq!(repeat.times(&values), times, "{value}");
        }
    }
}
