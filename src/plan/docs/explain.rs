//! `validate --explain`: every value of the plan, and where it came from.

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::diag::{Sources, Span};
use crate::document::Mask;
use crate::plan::tree::Node;
use crate::plan::tree::get;
use crate::plan::tree::table;
use crate::template::value_text;

/// One value that the plan is carried out with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// Its key, dotted; an entry of a list is named by its name or number.
    pub key: String,
    /// The value.
    pub value: String,
    /// Where it came from: `plan.toml:12`, `default`, `--set`, `preset few`, with what filled it.
    pub origin: String,
}

/// What the values of a plan are explained from.
pub(in crate::plan) struct Origins<'a> {
    pub(in crate::plan) schema: &'a Value,
    pub(in crate::plan) sources: &'a Sources,
    pub(in crate::plan) mask: &'a Mask,
    /// The presets of the plan with their places.
    presets: Vec<(String, Span)>,
}

impl<'a> Origins<'a> {
    pub(in crate::plan) fn new(
        schema: &'a Value,
        sources: &'a Sources,
        mask: &'a Mask,
        tree: &DeTable<'_>,
    ) -> Self {
        let place = |(name, node): (&crate::diag::Spanned<toml::de::DeString<'_>>, &Node<'_>)| {
            let spans = node
                .get_ref()
                .as_table()
                .into_iter()
                .flatten()
                .map(|(key, value)| key.span().start..value.span().end);
            let whole = spans
                .reduce(|a, b| a.start.min(b.start)..a.end.max(b.end))
                .unwrap_or_else(|| node.span());
            (name.get_ref().to_string(), whole)
        };
        Self {
            schema,
            sources,
            mask,
            presets: table(tree, "preset")
                .into_iter()
                .flatten()
                .map(place)
                .collect(),
        }
    }

    /// Every value below a table.
    pub(in crate::plan) fn table(
        &self,
        schema: &Value,
        table: &DeTable<'_>,
        path: &str,
        out: &mut Vec<Explained>,
    ) {
        let join = |name: &str| {
            if path.is_empty() {
                name.to_owned()
            } else {
                format!("{path}.{name}")
            }
        };
        let known = schema.get("properties").and_then(Value::as_object);
        let more = schema
            .get("additionalProperties")
            .filter(|more| more.is_object());
        for (key, node) in table {
            let name = key.get_ref().as_ref();
            let below = known
                .and_then(|known| known.get(name))
                .or(more)
                .cloned()
                .unwrap_or_default();
            self.node(&below, node, &join(name), out);
        }
        // A plan's own level has no defaults worth a line: what is not there is not there.
        if !path.is_empty() {
            defaults(schema, path, &|name| get(table, name).is_some(), out);
        }
    }

    fn node(&self, schema: &Value, node: &Node<'_>, path: &str, out: &mut Vec<Explained>) {
        match node.get_ref() {
            DeValue::Table(table) => {
                let schema = crate::plan::docs::schema_forms::branch(self.schema, schema, "object")
                    .unwrap_or_default();
                self.table(&schema, table, path, out);
            }
            DeValue::Array(items) if items.iter().any(|item| item.get_ref().is_table()) => {
                let schema = crate::plan::docs::schema_forms::branch(self.schema, schema, "array");
                let items_schema = schema
                    .and_then(|schema| schema.get("items").cloned())
                    .unwrap_or_default();
                for (at, item) in items.iter().enumerate() {
                    let own = item
                        .get_ref()
                        .as_table()
                        .and_then(|table| get(table, "name")?.get_ref().as_str());
                    let name = own.map_or_else(|| at.to_string(), str::to_owned);
                    self.node(&items_schema, item, &format!("{path}.{name}"), out);
                }
            }
            _ => {
                let (value, origin) = (self.value(node, path), self.origin(&node.span()));
                out.push(Explained {
                    key: path.to_owned(),
                    value,
                    origin,
                });
                // The short form of a table: everything but its first key is as it is by default.
                let table = crate::plan::docs::schema_forms::branch(self.schema, schema, "object")
                    .unwrap_or_default();
                defaults(&table, path, &|_| false, out);
            }
        }
    }

    fn value(&self, node: &Node<'_>, path: &str) -> String {
        if path.starts_with("secrets.") {
            return crate::document::MASKED.to_owned();
        }
        let value = self.mask.value(&crate::plan::tree::to_json(node));
        value_text(&value).into_owned()
    }

    fn origin(&self, span: &Span) -> String {
        let Some(place) = self.sources.place(span) else {
            return "default".to_owned();
        };
        let file = place.path.display().to_string();
        let mut origin = match self
            .presets
            .iter()
            .find(|(_, own)| own.contains(&span.start))
        {
            Some((name, _)) => format!("preset {name}, {file}:{}", place.line),
            None if file == "--set" => file,
            None => format!("{file}:{}", place.line),
        };
        let text = self.sources.text(span).unwrap_or_default();
        if text.contains("${") {
            origin.push_str(", environment");
        }
        if text.contains("{{") && text != "{{{{" {
            origin.push_str(&format!(", {}", text.trim_matches(['"', '\'']).trim()));
        }
        origin
    }
}

/// The defaults of what is not said.
fn defaults(schema: &Value, path: &str, said: &dyn Fn(&str) -> bool, out: &mut Vec<Explained>) {
    let known = schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    for (name, schema) in known.filter(|(name, _)| !said(name)) {
        let default = schema
            .get("default")
            .filter(|value| !value.is_null() && *value != "");
        out.extend(default.map(|value| Explained {
            key: format!("{path}.{name}"),
            value: value_text(value).into_owned(),
            origin: "default".to_owned(),
        }));
    }
}

#[cfg(test)]
mod tests {
    use crate::plan::{Options, load};

    #[test]
    fn every_value_has_its_origin() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("plan.toml");
        let text = "target = \"${URL:-http://127.0.0.1:1}\"\n[vars]\nn = 2\nm = 3\n[preset]\nfew = { n = 4 }\n[secrets]\nkey = \"${KEY}\"\n[[flow.a]]\nhttp.get = \"/\"\nhttp.headers = { x-key = \"{{key}}\" }\n[load.a]\nvus = \"{{n}}\"\niterations = \"{{m}}\"\n";
        std::fs::write(&file, text).unwrap();
        let environment = |name: &str| (name == "KEY").then(|| "hush-hush".to_owned());
        let options = Options {
            environment: &environment,
            presets: &["few".to_owned()],
            set: &["m=5".parse().unwrap()],
            only: &[],
            seed: None,
            load: crate::plan::LoadOptions::default(),
            aim: None,
        };
        let plan = load(&file, &options).plan.expect("valid");
        let of = |key: &str| {
            let one = plan.explained.iter().find(|one| one.key == key).expect(key);
            (
                one.value.clone(),
                one.origin.replace(&folder.path().display().to_string(), ""),
            )
        };
        let is = |value: &str, origin: &str| (value.to_owned(), origin.to_owned());
        assert_eq!(
            of("target"),
            is("http://127.0.0.1:1", "/plan.toml:1, environment")
        );
        assert_eq!(of("vars.n"), is("4", "preset few, /plan.toml:6"));
        assert_eq!(of("vars.m"), is("5", "--set"));
        assert_eq!(of("load.a.vus"), is("4", "/plan.toml:13, {{n}}"));
        assert_eq!(of("load.a.ramp_up"), is("0s", "default"));
        assert_eq!(of("secrets.key"), is("***", "/plan.toml:8, environment"));
        assert_eq!(of("flow.a.0.http.headers.x-key").0, "***");
    }
}
