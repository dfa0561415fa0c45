//! Which kind of document it is.

use serde_json::{Map, Number, Value};
use yaml_rust2::{Yaml, YamlLoader};

use super::error::DocumentError;
use super::plan_place::PlanPlace;
use super::{curl, har, openapi};
use crate::draft::plan_draft::PlanDraft;

/// A document that a plan can be made of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SourceDocument {
    Curl(String),
    Har(Value),
    OpenApi(Value),
}

impl SourceDocument {
    /// What a text is.
    pub(crate) fn of(text: &str) -> Result<Self, DocumentError> {
        let text = text.trim_start_matches('\u{feff}').trim();
        let command = text.trim_start_matches("$ ");
        if command == "curl" || command.starts_with("curl ") || command.starts_with("curl\\") {
            return Ok(Self::Curl(command.to_owned()));
        }
        let value = serde_json::from_str(text).ok().or_else(|| {
            let read = YamlLoader::load_from_str(text).ok()?;
            read.first().map(json)
        });
        match value {
            Some(value) if value.pointer("/log/entries").is_some() => Ok(Self::Har(value)),
            Some(value)
                if value
                    .get("openapi")
                    .or_else(|| value.get("swagger"))
                    .is_some() =>
            {
                Ok(Self::OpenApi(value))
            }
            _ => Err(DocumentError::Unknown),
        }
    }

    /// The plan of it.
    pub(crate) fn draft(&self, place: PlanPlace<'_>) -> Result<PlanDraft, DocumentError> {
        match self {
            Self::Curl(command) => curl::draft(command, place),
            Self::Har(value) => har::draft(value, place),
            Self::OpenApi(value) => openapi::draft(value, place),
        }
    }
}

/// YAML as JSON has it; keys that are no texts as they are written.
fn json(yaml: &Yaml) -> Value {
    match yaml {
        Yaml::Boolean(flag) => Value::Bool(*flag),
        Yaml::Integer(whole) => Value::from(*whole),
        Yaml::Real(text) => text
            .parse()
            .ok()
            .and_then(Number::from_f64)
            .map_or_else(|| Value::from(text.as_str()), Value::Number),
        Yaml::String(text) => Value::from(text.as_str()),
        Yaml::Array(items) => items.iter().map(json).collect(),
        Yaml::Hash(entries) => {
            let key = |key: &Yaml| match json(key) {
                Value::String(text) => text,
                other => other.to_string(),
            };
            let entries = entries.iter().map(|(name, value)| (key(name), json(value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        Yaml::Alias(_) | Yaml::Null | Yaml::BadValue => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_known_by_what_they_hold() {
        for (text, is) in [
            ("curl http://x", "Curl"),
            ("$ curl \\\n  http://x", "Curl"),
            (r#"{"log": {"entries": []}}"#, "Har"),
            (r#"{"openapi": "3.1.0"}"#, "OpenApi"),
            ("swagger: '2.0'\ninfo: {}", "OpenApi"),
        ] {
            let found = SourceDocument::of(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert!(format!("{found:?}").starts_with(is), "{text}: {found:?}");
        }
        for text in ["", "wget http://x", "{}", "a: 1", "curly: 1", "[1]"] {
            assert!(SourceDocument::of(text).is_err(), "{text}");
        }
    }
}
