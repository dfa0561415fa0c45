//! Whether a message as JSON fits the type that it is to be, field by field.

use prost_reflect::{DeserializeOptions, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value};

use crate::diag::nearest;

/// What does not fit, each in a sentence that names its field. Texts with `{{names}}` are filled in later: they fit everything.
pub(crate) fn misfits(message: &MessageDescriptor, json: &Value) -> Vec<String> {
    let mut found = Vec::new();
    fits_message(message, json, "", &mut found);
    found
}

fn fits_message(message: &MessageDescriptor, json: &Value, path: &str, found: &mut Vec<String>) {
    let name = message.full_name();
    // A time, a duration, a wrapper and their like have forms of their own.
    if name.starts_with("google.protobuf.") {
        if !has_names(json) && read(message, json).is_err() {
            found.push(format!(
                "{} takes a {name}, not {}",
                field(path),
                shown(json)
            ));
        }
        return;
    }
    let Value::Object(fields) = json else {
        found.push(format!(
            "{} takes {{ … }}, a message of the type {name}, not {}",
            field(path),
            shown(json)
        ));
        return;
    };
    let described = |key: &String| {
        message
            .fields()
            .find(|field| field.name() == key || field.json_name() == key)
    };
    for choice in message.oneofs() {
        let chosen: Vec<&String> = fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, _)| key)
            .filter(|key| {
                described(key)
                    .and_then(|field| field.containing_oneof())
                    .as_ref()
                    == Some(&choice)
            })
            .collect();
        if let [first, .., last] = chosen[..] {
            let (first, last) = (join(path, first), join(path, last));
            found.push(format!(
                "`{first}` and `{last}` exclude each other: {name} takes one of its `{}`",
                choice.name()
            ));
        }
    }
    for (key, value) in fields {
        let path = join(path, key);
        match described(key) {
            Some(field) => fits_field(&field, value, &path, found),
            None => found.push(unknown(message, key, &path)),
        }
    }
}

fn fits_field(described: &FieldDescriptor, value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Null => {}
        text if is_filled_in(text) => {}
        Value::Array(all) if described.is_list() => {
            all.iter()
                .for_each(|one| fits_kind(described, &described.kind(), one, path, found));
        }
        other if described.is_list() => {
            found.push(format!(
                "{} takes a list, [ … ], not {}",
                field(path),
                shown(other)
            ));
        }
        Value::Object(all) if described.is_map() => {
            let Kind::Message(entry) = described.kind() else {
                return;
            };
            let one = entry.map_entry_value_field();
            all.iter().for_each(|(key, value)| {
                fits_kind(&one, &one.kind(), value, &join(path, key), found);
            });
        }
        other => fits_kind(described, &described.kind(), other, path, found),
    }
}

fn fits_kind(
    described: &FieldDescriptor,
    kind: &Kind,
    value: &Value,
    path: &str,
    found: &mut Vec<String>,
) {
    if is_filled_in(value) {
        return;
    }
    if let Kind::Message(message) = kind
        && !described.is_map()
    {
        return fits_message(message, value, path, found);
    }
    // The reader itself says what it takes: the whole range of numbers, numbers in quotes, base64.
    let one = if described.is_list() {
        Value::Array(vec![value.clone()])
    } else {
        value.clone()
    };
    let alone = Value::Object(Map::from_iter([(described.name().to_owned(), one)]));
    if read(described.parent_message(), &alone).is_ok() {
        return;
    }
    let help = match (kind, value) {
        (Kind::Enum(all), Value::String(text)) => {
            let names: Vec<String> = all.values().map(|value| value.name().to_owned()).collect();
            match nearest(text, names.iter().map(String::as_str)) {
                Some(close) => format!("; did you mean `{close}`?"),
                None => format!(": it is one of {}", names.join(", ")),
            }
        }
        _ => String::new(),
    };
    found.push(format!(
        "{} takes {}, not {}{help}",
        field(path),
        kind_name(kind),
        shown(value)
    ));
}

/// Reads a message as the sender will.
pub(crate) fn read(
    message: &MessageDescriptor,
    json: &Value,
) -> Result<DynamicMessage, serde_json::Error> {
    let options = DeserializeOptions::new().deny_unknown_fields(true);
    DynamicMessage::deserialize_with_options(message.clone(), json, &options)
}

fn unknown(message: &MessageDescriptor, key: &str, path: &str) -> String {
    let names: Vec<String> = message
        .fields()
        .map(|field| field.name().to_owned())
        .collect();
    let help = match nearest(key, names.iter().map(String::as_str)) {
        Some(close) => format!("did you mean `{close}`?"),
        None => format!("its fields are {}", names.join(", ")),
    };
    format!(
        "there is no field `{path}` in {}: {help}",
        message.full_name()
    )
}

fn kind_name(kind: &Kind) -> String {
    match kind {
        Kind::Bool => "true or false".to_owned(),
        Kind::String => "a text".to_owned(),
        Kind::Bytes => "bytes, as a text in base64".to_owned(),
        Kind::Float | Kind::Double => "a number".to_owned(),
        Kind::Enum(all) => format!("a value of {}", all.full_name()),
        Kind::Message(message) => format!("a {}", message.full_name()),
        Kind::Uint32 | Kind::Uint64 | Kind::Fixed32 | Kind::Fixed64 => {
            format!("a whole number that is not negative ({kind:?})").to_lowercase()
        }
        _ => format!("a whole number ({kind:?})").to_lowercase(),
    }
}

fn field(path: &str) -> String {
    if path.is_empty() {
        "the message".to_owned()
    } else {
        format!("the field `{path}`")
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn is_filled_in(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains("{{"))
}

fn has_names(value: &Value) -> bool {
    match value {
        Value::Array(all) => all.iter().any(has_names),
        Value::Object(all) => all.values().any(has_names),
        one => is_filled_in(one),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_reflect::DescriptorPool;
    use serde_json::json;

    fn ask() -> MessageDescriptor {
        let folder = tempfile::tempdir().expect("a folder");
        let text = "syntax = \"proto3\"; package a; import \"google/protobuf/duration.proto\";\n\
                    enum Coding { NONE = 0; LINEAR_PCM = 1; FLAC = 2; }\n\
                    message Config { Coding encoding = 1; int32 sample_rate_hertz = 2; bool punctuated = 3; repeated string hints = 4; }\n\
                    message Ask { Config config = 1; bytes audio = 2; map<string, int32> limits = 3; uint32 best = 4; repeated Config more = 5;\n\
                                  google.protobuf.Duration within = 6; double boost = 7;\n\
                                  oneof say { string text = 8; bytes tone = 9; } optional string who = 10; }\n";
        std::fs::write(folder.path().join("ask.proto"), text).expect("write");
        let set = protox::compile(["ask.proto"], [folder.path()]).expect("compiles");
        DescriptorPool::from_file_descriptor_set(set)
            .expect("pool")
            .get_message_by_name("a.Ask")
            .expect("there")
    }

    #[test]
    fn what_fits_is_left_alone() {
        let ask = ask();
        for json in [
            json!({}),
            json!({ "config": { "encoding": "FLAC", "sampleRateHertz": "16000", "hints": ["a", "{{hint}}"] }, "audio": "YWJj" }),
            json!({ "config": { "encoding": "{{coding}}", "sample_rate_hertz": "{{rate}}", "punctuated": "{{yes}}" } }),
            json!({ "limits": { "a": 1, "b": "{{n}}" }, "more": [{ "encoding": 1 }], "within": "1.5s", "boost": 2 }),
            json!({ "config": "{{config}}", "more": "{{more}}", "within": null }),
            json!({ "text": "a", "tone": null, "who": "me" }),
        ] {
            assert_eq!(misfits(&ask, &json), [""; 0], "{json}");
        }
    }

    #[test]
    fn what_does_not_fit_names_its_field() {
        let ask = ask();
        for (json, says) in [
            (
                json!([1]),
                "the message takes { … }, a message of the type a.Ask, not [1]",
            ),
            (
                json!({ "conifg": {} }),
                "there is no field `conifg` in a.Ask: did you mean `config`?",
            ),
            (
                json!({ "config": { "rate": 1 } }),
                "there is no field `config.rate` in a.Config",
            ),
            (
                json!({ "config": { "encoding": "LINEAR_PMC" } }),
                "the field `config.encoding` takes a value of a.Coding, not \"LINEAR_PMC\"; did you mean `LINEAR_PCM`?",
            ),
            (
                json!({ "config": { "sample_rate_hertz": "16k" } }),
                "the field `config.sample_rate_hertz` takes a whole number (int32), not \"16k\"",
            ),
            (
                json!({ "config": { "punctuated": "yes" } }),
                "the field `config.punctuated` takes true or false, not \"yes\"",
            ),
            (
                json!({ "config": { "hints": "a" } }),
                "the field `config.hints` takes a list, [ … ], not \"a\"",
            ),
            (
                json!({ "config": { "hints": [1] } }),
                "the field `config.hints` takes a text, not 1",
            ),
            (
                json!({ "audio": "%%%" }),
                "the field `audio` takes bytes, as a text in base64, not \"%%%\"",
            ),
            (
                json!({ "limits": { "a": "x" } }),
                "the field `limits.a` takes a whole number (int32), not \"x\"",
            ),
            (
                json!({ "best": -1 }),
                "the field `best` takes a whole number that is not negative (uint32), not -1",
            ),
            (
                json!({ "more": [{ "encodng": 1 }] }),
                "there is no field `more.encodng` in a.Config: did you mean `encoding`?",
            ),
            (
                json!({ "within": "soon" }),
                "the field `within` takes a google.protobuf.Duration, not \"soon\"",
            ),
            (
                json!({ "text": "a", "tone": "{{chunk}}" }),
                "`text` and `tone` exclude each other: a.Ask takes one of its `say`",
            ),
            (
                json!({ "boost": "loud" }),
                "the field `boost` takes a number, not \"loud\"",
            ),
        ] {
            let found = misfits(&ask, &json);
            assert!(
                found.len() == 1 && found[0].starts_with(says),
                "{json}: {found:?}"
            );
        }
    }
}
