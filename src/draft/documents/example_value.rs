//! A value that a schema would accept.

use serde_json::{Map, Value, json};

use crate::draft::literal::literal_json;

/// Schemas that hold themselves end here.
const DEEPEST: usize = 8;

/// What stands at a reference such as `#/components/schemas/Pet`; the value itself where it is none.
pub(super) fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let mut here = value;
    for _ in 0..DEEPEST {
        let Some(reference) = here.get("$ref").and_then(Value::as_str) else {
            break;
        };
        match reference
            .strip_prefix('#')
            .and_then(|way| document.pointer(way))
        {
            Some(found) => here = found,
            None => break,
        }
    }
    here
}

/// An example of a schema: its own, or one that is made of its types.
pub(super) fn example(document: &Value, schema: &Value) -> Value {
    of(document, schema, 0)
}

fn of(document: &Value, schema: &Value, depth: usize) -> Value {
    let schema = resolved(document, schema);
    for key in ["example", "default", "const"] {
        if let Some(value) = schema.get(key) {
            return literal_json(value.clone());
        }
    }
    for key in ["examples", "enum"] {
        if let Some(first) = schema
            .get(key)
            .and_then(Value::as_array)
            .and_then(|all| all.first())
        {
            return literal_json(first.clone());
        }
    }
    if depth >= DEEPEST {
        return Value::Null;
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let mut whole = object(document, schema, depth);
        for part in parts {
            if let Value::Object(more) = of(document, part, depth + 1) {
                whole.extend(more);
            }
        }
        return Value::Object(whole);
    }
    for key in ["oneOf", "anyOf"] {
        let all = schema
            .get(key)
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let mut useful = all.filter(|one| one.get("type").is_none_or(|kind| kind != "null"));
        if let Some(first) = useful.next() {
            return of(document, first, depth + 1);
        }
    }
    let kind = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null"),
        Some(kind) => kind.as_str(),
        None => None,
    };
    match kind {
        Some("string") => text(schema),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or_else(|| json!(1)),
        Some("boolean") => json!(true),
        Some("array") => {
            let item = schema
                .get("items")
                .map(|items| of(document, items, depth + 1));
            item.filter(|item| !item.is_null()).into_iter().collect()
        }
        Some("null") => Value::Null,
        _ => Value::Object(object(document, schema, depth)),
    }
}

/// The properties that are required; all of them where none is said to be.
fn object(document: &Value, schema: &Value, depth: usize) -> Map<String, Value> {
    let required: Option<Vec<&str>> = schema
        .get("required")
        .and_then(Value::as_array)
        .map(|names| names.iter().filter_map(Value::as_str).collect());
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .filter(|(name, own)| {
            let read_only = own.get("readOnly").is_some_and(|flag| flag == true);
            !read_only
                && required
                    .as_ref()
                    .is_none_or(|required| required.contains(&name.as_str()))
        })
        .map(|(name, own)| (name.clone(), of(document, own, depth + 1)))
        .filter(|(_, value)| !value.is_null())
        .collect()
}

fn text(schema: &Value) -> Value {
    let format = schema
        .get("format")
        .and_then(Value::as_str)
        .unwrap_or_default();
    Value::from(match format {
        "uuid" => "{{uuid}}",
        "date" => "2026-01-31",
        "date-time" => "2026-01-31T12:00:00Z",
        "email" => "user-{{uuid}}@example.com",
        "uri" | "url" => "https://example.com/",
        "byte" => "AAAA",
        _ => "text",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_fit_their_schemas() {
        let document = json!({ "defs": {
            "Pet": { "type": "object", "required": ["name", "kind"], "properties": {
                "id": { "type": "integer", "readOnly": true },
                "name": { "type": "string" },
                "kind": { "enum": ["dog", "cat"] },
                "age": { "type": "integer" },
            } },
            "Loop": { "type": "object", "properties": { "next": { "$ref": "#/defs/Loop" } } },
        } });
        for (schema, expected) in [
            (
                json!({ "$ref": "#/defs/Pet" }),
                json!({ "name": "text", "kind": "dog" }),
            ),
            (
                json!({ "type": ["null", "integer"], "minimum": 5 }),
                json!(5),
            ),
            (
                json!({ "type": "array", "items": { "type": "string", "format": "uuid" } }),
                json!(["{{uuid}}"]),
            ),
            (
                json!({ "allOf": [{ "$ref": "#/defs/Pet" }, { "properties": { "more": { "type": "boolean" } } }] }),
                json!({ "name": "text", "kind": "dog", "more": true }),
            ),
            (
                json!({ "anyOf": [{ "type": "null" }, { "type": "string", "default": "x" }] }),
                json!("x"),
            ),
        ] {
            assert_eq!(example(&document, &schema), expected, "{schema}");
        }
        // It ends.
        assert!(example(&document, &json!({ "$ref": "#/defs/Loop" })).is_object());
    }
}
