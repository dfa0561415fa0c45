//! Walks a plan against its schema: every key that does not exist, and every one that is not carried out yet, in one pass.

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::tree::Node;
use crate::diag::{Diagnostic, Diagnostics, Span, nearest};

/// Keys of the plan format that this version does not carry out: saying so beats ignoring them. `*` is any name.
const NOT_YET: &[(&str, &[&str])] = &[
    ("", &["monitor", "sweep", "before", "after", "on_failure", "baseline"]),
    ("phase", &["before", "after", "sweep"]),
    ("flow.*", &["grpc", "websocket"]),
    ("session", &["confirm", "confirm_after"]),
];

/// Finds every key that the schema does not have.
pub(super) fn check(tree: &DeTable<'_>, found: &mut Diagnostics) {
    let schema = super::schema::schema();
    Walk { root: schema, found }.table(schema, tree, &Place::default());
}

/// Where the walk is: as [`NOT_YET`] has it, and as the plan has it.
#[derive(Default)]
struct Place {
    pattern: String,
    shown: String,
}

impl Place {
    fn below(&self, pattern: &str, shown: &str) -> Self {
        let join = |path: &str, name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        Self { pattern: join(&self.pattern, pattern), shown: join(&self.shown, shown) }
    }
}

struct Walk<'a> {
    root: &'a Value,
    found: &'a mut Diagnostics,
}

impl Walk<'_> {
    fn node(&mut self, schema: &Value, node: &Node<'_>, path: &Place) {
        match node.get_ref() {
            DeValue::Table(table) => {
                if let Some(schema) = branch(self.root, schema, "object") {
                    self.table(&schema, table, path);
                }
            }
            DeValue::Array(items) => {
                let items_schema = branch(self.root, schema, "array").and_then(|schema| schema.get("items").cloned());
                for item in items {
                    if let Some(schema) = &items_schema {
                        self.node(schema, item, path);
                    }
                }
            }
            _ => {}
        }
    }

    fn table(&mut self, schema: &Value, table: &DeTable<'_>, path: &Place) {
        let known = schema.get("properties").and_then(Value::as_object);
        let open = schema.get("additionalProperties").filter(|more| **more != Value::Bool(false));
        for (key, node) in table {
            let name = key.get_ref().as_ref();
            match (known.and_then(|known| known.get(name)), open) {
                (Some(schema), _) => self.node(&schema.clone(), node, &path.below(name, name)),
                (None, Some(schema)) if schema.is_object() => self.node(&schema.clone(), node, &path.below("*", name)),
                (None, Some(_)) => {}
                (None, None) if known.is_none() => {}
                (None, None) => {
                    let names: Vec<&str> = known.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
                    self.unknown(name, key.span(), path, &names);
                }
            }
        }
    }

    fn unknown(&mut self, name: &str, span: Span, path: &Place, known: &[&str]) {
        let later = NOT_YET.iter().find(|(place, _)| *place == path.pattern).map_or(&[][..], |(_, keys)| *keys);
        if later.contains(&name) {
            let message =
                format!("`{name}` is part of the plan format, but this version of perfgate does not carry it out yet");
            self.found.push(Diagnostic::error(message, span).help("take it out: a key that is ignored would be worse"));
            return;
        }
        let place = if path.shown.is_empty() { "a plan".to_owned() } else { format!("`{}`", path.shown) };
        let error = Diagnostic::error(format!("unknown key `{name}` in {place}"), span);
        self.found.push(match nearest(name, known.iter().chain(later).copied()) {
            Some(close) => error.help(format!("a key with a similar name exists: `{close}`")),
            None => error.help(format!("keys here are: {}", known.join(", "))),
        });
    }
}

/// The form of a schema that a table or an array has to have.
pub(super) fn branch(root: &Value, schema: &Value, kind: &str) -> Option<Value> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let name = reference.rsplit('/').next()?;
        return branch(root, root.get("$defs")?.get(name)?, kind);
    }
    for form in ["anyOf", "oneOf", "allOf"] {
        if let Some(forms) = schema.get(form).and_then(Value::as_array) {
            return forms.iter().find_map(|schema| branch(root, schema, kind));
        }
    }
    let own = schema.get("type")?;
    let fits = own == kind || own.as_array().is_some_and(|types| types.iter().any(|own| own == kind));
    fits.then(|| schema.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(text: &str) -> Vec<String> {
        let mut found = Diagnostics::default();
        check(DeTable::parse(text).unwrap().get_ref(), &mut found);
        found.iter().map(|d| format!("{}: {}", d.message, d.help.join(" "))).collect()
    }

    #[test]
    fn every_unknown_key_at_once_with_the_nearest_name() {
        let all = messages(
            "descripton = 'x'\n[target]\nurll = 'x'\n[[flow.a]]\nhttp.gett = '/'\n[flow.a.poll]\nevry = '1s'\n[load.a]\nrat = '3/s'\n[audio.s]\nsynthesize = { second = 3 }\n[session]\nrepeat = 3\n[treshold]\n",
        );
        let expected = ["description", "url", "get", "every", "rate", "seconds", "repeats", "threshold"];
        assert_eq!(all.len(), expected.len(), "{all:#?}");
        for (message, name) in all.iter().zip(expected) {
            assert!(message.contains(&format!("exists: `{name}`")), "{message}");
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
        let schema = super::super::schema::schema();
        let of = |place: &str| match place {
            "" => schema.clone(),
            "phase" => schema["$defs"]["PhaseSpec"].clone(),
            "audio.*" => schema["$defs"]["PoolSpec"].clone(),
            "flow.*" => schema["$defs"]["StepSpec"].clone(),
            "load.*" => schema["$defs"]["Load"].clone(),
            "session" => schema["$defs"]["SessionSpec"].clone(),
            other => panic!("where is {other}?"),
        };
        for (place, keys) in NOT_YET {
            let known = of(place)["properties"].clone();
            assert!(known.is_object(), "{place}");
            keys.iter().for_each(|key| assert!(known.get(key).is_none(), "{place}.{key}"));
        }
    }

    #[test]
    fn what_is_not_carried_out_yet_says_so() {
        let all = messages("[monitor.x]\nhost = true\n[[flow.a]]\ngrpc = 'x'\n[session]\nconfirm = 1\n");
        assert_eq!(all.len(), 3, "{all:#?}");
        assert!(all.iter().all(|message| message.contains("does not carry it out yet")), "{all:#?}");
    }
}
