//! The schema of a plan file, made of the types that read it and put right for editors.

use std::sync::LazyLock;

use schemars::transform::{RecursiveTransform, Transform};
use schemars::{Schema, SchemaGenerator, generate::SchemaSettings, json_schema};

use serde_json::Value;

use crate::plan::docs::document::Document;
use crate::units::FILLED_LATER;

/// The JSON schema of a plan file (draft 2020-12).
#[must_use]
pub(in crate::plan) fn schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(generate);
    &SCHEMA
}

fn generate() -> Value {
    let mut schema =
        SchemaGenerator::new(SchemaSettings::draft2020_12()).into_root_schema_for::<Document>();
    RecursiveTransform(put_right).transform(&mut schema);
    let mut rest = std::mem::take(schema.ensure_object());
    // What says which schema this is comes first.
    let first = ["$schema", "$id", "title", "description"].map(|key| rest.remove_entry(key));
    first
        .into_iter()
        .flatten()
        .chain(rest)
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// The JSON schema as text, ready to be written to a file.
#[must_use]
pub fn schema_text() -> String {
    let mut text = serde_json::to_string_pretty(schema()).unwrap_or_default();
    text.push('\n');
    text
}

fn put_right(schema: &mut Schema) {
    without_null(schema);
    without_empty_default(schema);
    plain_default(schema);
    choice_or_filled_later(schema);
}

/// TOML has no null: what may be left out is left out.
fn without_null(schema: &mut Schema) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(choices)) = schema.get_mut("enum") {
        choices.retain(|choice| !choice.is_null());
    }
    let Some(Value::Array(forms)) = schema.get_mut("anyOf") else {
        return;
    };
    forms.retain(|form| form.get("type").is_none_or(|name| name != "null"));
    let [Value::Object(only)] = forms.as_slice() else {
        return;
    };
    // What is said of the key comes before what is said of its type.
    let only = only.clone();
    schema.remove("anyOf");
    for (key, value) in only {
        if schema.get(&key).is_none() {
            schema.insert(key, value);
        }
    }
}

/// A default that is nothing says nothing.
fn without_empty_default(schema: &mut Schema) {
    let empty = schema.get("default").is_some_and(|default| match default {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        // What a table is by default, its own keys say.
        Value::Object(_) => true,
        _ => false,
    });
    if empty {
        schema.remove("default");
    }
}

/// The default of a number or a flag as an editor would put it in: `4`, not `"4"`.
fn plain_default(schema: &mut Schema) {
    let plain = schema.get("type").is_some_and(Value::is_array);
    let Some(Value::String(text)) = schema.get("default").filter(|_| plain) else {
        return;
    };
    if let Ok(value @ (Value::Number(_) | Value::Bool(_))) = serde_json::from_str(text) {
        schema.insert("default".to_owned(), value);
    }
}

/// A variable may stand where one of several words is wanted.
fn choice_or_filled_later(schema: &mut Schema) {
    let words: Vec<Value> = match (schema.get("enum"), schema.get("oneOf")) {
        (Some(Value::Array(words)), None) if words.iter().all(Value::is_string) => words
            .iter()
            .map(|word| json_schema!({ "const": word }).to_value())
            .collect(),
        (None, Some(Value::Array(forms)))
            if forms.iter().all(|form| form.get("const").is_some()) =>
        {
            forms.clone()
        }
        _ => return,
    };
    let later = json_schema!({ "type": "string", "pattern": FILLED_LATER, "description": "a variable or the environment" });
    schema.remove("enum");
    schema.remove("oneOf");
    schema.insert(
        "anyOf".to_owned(),
        words.into_iter().chain([later.to_value()]).collect(),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_null_and_choices_and_lists_have_every_form() {
        let text = schema_text();
        assert!(!text.contains("null"), "{text}");
        let schema = schema();
        assert_eq!(schema.get("required"), None);
        let of = |pointer: &str| {
            schema
                .pointer(pointer)
                .unwrap_or_else(|| panic!("no {pointer} in {text}"))
                .clone()
        };
        assert_eq!(of("/$defs/PollSpec/properties/done/default"), "completed");
        assert_eq!(of("/$defs/PollSpec/properties/done/anyOf/1/type"), "array");
        assert_eq!(of("/$defs/ArrivalKind/anyOf/1/const"), "poisson");
        assert_eq!(of("/$defs/ArrivalKind/anyOf/2/pattern"), FILLED_LATER);
        assert_eq!(of("/$defs/Load/properties/arrivals/default"), "uniform");
        assert_eq!(of("/$defs/PollSpec/properties/backoff/default"), 1);
        assert_eq!(of("/properties/in_turn/default"), false);
        assert_eq!(of("/properties/target/$ref"), "#/$defs/TargetSpec");
        assert_eq!(
            of("/$defs/PoolSpec/properties/files/anyOf/0/type"),
            "string"
        );
    }
}
