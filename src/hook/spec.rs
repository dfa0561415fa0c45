//! A hook as a plan says it.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};

use crate::units::{Duration, Flag, or_text, text_or_table};

/// A command that is run before or after the load, or when something fails.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
#[schemars(transform = or_text)]
pub struct HookSpec {
    /// A text is run by `sh -c`, an array is a command with its arguments and no shell; in the folder of the plan. `$PERFGATE` is the
    /// program itself.
    pub run: HookCommand,
    /// The longest that it may take; then it is ended with everything it has started.
    #[serde(default = "usual_time")]
    pub within: Duration,
    /// A variable of `[vars]`: what the command prints becomes its value, without blanks around it.
    #[serde(default)]
    pub r#as: Option<String>,
    /// A failure is only noted, and the variable of `as` keeps its value.
    #[serde(default)]
    pub optional: Flag,
}

const fn usual_time() -> Duration {
    Duration::from_secs(60)
}

text_or_table!(
    HookSpec,
    "a command, for example \"./scale.sh 3\"",
    |text| {
        Ok(HookSpec {
            run: HookCommand::shell(text)?,
            within: usual_time(),
            r#as: None,
            optional: Flag(false),
        })
    }
);

/// What is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HookCommand {
    /// By `sh -c`.
    Shell(String),
    /// A program and its arguments.
    Program(Vec<String>),
}

impl HookCommand {
    fn shell<E: Error>(text: &str) -> Result<Self, E> {
        if text.trim().is_empty() {
            return Err(E::custom("the command is empty"));
        }
        Ok(Self::Shell(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for HookCommand {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct CommandVisitor;
        impl<'de> Visitor<'de> for CommandVisitor {
            type Value = HookCommand;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text for the shell, or an array of a command and its arguments")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<HookCommand, E> {
                HookCommand::shell(text)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<HookCommand, A::Error> {
                let mut words: Vec<String> = Vec::new();
                while let Some(word) = seq.next_element()? {
                    words.push(word);
                }
                if words.first().is_none_or(String::is_empty) {
                    return Err(A::Error::custom("the command is empty"));
                }
                Ok(HookCommand::Program(words))
            }
        }
        from.deserialize_any(CommandVisitor)
    }
}

impl JsonSchema for HookCommand {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "HookCommand".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "command",
            "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" }, "minItems": 1 }],
            "examples": ["./scale_workers.sh 3", ["docker", "compose", "up", "-d"]]
        })
    }
}

impl fmt::Display for HookCommand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shell(text) => f.write_str(text.trim()),
            Self::Program(words) => f.write_str(&words.join(" ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::List;

    #[derive(Deserialize)]
    struct Doc {
        before: List<HookSpec>,
    }

    #[test]
    fn a_hook_is_a_text_or_a_table_and_there_may_be_several() {
        let read = |text: &str| toml::from_str::<Doc>(text).map(|doc| doc.before.0);
        let one = read("before = './scale.sh 3'").unwrap();
        assert_eq!(one[0].run, HookCommand::Shell("./scale.sh 3".to_owned()));
        assert_eq!(one[0].within, Duration::from_secs(60));
        let two = read(
            "before = ['a', { run = ['b', 'c d'], within = '2m', as = 'url', optional = true }]",
        )
        .unwrap();
        assert_eq!(two[1].run.to_string(), "b c d");
        assert_eq!(
            (two[1].r#as.as_deref(), two[1].optional.0),
            (Some("url"), true)
        );
        for wrong in [
            "before = ''",
            "before = { within = '1s' }",
            "before = { run = [] }",
            "before = { run = 'x', in = 1 }",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
