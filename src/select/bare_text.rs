//! A value that stands where a condition is wanted: `done` for `is done`.

use super::error::SelectError;

/// Whether a text is nothing but a value: it begins like none of the forms, nor nearly.
pub(super) fn is_bare(text: &str, forms: &[&'static str]) -> bool {
    const VERBS: [&str; 9] = [
        "is", "not", "one", "contains", "matches", "present", "absent", "empty", "has",
    ];
    const NEARLY: [&str; 11] = [
        "isnt", "isn't", "isnot", "equals", "equal", "eq", "ne", "gt", "lt", "gte", "lte",
    ];
    let lower = text.to_lowercase();
    let word = lower.split_whitespace().next().unwrap_or_default();
    let is_sign = text.starts_with(['<', '>', '=', '!', '~']);
    let is_range = text.contains("..") && text.starts_with(|c: char| c.is_ascii_digit());
    // `20x`, `2xx`, `200-299` and `200,201` are meant as statuses.
    let digits = lower.trim_start_matches(|c: char| c.is_ascii_digit());
    let count = lower.len() - digits.len();
    let is_class = (count == 3 && digits.starts_with(['-', ',', '|', '/']))
        || ((1..3).contains(&count) && digits.trim_start_matches('x').is_empty());
    // A short word is near to `is` by chance.
    let is_near = word.chars().count() > 3 && SelectError::nearest_form(text, forms).is_some();
    let is_verb = VERBS.contains(&word) || (word != lower && NEARLY.contains(&word));
    !(text.is_empty() || is_sign || is_range || is_verb || is_near || is_class)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::select::{Condition, FillIn};

    #[test]
    fn a_text_without_a_verb_is_the_value() {
        let read = |text: &str| Condition::fill_in(&Value::from(text), &[]);
        for text in [
            "done",
            "in progress",
            "ok then",
            "it",
            "DE",
            "ready!",
            "two words",
            "a..b",
            "2026-11-22",
            "$5",
        ] {
            let condition = read(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(condition.to_string(), format!("be {text:?}"));
        }
        for text in [
            "isnt x",
            "contain x",
            "contians x",
            "presnt",
            "not done",
            "Is done",
            "== 5",
            "= done",
            "!= x",
            "<=> 5",
            "> five",
            "1 .. x",
            "not_empty",
            "equals 5",
            "one",
            "",
            "has",
            "20x",
            "2xx",
            "200-299",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert_eq!(
            read("contain x").unwrap_err().message,
            "`contain x` is not a condition\ndid you mean `contains TEXT`? The text itself is `is contain x`"
        );
    }
}
