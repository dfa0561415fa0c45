//! Values as TOML writes them.

use serde_json::Value;

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A key, in quotes where it needs them.
pub(super) fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(bare) {
        name.to_owned()
    } else {
        toml::Value::String(name.replace(['\n', '\r'], " ")).to_string()
    }
}

/// `{ a = "b" }`, of values that are written already.
pub(super) fn table(entries: impl IntoIterator<Item = (String, String)>) -> String {
    let all: Vec<String> = entries
        .into_iter()
        .map(|(name, value)| format!("{} = {value}", key(&name)))
        .collect();
    if all.is_empty() {
        "{}".to_owned()
    } else {
        format!("{{ {} }}", all.join(", "))
    }
}

/// A table of texts.
pub(super) fn texts(entries: &[(String, String)]) -> String {
    table(
        entries
            .iter()
            .map(|(name, text)| (name.clone(), quoted(text))),
    )
}

/// A JSON value on one line. `None` where TOML has no such value: null, or a number beyond its integers.
pub(super) fn of_json(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Some(whole.to_string()),
            None if number.is_f64() => Some(
                toml::Value::Float(number.as_f64().filter(|real| real.is_finite())?).to_string(),
            ),
            None => None,
        },
        Value::String(text) => Some(quoted(text)),
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(of_json).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::Object(entries) => {
            let entries: Option<Vec<(String, String)>> = entries
                .iter()
                .map(|(name, value)| Some((name.clone(), of_json(value)?)))
                .collect();
            Some(table(entries?))
        }
    }
}

/// Lines `key = value` with the signs below each other.
pub(super) fn aligned(lines: &[(String, String)]) -> String {
    let widths = lines.iter().map(|(key, _)| key.chars().count());
    let width = widths.max().unwrap_or(0);
    lines
        .iter()
        .map(|(key, value)| format!("{key:width$} = {value}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_as_it_was() {
        for text in [
            r#"{"a":1,"b":[true,-2,1.5,1.0],"c":{"d e":"x\"y'z","":"\n\t\\ü"}}"#,
            r#"["a\r\nb", {}, []]"#,
            r#""${A} {{b}}""#,
            r#"{"big":9007199254740993,"small":1e-9}"#,
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            let written = format!("x = {}", of_json(&value).unwrap());
            let read: toml::Table = written.parse().unwrap_or_else(|e| panic!("{written}: {e}"));
            let again = serde_json::to_value(&read["x"]).unwrap();
            assert_eq!(again, value, "{written}");
        }
        for text in [r#"{"a":null}"#, "[18446744073709551615]"] {
            assert_eq!(
                of_json(&serde_json::from_str(text).unwrap()),
                None,
                "{text}"
            );
        }
    }
}
