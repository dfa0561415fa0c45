//! What of an exchange may be shown, and how.

use serde_json::Value;

use crate::document::MASKED;
use crate::units::{Duration, Unit, print};

/// Characters of a body that are shown.
pub(crate) const SHOWN: usize = 2_000;
/// Names of JSON values that are nobody's business, in small letters without their separators.
const SECRET_NAMES: [&str; 5] = ["token", "password", "secret", "apikey", "credential"];

pub(crate) fn time(time: Duration) -> String {
    print(time.as_secs_f64(), Unit::Seconds)
}

pub(crate) fn size(bytes: usize) -> String {
    print(bytes as f64, Unit::Bytes)
}

/// Whether a value of this name is nobody's business. `token_type` and `tokens` are about tokens and none themselves.
pub(crate) fn is_secret(name: &str) -> bool {
    let plain = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_lowercase();
    SECRET_NAMES.iter().any(|word| plain.ends_with(word))
}

/// JSON whose passwords and tokens are masked by their names: a captured one is in no list of secrets.
pub(crate) fn without_secrets(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.into_iter()
                .map(|(name, value)| {
                    let secret = is_secret(&name) && value.is_string();
                    let value = if secret {
                        Value::String(MASKED.to_owned())
                    } else {
                        without_secrets(value)
                    };
                    (name, value)
                })
                .collect(),
        ),
        Value::Array(items) => items.into_iter().map(without_secrets).collect(),
        other => other,
    }
}
