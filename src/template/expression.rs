//! What stands between the braces: a sum of products of names and numbers.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

/// A sum of products. `N` is how a name is held: its text, or its slot once bound.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Expression<N> {
    pub(super) terms: Vec<Vec<Factor<N>>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Factor<N> {
    Name(N),
    Number(f64),
}

impl<N> Expression<N> {
    /// The name, where the expression is nothing else.
    pub(super) fn whole_name(&self) -> Option<&N> {
        match self.terms.as_slice() {
            [term] => match term.as_slice() {
                [Factor::Name(name)] => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &N> {
        self.terms
            .iter()
            .flatten()
            .filter_map(|factor| match factor {
                Factor::Name(name) => Some(name),
                Factor::Number(_) => None,
            })
    }

    pub(super) fn map<M>(&self, change: &mut dyn FnMut(&N) -> Factor<M>) -> Expression<M> {
        let mut factor = |factor: &Factor<N>| match factor {
            Factor::Name(name) => change(name),
            Factor::Number(number) => Factor::Number(*number),
        };
        Expression {
            terms: self
                .terms
                .iter()
                .map(|term| term.iter().map(&mut factor).collect())
                .collect(),
        }
    }

    /// The sum, with `number` giving what a name stands for.
    pub(super) fn compute<E>(&self, number: &dyn Fn(&N) -> Result<f64, E>) -> Result<f64, E> {
        let mut sum = 0.0;
        for term in &self.terms {
            let mut product = 1.0;
            for factor in term {
                product *= match factor {
                    Factor::Name(name) => number(name)?,
                    Factor::Number(number) => *number,
                };
            }
            sum += product;
        }
        Ok(sum)
    }
}

impl fmt::Display for Expression<String> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, term) in self.terms.iter().enumerate() {
            f.write_str(if nth == 0 { "" } else { " + " })?;
            for (nth, factor) in term.iter().enumerate() {
                f.write_str(if nth == 0 { "" } else { " * " })?;
                match factor {
                    Factor::Name(name) => f.write_str(name)?,
                    Factor::Number(number) => write!(f, "{number}")?,
                }
            }
        }
        Ok(())
    }
}

/// A computed number as JSON: whole ones are integers, so that they print without a point.
pub(super) fn as_value(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        Value::from(number as i64)
    } else {
        Value::from(number)
    }
}

/// A value as the number it is or reads as.
pub(super) fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text
            .trim()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

/// A value as it stands in a text: strings without quotes, everything else as JSON.
#[must_use]
pub fn value_text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}
