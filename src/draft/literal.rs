//! Texts that mean themselves: what a plan would fill in is written so that it does not.

use serde_json::Value;

/// The text with `{{` and `${` as they are.
pub(super) fn literal(text: &str) -> String {
    text.replace("{{", "{{{{").replace("${", "$${")
}

/// The same of every text in a value.
pub(super) fn literal_json(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(literal(&text)),
        Value::Array(items) => items.into_iter().map(literal_json).collect(),
        Value::Object(entries) => Value::Object(
            entries
                .into_iter()
                .map(|(name, value)| (name, literal_json(value)))
                .collect(),
        ),
        other => other,
    }
}
