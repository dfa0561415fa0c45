//! The page about every key of a plan, made of its schema.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::plan::docs::schema::schema;

const BEGINNING: &str = "\
# The plan file

This page is made of the types that read a plan (`perfgate schema` prints them as a JSON schema): `UPDATE_GOLDEN=1 cargo test`
writes it anew. Where a default is said to be `!`, the key is required; where none is said, there is none, or the meaning says
it. Any single value may be a string that reads as it, and hold `{{names}}` and `${ENVIRONMENT:-default}`.
";

/// Types that no key has by itself.
const WITHIN: [&str; 2] = ["Bound", "Condition"];

/// The page, as Markdown.
#[must_use]
pub fn reference() -> String {
    let schema = schema();
    let mut page = Page {
        root: schema,
        headings: BTreeMap::new(),
        kinds: BTreeMap::new(),
        text: BEGINNING.to_owned(),
    };
    page.section("Top level", "", schema);
    page.values();
    page.text + &crate::plan::docs::names_page::names()
}

struct Page<'a> {
    root: &'a Value,
    /// The section of each table that several keys share.
    headings: BTreeMap<String, String>,
    /// Kinds of values with what was said of them.
    kinds: BTreeMap<String, String>,
    text: String,
}

impl Page<'_> {
    /// One table, and behind it the tables that its keys lead to.
    fn section(&mut self, heading: &str, path: &str, table: &Value) {
        self.text.push_str(&format!("\n## {heading}\n\n"));
        if let Some(text) = table
            .get("description")
            .and_then(Value::as_str)
            .filter(|_| !path.is_empty())
        {
            self.text.push_str(&format!("{}\n\n", one_line(text)));
        }
        self.text
            .push_str("| key | type | default | meaning |\n|---|---|---|---|\n");
        let required = table.get("required").and_then(Value::as_array);
        let mut below = Vec::new();
        for (key, value) in table
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let own = if path.is_empty() {
                key.clone()
            } else {
                format!("{path}.{key}")
            };
            let kind = self.kind(value, &own, &mut below);
            let default = match value.get("default") {
                _ if required.is_some_and(|keys| keys.iter().any(|name| name == key)) => {
                    "!".to_owned()
                }
                Some(Value::String(text)) => format!("`\"{text}\"`"),
                Some(other) => format!("`{other}`"),
                None => String::new(),
            };
            let meaning = value
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or_default();
            self.text.push_str(&format!(
                "| `{key}` | {} | {default} | {} |\n",
                cell(&kind),
                cell(meaning)
            ));
        }
        for (path, table) in below {
            self.section(&format!("`{path}`"), &path, &table);
        }
    }

    /// What a value is, in words. Tables that have no section yet are put into `below`.
    fn kind(&mut self, schema: &Value, path: &str, below: &mut Vec<(String, Value)>) -> String {
        if let Some(name) = schema
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|whole| whole.rsplit('/').next())
        {
            let target = self.root["$defs"][name].clone();
            if let Some(heading) = self.headings.get(name) {
                return heading.clone();
            }
            if is_table(&target) || forms(&target).iter().any(is_table) {
                self.headings.insert(name.to_owned(), link(path));
            }
            // What is said of a type that has a name of its own is about the type, not about one key.
            if let (Some(title), Some(said)) = (
                title(&target),
                target.get("description").and_then(Value::as_str),
            ) {
                self.kinds.insert(title.to_owned(), said.to_owned());
            }
            return self.kind(&target, path, below);
        }
        if let Some(title) = title(schema) {
            self.kinds
                .entry(title.to_owned())
                .or_insert_with(|| examples(schema));
            return title.to_owned();
        }
        let words: Vec<String> = forms(schema)
            .iter()
            .filter_map(|form| form.get("const"))
            .map(|c| format!("`{c}`"))
            .collect();
        if !words.is_empty() {
            return words.join(", ");
        }
        match forms(schema) {
            [] => {}
            [one, many] if many.get("items") == Some(one) => {
                return format!("{}, or a list of it", self.kind(one, path, below));
            }
            forms => {
                let kinds: Vec<String> = forms
                    .iter()
                    .map(|form| self.kind(form, path, below))
                    .collect();
                return kinds.join(" or ");
            }
        }
        if is_table(schema) {
            below.push((path.to_owned(), schema.clone()));
            return link(path);
        }
        if let Some(items) = schema.get("items") {
            return format!("list of {}", self.kind(items, path, below));
        }
        if let Some(value) = schema
            .get("additionalProperties")
            .filter(|value| value.is_object())
        {
            return map_of(&self.kind(value, &format!("{path}.NAME"), below));
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("string") => "text".to_owned(),
            _ => "any value".to_owned(),
        }
    }

    /// What the kinds of values look like.
    fn values(&mut self) {
        // What stands in a table of conditions or rules has no key of its own.
        for (name, schema) in self.root["$defs"]
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| WITHIN.contains(&name.as_str()))
        {
            self.kinds.insert(
                name.to_lowercase(),
                schema["description"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
            );
        }
        self.text
            .push_str("\n## Kinds of values\n\n| type | written |\n|---|---|\n");
        for (title, said) in self.kinds.iter().filter(|(_, said)| !said.is_empty()) {
            self.text
                .push_str(&format!("| {} | {} |\n", cell(title), cell(said)));
        }
        self.text
            .push_str("\nWhat a rule can be about is in [metrics.md](metrics.md).\n");
    }
}

fn is_table(schema: &Value) -> bool {
    schema.get("properties").is_some()
}

fn forms(schema: &Value) -> &[Value] {
    schema
        .get("anyOf")
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// What a value looks like.
fn examples(schema: &Value) -> String {
    let all = schema.get("examples").and_then(Value::as_array);
    all.into_iter()
        .flatten()
        .map(|example| format!("`{example}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn title(schema: &Value) -> Option<&str> {
    schema
        .get("title")
        .and_then(Value::as_str)
        .filter(|_| !is_table(schema))
}

fn map_of(values: &str) -> String {
    if values.starts_with("NAME") {
        format!("NAME = {{ {values}, … }}")
    } else {
        format!("NAME = {values}")
    }
}

fn link(path: &str) -> String {
    let anchor: String = path
        .to_lowercase()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "_-".contains(*c))
        .collect();
    format!("[{path}](#{anchor})")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As a cell of a table holds it.
fn cell(text: &str) -> String {
    one_line(text).replace('|', "\\|")
}
