//! A template on the hot path: names are slots, nothing is looked up by text.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;
use thiserror::Error;

use super::expression::{Expression, Factor, as_number, as_value, value_text};
use super::piece::TemplatePiece;
use super::slots::{Slot, Slots, Values};

/// A template whose names are bound to slots.
#[derive(Debug, Clone)]
pub struct Bound {
    pieces: Vec<BoundPart>,
    typed: Option<Value>,
}

#[derive(Debug, Clone)]
enum BoundPart {
    Text(String),
    Name(Name),
    Sum(Expression<Name>),
}

#[derive(Debug, Clone)]
struct Name {
    slot: Slot,
    text: Arc<str>,
}

/// Why a template could not be rendered.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Missing {
    /// The name has no value: nothing was captured yet.
    #[error("`{0}` has no value yet")]
    Value(Arc<str>),
    /// The name stands in a sum or product and its value is not a number.
    #[error("`{0}` is not a number")]
    Number(Arc<str>),
}

impl Missing {
    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Value(name) | Self::Number(name) => name,
        }
    }
}

impl Bound {
    pub(super) fn new(pieces: &[TemplatePiece], typed: Option<Value>, slots: &mut Slots) -> Self {
        let mut name = |text: &str| {
            let slot = slots.slot(text);
            Name {
                slot,
                text: slots.name(slot),
            }
        };
        let pieces = pieces.iter().map(|piece| match piece {
            TemplatePiece::Text(text) => BoundPart::Text(text.clone()),
            TemplatePiece::Expression(expression) => match expression.whole_name() {
                Some(text) => BoundPart::Name(name(text)),
                None => {
                    BoundPart::Sum(expression.map(&mut |text: &String| Factor::Name(name(text))))
                }
            },
        });
        Self {
            pieces: pieces.collect(),
            typed,
        }
    }

    /// The text, where no name is in it.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [BoundPart::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Appends the text with the values of now.
    ///
    /// # Errors
    /// Names the first name without a usable value; `out` may then hold a part of the text.
    pub fn render(&self, values: &Values, out: &mut String) -> Result<(), Missing> {
        for piece in &self.pieces {
            match piece {
                BoundPart::Text(text) => out.push_str(text),
                BoundPart::Name(name) => out.push_str(&value_text(get(name, values)?)),
                BoundPart::Sum(sum) => out.push_str(&value_text(&compute(sum, values)?)),
            }
        }
        Ok(())
    }

    /// What the template stands for now: a string, or the value of one `{{…}}` alone with its type kept.
    ///
    /// # Errors
    /// Names the first name without a usable value.
    pub fn value(&self, values: &Values) -> Result<Value, Missing> {
        self.view(values).map(Cow::into_owned)
    }

    /// The same as [`Bound::value`], borrowed where it is the value of one name.
    ///
    /// # Errors
    /// Names the first name without a usable value.
    pub fn view<'a>(&'a self, values: &'a Values) -> Result<Cow<'a, Value>, Missing> {
        if let Some(typed) = &self.typed {
            return Ok(Cow::Borrowed(typed));
        }
        match self.pieces.as_slice() {
            [BoundPart::Name(name)] => get(name, values).map(Cow::Borrowed),
            [BoundPart::Sum(sum)] => compute(sum, values).map(Cow::Owned),
            _ => {
                let mut text = String::new();
                self.render(values, &mut text)?;
                Ok(Cow::Owned(Value::String(text)))
            }
        }
    }
}

fn get<'a>(name: &Name, values: &'a Values) -> Result<&'a Value, Missing> {
    values
        .get(name.slot)
        .ok_or_else(|| Missing::Value(Arc::clone(&name.text)))
}

fn compute(sum: &Expression<Name>, values: &Values) -> Result<Value, Missing> {
    let number = |name: &Name| {
        let value = get(name, values)?;
        as_number(value).ok_or_else(|| Missing::Number(Arc::clone(&name.text)))
    };
    sum.compute(&number).map(as_value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::Template;
    use serde_json::json;

    #[test]
    fn renders_with_the_values_of_now() {
        let mut slots = Slots::default();
        let bind = |text: &str, slots: &mut Slots| Template::parse(text).expect(text).bind(slots);
        let path = bind("/jobs/{{id}}?n={{iteration + 1}}", &mut slots);
        let whole = bind("{{size}}", &mut slots);
        let plain = bind("{{{{plain", &mut slots);
        let mut values = Values::default();
        let mut out = String::new();
        assert_eq!(
            path.render(&values, &mut out),
            Err(Missing::Value("id".into()))
        );

        let mut set =
            |name: &str, value: Value, values: &mut Values| values.set(slots.slot(name), value);
        set("id", json!("a-1"), &mut values);
        set("iteration", json!(6), &mut values);
        set("size", json!(160_044), &mut values);
        out.clear();
        path.render(&values, &mut out).expect("all set");
        assert_eq!(out, "/jobs/a-1?n=7");
        assert_eq!(whole.value(&values), Ok(json!(160_044)));
        assert_eq!(path.value(&values), Ok(json!("/jobs/a-1?n=7")));
        assert_eq!((plain.literal(), path.literal()), (Some("{{plain"), None));

        set("iteration", json!("many"), &mut values);
        let missing = path.value(&values).expect_err("no number");
        assert_eq!(missing.to_string(), "`iteration` is not a number");
        values.clear();
        assert_eq!(whole.value(&values), Err(Missing::Value("size".into())));
    }
}
