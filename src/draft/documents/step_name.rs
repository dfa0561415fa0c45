//! Names of steps, made of what they ask for.

use std::collections::BTreeSet;

/// Names that steps have already.
#[derive(Debug, Default)]
pub(super) struct StepNames {
    taken: BTreeSet<String>,
}

impl StepNames {
    /// `post_items` of `POST /v1/items`: the method and the last words of the path that say something.
    pub(super) fn of(&mut self, method: &str, path: &str) -> String {
        let path = path.split('?').next().unwrap_or_default();
        let words: Vec<String> = path
            .split('/')
            .filter(|part| !part.contains(['{', '%']) && !is_value(part))
            .map(word)
            .filter(|part| !part.is_empty())
            .collect();
        let last = words.len().saturating_sub(2);
        let words = words[last..].join("_");
        let plain = if words.is_empty() {
            method.to_lowercase()
        } else {
            format!("{}_{words}", method.to_lowercase())
        };
        self.free(&plain)
    }

    /// The name, or the next one like it.
    pub(super) fn free(&mut self, plain: &str) -> String {
        let mut name = plain.to_owned();
        let mut number = 1;
        while !self.taken.insert(name.clone()) {
            number += 1;
            name = format!("{plain}_{number}");
        }
        name
    }
}

/// Letters that a name can have; empty where there are none.
pub(super) fn word(text: &str) -> String {
    let mut out = String::new();
    let mut was_small = false;
    for c in text.chars() {
        if c.is_ascii_uppercase() && was_small {
            out.push('_');
        }
        was_small = c.is_ascii_lowercase() || c.is_ascii_digit();
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() => out.push(c),
            _ if out.ends_with('_') => {}
            _ => out.push('_'),
        }
    }
    let plain = out.trim_matches('_');
    if plain.starts_with(|c: char| c.is_ascii_digit()) {
        format!("n{plain}")
    } else {
        plain.to_owned()
    }
}

/// Whether a part of a path is a number or an identifier, which differs from call to call.
fn is_value(part: &str) -> bool {
    let digits = part.chars().filter(char::is_ascii_digit).count();
    let is_version = part.len() <= 3 && part.starts_with('v');
    !part.is_empty() && !is_version && (digits == part.len() || (part.len() >= 16 && digits >= 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_is_asked_for_and_differ() {
        let mut names = StepNames::default();
        for (method, path, name) in [
            ("GET", "/", "get"),
            ("POST", "/v1/items", "post_v1_items"),
            ("GET", "/api/v1/items/42?page=1", "get_v1_items"),
            ("GET", "/api/v1/items/43", "get_v1_items_2"),
            ("DELETE", "/userProfiles/{id}", "delete_user_profiles"),
            (
                "GET",
                "/jobs/3f1c2a4e-77b0-4f6e-9b1a-0c2d4e6f8a90",
                "get_jobs",
            ),
        ] {
            assert_eq!(names.of(method, path), name, "{path}");
        }
        assert_eq!(word("2FA code"), "n2_fa_code");
    }
}
