//! Values that must not stand in a file that is committed.

use crate::document::CONFIDENTIAL_HEADERS;

/// A value that a plan takes from the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecretDraft {
    /// Its name in the plan.
    pub(crate) name: String,
    /// What it was where it was found.
    pub(crate) value: String,
}

impl SecretDraft {
    /// A secret that is named after a header or a field.
    pub(super) fn named(after: &str, value: &str) -> Self {
        let letter = |c: char| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        };
        Self {
            name: after.chars().map(letter).collect(),
            value: value.to_owned(),
        }
    }

    /// The variable of the environment that it is taken from.
    pub(crate) fn environment(&self) -> String {
        self.name.to_uppercase()
    }

    /// What stands in the plan where it is used.
    pub(super) fn used(&self) -> String {
        format!("{{{{{}}}}}", self.name)
    }
}

/// Whether a header's value is nobody's business.
pub(super) fn is_confidential(header: &str) -> bool {
    CONFIDENTIAL_HEADERS
        .iter()
        .any(|known| known.eq_ignore_ascii_case(header))
}

/// Whether a field of a body is nobody's business, by its name.
pub(super) fn is_secret_field(name: &str) -> bool {
    let name = name.to_lowercase().replace(['-', '_'], "");
    [
        "password",
        "passwd",
        "clientsecret",
        "refreshtoken",
        "apikey",
    ]
    .iter()
    .any(|known| name.ends_with(known))
}
