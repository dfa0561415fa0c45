//! What a schema allows at a place: the form that a value has to have, its words, and where keys of a name belong.

use serde_json::Value;

/// The words that a value is one of; none where it may be anything else.
pub(in crate::plan) fn words(root: &Value, schema: &Value) -> Vec<String> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return root
            .get("$defs")
            .and_then(|all| all.get(name))
            .map_or_else(Vec::new, |schema| words(root, schema));
    }
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(word) = schema.get("const").and_then(text) {
        return vec![word];
    }
    if let Some(all) = schema.get("enum").and_then(Value::as_array) {
        return all.iter().filter_map(text).collect();
    }
    let forms = ["anyOf", "oneOf"]
        .iter()
        .find_map(|form| schema.get(form)?.as_array());
    // A variable may stand for each of them.
    let other = |form: &&Value| {
        form.get("type").is_some_and(|own| own == "null") || form.get("pattern").is_some()
    };
    let all: Vec<_> = forms
        .into_iter()
        .flatten()
        .filter(|form| !other(form))
        .map(|form| words(root, form))
        .collect();
    if all.iter().any(Vec::is_empty) {
        Vec::new()
    } else {
        all.concat()
    }
}

/// The deepest place of the format, in tables and lists: a key of a part of a body of a step.
pub(in crate::plan) const DEEPEST: u8 = 8;

/// Every place of the format that has a key of this name.
pub(in crate::plan) fn collect(
    root: &Value,
    schema: &Value,
    name: &str,
    place: &str,
    depth: u8,
    owners: &mut Vec<String>,
) {
    // Rules and JSON bodies hold themselves again: no key of the format lies deeper than this.
    if depth == 0 {
        return;
    }
    for kind in ["object", "array"] {
        let Some(schema) = branch(root, schema, kind) else {
            continue;
        };
        if let Some(items) = schema.get("items") {
            collect(root, items, name, place, depth - 1, owners);
        }
        let join = |key: &str| {
            if place.is_empty() {
                key.to_owned()
            } else {
                format!("{place}.{key}")
            }
        };
        for (key, below) in schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            if key == name && !owners.iter().any(|owner| owner == place) {
                owners.push(place.to_owned());
            }
            // A phase has the sections of the plan once more.
            if key != "phase" {
                collect(root, below, name, &join(key), depth - 1, owners);
            }
        }
        if let Some(below) = schema
            .get("additionalProperties")
            .filter(|more| more.is_object())
        {
            collect(root, below, name, &join("*"), depth - 1, owners);
        }
    }
}

/// The form of a schema that a table or an array has to have.
pub(in crate::plan) fn branch(root: &Value, schema: &Value, kind: &str) -> Option<Value> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next()?;
        return branch(root, root.get("$defs")?.get(name)?, kind);
    }
    for form in ["anyOf", "oneOf", "allOf"] {
        if let Some(forms) = schema.get(form).and_then(Value::as_array) {
            return forms.iter().find_map(|schema| branch(root, schema, kind));
        }
    }
    let own = schema.get("type")?;
    let fits = own == kind
        || own
            .as_array()
            .is_some_and(|types| types.iter().any(|own| own == kind));
    fits.then(|| schema.clone())
}
