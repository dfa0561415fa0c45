//! Values of one reply that come back in a later request: what a flow captures.

use serde_json::Value;

/// A value that is shorter stands in a request by chance.
const SHORTEST: usize = 6;
/// Replies with more values than this are lists of things, not one.
const MOST: usize = 2_000;

/// A value that a reply has said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SaidValue {
    /// The way to it: `$.data.id`.
    pub(super) path: String,
    /// The last name on that way.
    pub(super) key: String,
    pub(super) text: String,
}

/// Every text and number of a reply that could be taken up again.
pub(super) fn said(reply: &Value) -> Vec<SaidValue> {
    let mut all = Vec::new();
    walk(reply, "$", "value", &mut all);
    all
}

fn walk(value: &Value, path: &str, key: &str, all: &mut Vec<SaidValue>) {
    if all.len() >= MOST {
        return;
    }
    match value {
        Value::Object(entries) => {
            for (name, value) in entries {
                let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let below = if !name.is_empty()
                    && name.chars().all(plain)
                    && !name.starts_with(|c: char| c.is_ascii_digit())
                {
                    format!("{path}.{name}")
                } else {
                    format!(
                        "{path}['{}']",
                        name.replace('\\', "\\\\").replace('\'', "\\'")
                    )
                };
                walk(value, &below, name, all);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                walk(item, &format!("{path}[{at}]"), key, all);
            }
        }
        Value::String(text) if is_worth_it(text, key) => all.push(SaidValue {
            path: path.to_owned(),
            key: key.to_owned(),
            text: text.clone(),
        }),
        Value::Number(number) => {
            let text = number.to_string();
            if is_worth_it(&text, key) {
                all.push(SaidValue {
                    path: path.to_owned(),
                    key: key.to_owned(),
                    text,
                });
            }
        }
        _ => {}
    }
}

/// Whether a value is one that only this reply can have said: an identifier or a token.
fn is_worth_it(text: &str, key: &str) -> bool {
    let is_plain = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_.:+/=".contains(c));
    let has_digit = text.chars().any(|c| c.is_ascii_digit());
    let names_it = key.to_lowercase().ends_with("id") || key.to_lowercase().contains("token");
    is_plain
        && !text.is_empty()
        && (text.len() >= SHORTEST && has_digit || names_it && text.len() >= 2)
}

impl SaidValue {
    /// The text with the value replaced where it stands by itself; `None` where it does not.
    pub(super) fn replaced(&self, text: &str, with: &str) -> Option<String> {
        let is_part =
            |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        let (mut out, mut rest, mut found) = (String::new(), text, false);
        while let Some(at) = rest.find(&self.text) {
            let end = at + self.text.len();
            let before = rest[..at].chars().next_back().or(out.chars().next_back());
            let whole = !is_part(before) && !is_part(rest[end..].chars().next());
            out.push_str(&rest[..at]);
            out.push_str(if whole { with } else { &self.text });
            found |= whole;
            rest = &rest[end..];
        }
        out.push_str(rest);
        found.then_some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn identifiers_are_found_and_words_are_not() {
        let reply = json!({
            "id": 42, "status": "created", "access_token": "eyJhbGciOi.x-y",
            "items": [{ "job-id": "job-77" }], "n": 3, "note": "two words 123456",
        });
        let found: Vec<(String, String)> = said(&reply)
            .into_iter()
            .map(|value| (value.path, value.text))
            .collect();
        let is = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        assert_eq!(
            found,
            [
                is("$.id", "42"),
                is("$.access_token", "eyJhbGciOi.x-y"),
                is("$.items[0]['job-id']", "job-77")
            ]
        );
    }

    #[test]
    fn a_value_is_replaced_where_it_stands_alone() {
        let value = SaidValue {
            path: "$.id".to_owned(),
            key: "id".to_owned(),
            text: "42".to_owned(),
        };
        for (text, expected) in [
            ("/items/42?x=42", Some("/items/{{id}}?x={{id}}")),
            ("/items/142/420", None),
            ("42/142", Some("{{id}}/142")),
        ] {
            assert_eq!(
                value.replaced(text, "{{id}}").as_deref(),
                expected,
                "{text}"
            );
        }
    }
}
