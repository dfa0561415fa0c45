//! Keeps secrets out of everything that is written.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What stands where a secret stood.
pub const MASKED: &str = "***";

/// Headers whose values are nobody's business, whatever a plan calls them.
pub const CONFIDENTIAL_HEADERS: [&str; 7] = [
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "x-api-key",
    "api-key",
    "x-auth-token",
];

/// A secret shorter than this is hidden only where it is a whole text: hiding every `a` would leave nothing to read.
const SHORT: usize = 4;

/// The values that no output may show. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Mask {
    whole: Arc<Vec<String>>,
    anywhere: Arc<Vec<String>>,
}

impl Mask {
    /// Hides these values, as they are and as URLs, JSON and basic authentication write them.
    #[must_use]
    pub fn new(secrets: impl IntoIterator<Item = String>) -> Self {
        let (mut whole, mut anywhere) = (Vec::new(), Vec::new());
        for secret in secrets.into_iter().filter(|secret| !secret.is_empty()) {
            if secret.chars().count() < SHORT {
                whole.push(secret);
            } else {
                anywhere.extend(forms(&secret));
            }
        }
        // The longest first: a secret may hold another one.
        anywhere.sort_by_key(|form| std::cmp::Reverse(form.len()));
        anywhere.dedup();
        Self {
            whole: Arc::new(whole),
            anywhere: Arc::new(anywhere),
        }
    }

    /// Whether there is nothing to hide.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.anywhere.is_empty()
    }

    /// The text without secrets.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        if self.whole.iter().any(|secret| secret == text) {
            return MASKED.to_owned();
        }
        self.anywhere.iter().fold(text.to_owned(), |text, secret| {
            without_begin(
                if text.contains(secret.as_str()) {
                    text.replace(secret.as_str(), MASKED)
                } else {
                    text
                },
                secret,
            )
        })
    }

    /// The value without secrets in its texts and keys.
    #[must_use]
    pub fn value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text)),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(map) => Value::Object(
                map.iter()
                    .map(|(key, value)| (self.text(key), self.value(value)))
                    .collect(),
            ),
            Value::Number(number) => {
                let text = number.to_string();
                if self.text(&text) == text {
                    value.clone()
                } else {
                    Value::String(MASKED.to_owned())
                }
            }
            other => other.clone(),
        }
    }

    /// The document without secrets. It stays as it is where there is nothing to hide.
    #[must_use]
    pub fn document<T: Serialize + DeserializeOwned>(&self, document: T) -> T {
        if self.is_empty() {
            return document;
        }
        // Numbers of a document are measured, never secret: only its texts are looked at.
        let masked = serde_json::to_value(&document)
            .map(|value| self.texts(&value))
            .and_then(serde_json::from_value);
        masked.unwrap_or(document)
    }

    fn texts(&self, value: &Value) -> Value {
        match value {
            Value::Number(_) => value.clone(),
            Value::Array(items) => items.iter().map(|item| self.texts(item)).collect(),
            Value::Object(map) => Value::Object(
                map.iter()
                    .map(|(key, value)| (self.text(key), self.texts(value)))
                    .collect(),
            ),
            other => self.value(other),
        }
    }
}

/// The text without the begin of a secret that was cut off: what is shortened ends with `…`.
fn without_begin(text: String, secret: &str) -> String {
    if !text.contains('…') {
        return text;
    }
    let begins = secret
        .char_indices()
        .map(|(at, _)| &secret[..at])
        .filter(|begin| begin.chars().count() >= SHORT);
    begins.rev().fold(text, |text, begin| {
        text.replace(&format!("{begin}…"), &format!("{MASKED}…"))
    })
}

/// How a secret may look in an output.
fn forms(secret: &str) -> Vec<String> {
    let url: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let json = Value::from(secret).to_string();
    let mut all = vec![
        secret.to_owned(),
        url.replace('+', "%20"),
        url,
        json[1..json.len() - 1].to_owned(),
        STANDARD.encode(secret),
    ];
    all.sort();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_secret_is_hidden_in_every_form() {
        let mask = Mask::new([
            "to ken/\"1\"".to_owned(),
            "user:pass".to_owned(),
            String::new(),
            "ab".to_owned(),
        ]);
        for (text, hidden) in [
            ("bad token to ken/\"1\"!", "bad token ***!"),
            ("/x?key=to+ken%2F%221%22&a=1", "/x?key=***&a=1"),
            ("/x?key=to%20ken%2F%221%22", "/x?key=***"),
            (r#"{"echo":"to ken/\"1\""}"#, r#"{"echo":"***"}"#),
            ("Basic dXNlcjpwYXNz", "Basic ***"),
            ("ab", "***"),
            ("about", "about"),
            ("cut off: to ken…", "cut off: ***…"),
        ] {
            assert_eq!(mask.text(text), hidden);
        }
        assert_eq!(
            mask.value(&json!({ "user:pass": ["user:pass", 1, true] })),
            json!({ "***": ["***", 1, true] })
        );
        assert!(Mask::default().is_empty() && !mask.is_empty());
    }

    #[test]
    fn measured_numbers_of_a_document_stay() {
        let mask = Mask::new(["1234".to_owned()]);
        let value: Value = mask.document(json!({ "count": 1234, "message": "code 1234" }));
        assert_eq!(value, json!({ "count": 1234, "message": "code ***" }));
        assert_eq!(mask.value(&json!({ "pin": 1234 })), json!({ "pin": "***" }));
    }
}
