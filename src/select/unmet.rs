//! What was expected and what was found instead.

use std::fmt;

use serde_json::Value;

const SHOWN: usize = 200;

/// A condition that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Unmet {
    /// What it is about.
    pub subject: String,
    /// What should hold, as it follows "to": `be not empty`.
    pub condition: String,
    /// What was found, at most 200 characters of it.
    pub found: String,
    /// The other ways in which it could have held, none of which did.
    pub others: Vec<Unmet>,
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "expected {} to {}, found {}",
            self.subject, self.condition, self.found
        )?;
        self.others
            .iter()
            .try_for_each(|other| write!(f, "; or {other}"))
    }
}

/// A found value in at most 200 characters: texts in quotes, everything else as JSON.
pub(super) fn short(value: Option<&Value>) -> String {
    let Some(value) = value else {
        return "nothing".to_owned();
    };
    let cut = |text: &str| match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    };
    match value {
        Value::String(text) => format!("{:?}", cut(text)),
        other => cut(&other.to_string()),
    }
}
