//! The body of a request.

use serde_json::Value;

use super::toml_text::{key, of_json, quoted};

/// A JSON body that is longer than this is a table of its own, a line for each key.
const LONG: usize = 100;

/// The body of a request.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum BodyDraft {
    #[default]
    Nothing,
    Json(Value),
    Text(String),
    File(String),
}

impl BodyDraft {
    /// JSON where the text is JSON that a plan can write, else the text.
    pub(super) fn of(text: &str) -> Self {
        match serde_json::from_str::<Value>(text) {
            Ok(value) if (value.is_object() || value.is_array()) && of_json(&value).is_some() => {
                Self::Json(value)
            }
            _ => Self::Text(text.to_owned()),
        }
    }

    /// Whether it is JSON that only a text can hold.
    pub(super) fn is_unwritable_json(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim_start().starts_with(['{', '['])
            && serde_json::from_str::<Value>(text).is_ok())
    }

    /// Its key and value in a step, and the lines of a table that stands behind the step.
    pub(super) fn lines(&self, flow: &str) -> (Option<(String, String)>, String) {
        let line =
            |name: &str, value: String| (Some((format!("http.{name}"), value)), String::new());
        match self {
            Self::Nothing => (None, String::new()),
            Self::Json(value) => {
                let one_line = of_json(value).unwrap_or_default();
                match value {
                    Value::Object(entries) if one_line.chars().count() > LONG => {
                        (None, json_table(flow, entries))
                    }
                    _ => line("json", one_line),
                }
            }
            Self::Text(text) => line("text", quoted(text)),
            Self::File(path) => line("file", quoted(path)),
        }
    }
}

fn json_table(flow: &str, entries: &serde_json::Map<String, Value>) -> String {
    let lines = entries
        .iter()
        .filter_map(|(name, value)| Some(format!("{} = {}\n", key(name), of_json(value)?)));
    format!("[flow.{flow}.http.json]\n{}", lines.collect::<String>())
}
