//! Where a wrong value came from: the variable that it was filled in from, and the environment behind that.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, FindingLevel, Sources, Span};
use crate::plan::fill::instead;
use crate::plan::tree::Node;
use crate::plan::tree::table;
use crate::template::Template;

/// The variables and secrets of a plan as they were written, before anything was filled in.
#[derive(Debug, Default)]
pub(in crate::plan) struct WrittenVariables {
    all: BTreeMap<String, WrittenVariable>,
}

#[derive(Debug)]
struct WrittenVariable {
    text: String,
    span: Span,
    secret: bool,
}

impl WrittenVariables {
    /// Those of a plan whose presets and `--set` were taken already.
    pub(in crate::plan) fn of(tree: &DeTable<'_>) -> Self {
        let mut all = BTreeMap::new();
        for section in ["vars", "secrets"] {
            for (name, node) in table(tree, section).into_iter().flatten() {
                let entry = WrittenVariable {
                    text: text(node),
                    span: node.span(),
                    secret: section == "secrets",
                };
                all.insert(name.get_ref().to_string(), entry);
            }
        }
        Self { all }
    }

    /// The same error with a line for each variable that its value was filled in from. What the environment says is shown
    /// where the message shows it anyway, and of a secret nothing.
    pub(in crate::plan) fn explain(
        &self,
        mut finding: Diagnostic,
        sources: &Sources,
        lookup: &dyn Fn(&str) -> Option<String>,
    ) -> Diagnostic {
        let Some(span) = finding
            .span
            .clone()
            .filter(|_| finding.severity == FindingLevel::Error)
        else {
            return finding;
        };
        let Some(value) = sources
            .text(&span)
            .filter(|text| text.starts_with(['"', '\'']))
        else {
            return finding;
        };
        let value = value.trim_matches(['"', '\'']);
        let mut names = names(value);
        let is_whole = |name: &&String| value == format!("{{{{{name}}}}}");
        let unfilled = names
            .iter()
            .find(|name| finding.unreadable && is_whole(name) && !self.all.contains_key(*name));
        if let Some(unfilled) = unfilled {
            return self.unknown(unfilled, finding);
        }
        let own = self.all.values().find(|entry| entry.span == span);
        let secret = own.is_some_and(|entry| entry.secret);
        let says = in_environment(value, lookup, (!secret).then_some(finding.message.as_str()));
        if !says.is_empty() {
            finding.help.push(format!("the environment says {says}"));
        }
        let mut at = 0;
        while at < names.len() {
            if let Some(entry) = self.all.get(&names[at]) {
                let line = entry.line(&names[at], &finding.message, sources, lookup);
                if entry.span != span && !finding.help.contains(&line) {
                    finding.help.push(line);
                }
                let more = self::names(&entry.text)
                    .into_iter()
                    .filter(|name| !names.contains(name));
                let more: Vec<String> = more.collect();
                names.extend(more);
            }
            at += 1;
        }
        finding
    }

    /// What is read with the plan has no values of iterations: a name that is left in it is of no variable.
    fn unknown(&self, name: &str, finding: Diagnostic) -> Diagnostic {
        let message = format!("nothing has the name `{{{{{name}}}}}` when the plan is read");
        Diagnostic {
            message,
            help: vec![instead(name, self.all.keys())],
            ..finding
        }
    }
}

impl WrittenVariable {
    /// Where the variable stands, what it says, and what the environment put into it.
    fn line(
        &self,
        name: &str,
        message: &str,
        sources: &Sources,
        lookup: &dyn Fn(&str) -> Option<String>,
    ) -> String {
        let place = sources.place(&self.span);
        let says = in_environment(&self.text, lookup, (!self.secret).then_some(message));
        let mut line = match place
            .as_ref()
            .map(|place| (place.path.display().to_string(), place.line))
        {
            Some((file, _)) if file == "--set" => format!("`{name}` was given by --set"),
            _ if self.secret => format!("`{name}` is a secret"),
            Some((file, line)) => format!("`{name}` is \"{}\" in line {line} of {file}", self.text),
            None => format!("`{name}` is \"{}\"", self.text),
        };
        if !says.is_empty() {
            line.push_str(&format!(", and the environment says {says}"));
        }
        line
    }
}

/// `NAME=value` for each variable of the environment in a text; the value where `shown` has it already.
fn in_environment(
    text: &str,
    lookup: &dyn Fn(&str) -> Option<String>,
    shown: Option<&str>,
) -> String {
    let inner = text
        .split("${")
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(inner, _)| inner);
    let names = inner.map(|inner| inner.split_once(":-").map_or(inner, |(name, _)| name));
    let set =
        names.filter_map(|name| Some((name, lookup(name).filter(|value| !value.is_empty())?)));
    let said = set.map(|(name, value)| match shown {
        Some(message) if message.contains(&value) => format!("{name}={value}"),
        _ => name.to_owned(),
    });
    said.collect::<Vec<_>>().join(" and ")
}

fn names(text: &str) -> Vec<String> {
    Template::parse(text).map_or_else(
        |_| Vec::new(),
        |template| template.names().map(str::to_owned).collect(),
    )
}

fn text(node: &Node<'_>) -> String {
    match node.get_ref() {
        DeValue::String(text) => text.to_string(),
        _ => crate::plan::tree::to_json(node).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::{Options, load};

    /// What is said about a plan whose load has this rate, in an environment with `RATE=3/s` and `KEY=hush`.
    fn said(head: &str, set: &[&str], rate: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("plan.toml");
        let rest = "[[flow.a]]\nhttp.get = '/'\n[load.a]\nduration = '9s'";
        std::fs::write(
            &file,
            format!("target = 'http://x:1'\n{head}\n{rest}\nrate = '{rate}'\n"),
        )
        .unwrap();
        let environment = |name: &str| match name {
            "RATE" => Some("3/s".to_owned()),
            "KEY" => Some("hush".to_owned()),
            _ => None,
        };
        let set: Vec<_> = set.iter().map(|one| one.parse().unwrap()).collect();
        let options = Options {
            environment: &environment,
            presets: &[],
            set: &set,
            only: &[],
            seed: None,
            load: crate::plan::LoadOptions::default(),
            aim: None,
        };
        let loaded = load(&file, &options);
        let text = loaded.diagnostics.render(&loaded.sources, false);
        assert!(loaded.plan.is_none(), "{head} {rate}");
        text.replace(&format!("{}/", folder.path().display()), "")
    }

    #[test]
    fn a_wrong_value_names_the_variable_that_it_came_from() {
        let chain = "[vars]\nrate = '{{given}}/s'\ngiven = '${RATE:-3}'";
        for (head, set, rate, lines) in [
            (
                "",
                &[][..],
                "${RATE:-3}/s",
                &["help: the environment says RATE=3/s"][..],
            ),
            (
                "[vars]\nrate = '${RATE:-3}/s'",
                &[],
                "{{rate}}",
                &[
                    "help: `rate` is \"${RATE:-3}/s\" in line 3 of plan.toml, and the environment says RATE=3/s",
                ],
            ),
            (
                chain,
                &[],
                "{{rate}}",
                &[
                    "help: `rate` is \"{{given}}/s\" in line 3 of plan.toml\n",
                    "help: `given` is \"${RATE:-3}\" in line 4 of plan.toml, and the environment says RATE=3/s",
                ],
            ),
            (
                "[vars]\nrate = '${OTHER:-x}'",
                &[],
                "{{rate}}",
                &["help: `rate` is \"${OTHER:-x}\" in line 3 of plan.toml"],
            ),
            (
                "[vars]\nrate = '3/s'",
                &["rate=fast"],
                "{{rate}}",
                &["help: `rate` was given by --set"],
            ),
            (
                "[vars]\nusers = 3",
                &[],
                "{{users}}",
                &["help: `users` is \"3\" in line 3 of plan.toml"],
            ),
        ] {
            let text = said(head, set, rate);
            for line in lines {
                assert!(format!("{text}\n").contains(line), "{text}");
            }
        }
    }

    #[test]
    fn a_secret_is_named_and_not_shown() {
        let text = said("[secrets]\nkey = '${KEY}'", &[], "{{key}}");
        assert!(
            text.contains("`key` is a secret, and the environment says KEY\n")
                || text.ends_with("says KEY"),
            "{text}"
        );
    }
}
