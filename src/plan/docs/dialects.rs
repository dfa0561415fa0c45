//! Protocols of speech services as parts of plans, to be included or copied.

/// One dialect that ships.
#[derive(Debug, Clone, Copy)]
pub struct ShippedDialect {
    /// Its name, and that of its file without `.toml`.
    pub name: &'static str,
    /// The part of a plan.
    pub text: &'static str,
}

macro_rules! dialects {
    ($($name:literal),*) => {
        &[$(ShippedDialect { name: $name, text: include_str!(concat!("../../../plans/dialects/", $name, ".toml")) }),*]
    };
}

/// Every dialect.
pub const DIALECTS: &[ShippedDialect] = dialects![
    "whisperlive",
    "whisperlive-fork",
    "vosk",
    "deepgram",
    "realtime",
    "wyoming"
];

impl ShippedDialect {
    /// What it is, in a sentence: the first comment of its file.
    #[must_use]
    pub fn about(&self) -> String {
        let lines = self.text.lines().take_while(|line| line.starts_with("# "));
        let text = lines
            .map(|line| line.trim_start_matches("# "))
            .collect::<Vec<_>>()
            .join(" ");
        match text.split_once(". ") {
            Some((first, _)) => first.to_owned(),
            None => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dialect_is_part_of_a_plan_and_says_what_it_is() {
        for dialect in DIALECTS {
            let table: toml::Table = dialect.text.parse().expect(dialect.name);
            assert!(
                table.contains_key("vars") && table["flow"].get("live").is_some(),
                "{}",
                dialect.name
            );
            assert!(
                dialect.about().len() > 20,
                "{}: {}",
                dialect.name,
                dialect.about()
            );
        }
    }
}
