//! The statistics of one metric as a file of k6 has them.

use serde_json::{Map, Value};

/// A JSON object of numbers; what is no number in it is no data.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Numbers<'a>(Option<&'a Map<String, Value>>);

impl<'a> Numbers<'a> {
    /// The numbers in a value; none where it is no object.
    pub(super) fn of(value: &'a Value) -> Self {
        Self(value.as_object())
    }

    /// The number of that name; `None` for `null`, for a text, and where there is none.
    pub(super) fn get(&self, name: &str) -> Option<f64> {
        self.0?
            .get(name)?
            .as_f64()
            .filter(|number| number.is_finite())
    }

    pub(super) fn first(&self, names: &[&str]) -> Option<f64> {
        names.iter().find_map(|name| self.get(name))
    }

    /// Whether there is anything of that name, a number or not.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.is_some_and(|numbers| numbers.contains_key(name))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.0
            .into_iter()
            .flat_map(|numbers| numbers.keys().map(String::as_str))
    }
}

/// A count of samples, never more than was counted.
pub(super) fn whole(number: f64) -> u64 {
    number.max(0.0) as u64
}
