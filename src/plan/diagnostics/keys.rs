//! Walks a plan against its schema: every key that does not exist, and every one that is not carried out yet, in one pass.

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Diagnostics, Span, nearest};
use crate::plan::diagnostics::{k6_hints, other_words};
use crate::plan::docs::schema_forms::{DEEPEST, branch, collect, words};
use crate::plan::tree::Node;

/// Keys of the plan format that this version does not carry out: saying so beats ignoring them. `*` is any name.
const NOT_YET: &[(&str, &[&str])] = &[("monitor.*", &["gpu"])];

/// Finds every key that the schema does not have.
pub(in crate::plan) fn check(tree: &DeTable<'_>, diagnostics: &mut Diagnostics) {
    let schema = crate::plan::docs::schema::schema();
    KeyWalk {
        root: schema,
        diagnostics,
    }
    .table(schema, tree, &KeyPath::default());
}

/// Where the walk is: as [`NOT_YET`] has it, and as the plan has it.
#[derive(Default)]
struct KeyPath {
    pattern: String,
    shown: String,
}

impl KeyPath {
    fn below(&self, pattern: &str, shown: &str) -> Self {
        let join = |path: &str, name: &str| {
            if path.is_empty() {
                name.to_owned()
            } else {
                format!("{path}.{name}")
            }
        };
        Self {
            pattern: join(&self.pattern, pattern),
            shown: join(&self.shown, shown),
        }
    }
}

struct KeyWalk<'a> {
    root: &'a Value,
    diagnostics: &'a mut Diagnostics,
}

impl KeyWalk<'_> {
    fn node(&mut self, schema: &Value, node: &Node<'_>, path: &KeyPath) {
        match node.get_ref() {
            DeValue::Table(table) => {
                if let Some(schema) = branch(self.root, schema, "object") {
                    self.table(&schema, table, path);
                }
            }
            DeValue::Array(items) => {
                let items_schema = branch(self.root, schema, "array")
                    .and_then(|schema| schema.get("items").cloned());
                for item in items {
                    if let Some(schema) = &items_schema {
                        self.node(schema, item, path);
                    }
                }
            }
            DeValue::String(_) => {}
            _ => self.choice(schema, node),
        }
    }

    /// A number or a flag where one of a few words belongs.
    fn choice(&mut self, schema: &Value, node: &Node<'_>) {
        let words = words(self.root, schema);
        if !words.is_empty() {
            let written = crate::plan::tree::to_json(node).to_string();
            if words.contains(&written) {
                let error =
                    Diagnostic::error(format!("`{written}` stands in quotes here"), node.span());
                self.diagnostics
                    .push(error.help(format!("write \"{written}\"")));
                return;
            }
            let error = Diagnostic::error(
                format!("`{written}` is not one of {}", words.join(", ")),
                node.span(),
            );
            let known: Vec<_> = words.iter().map(|word| format!("\"{word}\"")).collect();
            self.diagnostics
                .push(error.help(format!("write one of {}", known.join(", "))));
        }
    }

    fn table(&mut self, schema: &Value, table: &DeTable<'_>, path: &KeyPath) {
        let known = schema.get("properties").and_then(Value::as_object);
        let open = schema
            .get("additionalProperties")
            .filter(|more| **more != Value::Bool(false));
        for (key, node) in table {
            let name = key.get_ref().as_ref();
            match (known.and_then(|known| known.get(name)), open) {
                (Some(schema), _) => self.node(&schema.clone(), node, &path.below(name, name)),
                (None, Some(schema)) if schema.is_object() => {
                    self.node(&schema.clone(), node, &path.below("*", name));
                }
                (None, Some(_)) => {}
                (None, None) if known.is_none() => {}
                (None, None) => {
                    let names: Vec<&str> = known
                        .into_iter()
                        .flatten()
                        .map(|(name, _)| name.as_str())
                        .collect();
                    self.unknown(name, key.span(), path, &names);
                }
            }
        }
    }

    fn unknown(&mut self, name: &str, span: Span, path: &KeyPath, known: &[&str]) {
        let later = NOT_YET
            .iter()
            .find(|(place, _)| *place == path.pattern)
            .map_or(&[][..], |(_, keys)| *keys);
        if later.contains(&name) {
            let message = format!(
                "`{name}` is part of the plan format, but this version of perfgate does not carry it out yet"
            );
            self.diagnostics.push(
                Diagnostic::error(message, span)
                    .help("take it out: a key that is ignored would be worse"),
            );
            return;
        }
        let place = if path.shown.is_empty() {
            "a plan".to_owned()
        } else {
            format!("`{}`", path.shown)
        };
        let error = Diagnostic::error(format!("unknown key `{name}` in {place}"), span);
        let meant =
            k6_hints::key(&path.pattern, name).or_else(|| other_words::key(&path.pattern, name));
        if let Some(help) = meant {
            self.diagnostics.push(error.help(help));
            return;
        }
        let (below, elsewhere) = self.elsewhere(name, path);
        if let Some(help) = below {
            self.diagnostics.push(error.help(help));
            return;
        }
        self.diagnostics
            .push(match nearest(name, known.iter().chain(later).copied()) {
                Some(close) => error.help(format!("a key with a similar name exists: `{close}`")),
                None => match elsewhere {
                    Some(help) => error.help(help),
                    None => error.help(format!("keys here are: {}", known.join(", "))),
                },
            });
    }

    /// What to say where a key of exactly this name belongs below the place it was written at, and where anywhere else.
    fn elsewhere(&self, name: &str, path: &KeyPath) -> (Option<String>, Option<String>) {
        let mut owners = Vec::new();
        collect(self.root, self.root, name, "", DEEPEST, &mut owners);
        let below = |owner: &&String| {
            let parent = owner.rsplit_once('.').map_or("", |(parent, _)| parent);
            parent == path.pattern && !owner.ends_with('*')
        };
        if let Some(owner) = owners.iter().find(below) {
            let section = owner.rsplit('.').next().unwrap_or(owner);
            return (
                Some(format!(
                    "`{name}` is a key of `{section}`: write {section}.{name}"
                )),
                None,
            );
        }
        let shown = owners
            .iter()
            .filter(|owner| !owner.is_empty())
            .map(|owner| match owner.strip_suffix(".*") {
                Some(section) => format!("`{section}.NAME`"),
                None => format!("`{}`", owner.replace("flow.*.", "")),
            });
        let mut shown: Vec<String> = shown.collect();
        shown.dedup();
        let top = owners
            .iter()
            .any(String::is_empty)
            .then(|| "the plan itself".to_owned());
        let all: Vec<String> = top.into_iter().chain(shown).take(3).collect();
        (
            None,
            (!all.is_empty()).then(|| format!("`{name}` is a key of {}", all.join(" and "))),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<String> {
        let mut found = Diagnostics::default();
        check(DeTable::parse(text).unwrap().get_ref(), &mut found);
        found
            .iter()
            .map(|d| format!("{}: {}", d.message, d.help.join(" ")))
            .collect()
    }

    #[test]
    fn every_unknown_key_at_once_with_the_nearest_name() {
        let all = messages(
            "descripton = 'x'\n[target]\nurll = 'x'\n[[flow.a]]\nhttp.gett = '/'\n[flow.a.poll]\nevry = '1s'\n[load.a]\nrat = '3/s'\n[audio.s]\nsynthesize = { second = 3 }\n[session]\nrepeat = 3\n[treshold]\n",
        );
        let expected = [
            "description",
            "url",
            "get",
            "every",
            "rate",
            "seconds",
            "repeats",
            "threshold",
        ];
        assert_eq!(all.len(), expected.len(), "{all:#?}");
        for (message, name) in all.iter().zip(expected) {
            assert!(message.contains(&format!("exists: `{name}`")), "{message}");
        }
    }

    #[test]
    fn a_key_of_another_section_is_named_with_its_section() {
        for (text, said) in [
            (
                "[[flow.a]]\nget = '/'\n",
                "`get` is a key of `http`: write http.get",
            ),
            (
                "[[flow.a]]\nhttp.get = '/'\ndone = 'x'\n",
                "`done` is a key of `poll`: write poll.done",
            ),
            ("[load.a]\nrepeats = 3\n", "`repeats` is a key of `session`"),
            (
                "vus = 3\n",
                "`vus` is a key of `load.NAME` and `load.*.stages`",
            ),
            ("[load.a]\nwholly = 'x'\n", "keys here are: flow, "),
            (
                "[load.a]\nexecutor = 'x'\n",
                "the keys of a load say it: `rate`",
            ),
            (
                "[load.a]\nstages = [{ duration = '1s', target = 5 }]\n",
                "a stage says its level",
            ),
            ("thresholds = {}\n", "[threshold] latency.p95"),
            (
                "[target]\nready = { get = '/health' }\n",
                "a probe is a GET already: write path = \"/health\"",
            ),
            (
                "[[phase]]\ntarget.ready.headers = { a = 'b' }\n",
                "[target.headers]",
            ),
        ] {
            let all = messages(text);
            assert!(all.len() == 1 && all[0].contains(said), "{all:?}");
        }
    }

    #[test]
    fn names_rules_values_and_both_forms_are_free() {
        let fine = "target = 'http://x'\n[vars]\nanything = 1\n[threshold]\nlatency.p95 = '< 2s'\n[[flow.a]]\nhttp.post = '/'\nhttp.json = { any = { thing = [1] } }\nhttp.headers = { x-y = 'z' }\nhttp.multipart = { file = { audio = 's' }, model = 'm' }\nexpect = { '$.text' = 'not empty' }\ncapture = { id = '$.id' }\n";
        assert_eq!(messages(fine), Vec::<String>::new());
        let ready = "[target]\nready = [{ path = '/health', hint = 'x' }, '/other']\n[target.headers]\na = 'b'\n";
        assert_eq!(messages(ready), Vec::<String>::new());
    }

    #[test]
    fn editors_are_not_told_of_what_is_not_carried_out() {
        let schema = crate::plan::docs::schema::schema();
        let of = |place: &str| match place {
            "" => schema.clone(),
            "phase" => schema["$defs"]["PhaseSpec"].clone(),
            "audio.*" => schema["$defs"]["PoolSpec"].clone(),
            "flow.*" => schema["$defs"]["StepSpec"].clone(),
            "load.*" => schema["$defs"]["Load"].clone(),
            "session" => schema["$defs"]["SessionSpec"].clone(),
            "monitor.*" => schema["$defs"]["MonitorSpec"].clone(),
            other => panic!("where is {other}?"),
        };
        for (place, keys) in NOT_YET {
            let known = of(place)["properties"].clone();
            assert!(known.is_object(), "{place}");
            keys.iter()
                .for_each(|key| assert!(known.get(key).is_none(), "{place}.{key}"));
        }
    }

    #[test]
    fn what_is_not_carried_out_yet_says_so() {
        let all = messages("[monitor.x]\ngpu = true\n[[flow.a]]\npause = '1s'\n");
        assert_eq!(all.len(), 1, "{all:#?}");
        assert!(
            all.iter()
                .all(|message| message.contains("does not carry it out yet")),
            "{all:#?}"
        );
    }
}
