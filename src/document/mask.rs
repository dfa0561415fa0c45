//! Keeps secrets out of everything that is written.

use std::ops::Range;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::spelling::SecretSpelling;
use super::userinfo;

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
    anywhere: Arc<Vec<SecretSpelling>>,
}

impl Mask {
    /// Hides these values, as they are and as URLs, JSON, HTML, base64 and hexadecimal digits write them.
    #[must_use]
    pub fn new(secrets: impl IntoIterator<Item = String>) -> Self {
        let (mut whole, mut anywhere) = (Vec::new(), Vec::new());
        for secret in secrets.into_iter().filter(|secret| !secret.is_empty()) {
            if secret.chars().count() < SHORT {
                whole.push(secret);
            } else {
                anywhere.push(SecretSpelling::new(&secret));
            }
        }
        // The longest first: a secret may hold another one.
        anywhere.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
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

    /// The text without secrets, and without what stands before the `@` of a URL.
    #[must_use]
    pub fn text(&self, text: &str) -> String {
        self.hide(text, |_| MASKED.to_owned())
    }

    /// The same with a text of the same length, so that places in it stay what they are.
    #[must_use]
    pub fn covered(&self, text: &str) -> String {
        self.hide(text, |place| "*".repeat(place.len()))
    }

    fn hide(&self, text: &str, stand_in: impl Fn(&Range<usize>) -> String) -> String {
        if self.whole.iter().any(|secret| secret == text) {
            return stand_in(&(0..text.len()));
        }
        let mut text = text.to_owned();
        let mut replace = |find: &dyn Fn(&str) -> Vec<Range<usize>>| {
            for place in find(&text).into_iter().rev() {
                let stand_in = stand_in(&place);
                text.replace_range(place, &stand_in);
            }
        };
        for secret in self.anywhere.iter() {
            replace(&|text| secret.places(text));
        }
        replace(&userinfo::places);
        text
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
            ("http://me:pw@asr/x", "http://me:***@asr/x"),
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
    fn what_covers_a_secret_is_as_long_as_it() {
        let mask = Mask::new(["user:pass".to_owned()]);
        let source = "url = \"http://user:pass@asr\" # as user%3Apass, dXNlcjpwYXNz";
        let covered = mask.covered(source);
        assert_eq!(
            covered,
            "url = \"http://*********@asr\" # as ***********, ************"
        );
    }

    #[test]
    fn measured_numbers_of_a_document_stay() {
        let mask = Mask::new(["1234".to_owned()]);
        let value: Value = mask.document(json!({ "count": 1234, "message": "code 1234" }));
        assert_eq!(value, json!({ "count": 1234, "message": "code ***" }));
        assert_eq!(mask.value(&json!({ "pin": 1234 })), json!({ "pin": "***" }));
    }
}
