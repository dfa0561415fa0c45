//! The body of a request.

use serde_json::Value;

use super::literal::{literal, literal_json};
use super::secret_draft::{SecretDraft, is_secret_field};
use super::toml_text::{key, of_json, quoted, table, texts};

/// A JSON body that is longer than this is a table of its own, a line for each key.
const LONG: usize = 100;

/// The pool of clips that stands in for files which nobody has.
pub(super) const POOL: &str = "speech";

/// One part of a form with files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PartDraft {
    Text(String),
    /// A clip of this pool.
    Audio(String),
    File {
        path: String,
        media_type: Option<String>,
    },
}

/// The body of a request.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum BodyDraft {
    #[default]
    Nothing,
    Json(Value),
    Form(Vec<(String, String)>),
    Multipart(Vec<(String, PartDraft)>),
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

    /// The media type that a step sends it with unless a header says otherwise.
    pub(super) fn media_type(&self) -> Option<&'static str> {
        match self {
            Self::Json(_) => Some("application/json"),
            Self::Form(_) => Some("application/x-www-form-urlencoded"),
            Self::Multipart(_) => Some("multipart/form-data"),
            Self::Text(_) => Some("text/plain; charset=utf-8"),
            Self::Nothing | Self::File(_) => None,
        }
    }

    /// The same with its texts meaning themselves.
    pub(super) fn literal(self) -> Self {
        match self {
            Self::Json(value) => Self::Json(literal_json(value)),
            Self::Text(text) => Self::Text(literal(&text)),
            other => other,
        }
    }

    /// Whether it is JSON that only a text can hold.
    pub(super) fn is_unwritable_json(&self) -> bool {
        matches!(self, Self::Text(text) if text.trim_start().starts_with(['{', '['])
            && serde_json::from_str::<Value>(text).is_ok())
    }

    /// Whether it sends a clip of the pool.
    pub(super) fn needs_pool(&self) -> bool {
        matches!(self, Self::Multipart(parts) if parts.iter().any(|(_, part)| matches!(part, PartDraft::Audio(_))))
    }

    /// The same with its passwords taken from the environment.
    pub(super) fn without_secrets(self, secrets: &mut Vec<SecretDraft>) -> Self {
        match self {
            Self::Json(value) => Self::Json(hidden(value, "", secrets)),
            Self::Form(fields) => Self::Form(
                fields
                    .into_iter()
                    .map(|(name, text)| {
                        let text = hidden_text(text, &name, secrets);
                        (name, text)
                    })
                    .collect(),
            ),
            Self::Text(text) => Self::Text(match serde_json::from_str::<Value>(&text) {
                Ok(value @ (Value::Object(_) | Value::Array(_))) => {
                    hidden(value, "", secrets).to_string()
                }
                _ => text,
            }),
            other => other,
        }
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
            Self::Form(fields) => line("form", texts(fields)),
            Self::Multipart(parts) => line(
                "multipart",
                table(parts.iter().map(|(name, part)| (name.clone(), part.text()))),
            ),
            Self::Text(text) => line("text", quoted(text)),
            Self::File(path) => line("file", quoted(path)),
        }
    }
}

impl PartDraft {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Audio(pool) => table([("audio".to_owned(), quoted(pool))]),
            Self::File { path, media_type } => table(
                [
                    ("file".to_owned(), quoted(path)),
                    (
                        "type".to_owned(),
                        media_type.as_deref().map(quoted).unwrap_or_default(),
                    ),
                ]
                .into_iter()
                .filter(|(_, value)| !value.is_empty()),
            ),
        }
    }
}

fn hidden(value: Value, name: &str, secrets: &mut Vec<SecretDraft>) -> Value {
    match value {
        Value::String(text) => Value::String(hidden_text(text, name, secrets)),
        Value::Object(entries) => {
            let entries = entries.into_iter().map(|(name, value)| {
                let value = hidden(value, &name, secrets);
                (name, value)
            });
            Value::Object(entries.collect())
        }
        Value::Array(items) => items
            .into_iter()
            .map(|item| hidden(item, "", secrets))
            .collect(),
        other => other,
    }
}

fn hidden_text(text: String, name: &str, secrets: &mut Vec<SecretDraft>) -> String {
    if !is_secret_field(name) || text.is_empty() || text.contains("{{") {
        return text;
    }
    let secret = SecretDraft::named(name, &text);
    let used = secret.used();
    if !secrets.iter().any(|known| known.name == secret.name) {
        secrets.push(secret);
    }
    used
}

fn json_table(flow: &str, entries: &serde_json::Map<String, Value>) -> String {
    let lines = entries
        .iter()
        .filter_map(|(name, value)| Some(format!("{} = {}\n", key(name), of_json(value)?)));
    format!("[flow.{flow}.http.json]\n{}", lines.collect::<String>())
}
