//! A place for a key that the format knows and the plan does not write: `--set target.ready.within=5s`.

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::diag::{Span, Spanned};
use crate::plan::docs::schema::schema;
use crate::plan::docs::schema_forms::branch;
use crate::plan::tree::{Node, get};

/// Keys that say which kind of load it is: those a plan chooses itself.
pub(in crate::plan) const KINDS: [&str; 3] = ["rate", "vus", "stages"];

/// Makes the place, with the tables around it. `None` where the format has no such key, or where it would be an entry of its own, such
/// as another load.
pub(in crate::plan) fn place<'a, 'i>(
    tree: &'a mut DeTable<'i>,
    path: &[&str],
    span: &Span,
) -> Option<&'a mut Node<'i>> {
    let is_kind = path.len() >= 3
        && path[path.len() - 3] == "load"
        && path.last().is_some_and(|key| KINDS.contains(key));
    if is_kind || !is_known(tree, schema(), path) {
        return None;
    }
    below(tree, schema(), path, span)
}

/// Whether the format has a single value at the path, and the plan has the entries on the way to it.
fn is_known(tree: &DeTable<'_>, at: &Value, path: &[&str]) -> bool {
    let Some((key, rest)) = path.split_first() else {
        return false;
    };
    let Some(table) = branch(schema(), at, "object") else {
        return false;
    };
    let own = get(tree, key);
    let property = table.get("properties").and_then(|all| all.get(key));
    let Some(below) = property.or_else(|| own.and(table.get("additionalProperties"))) else {
        return false;
    };
    if rest.is_empty() {
        let is_table = branch(schema(), below, "object").is_some() && short_form(below).is_none();
        return own.is_none() && property.is_some() && !is_table;
    }
    match own.map(Spanned::get_ref) {
        None => is_known(&DeTable::new(), below, rest),
        Some(DeValue::Table(table)) => is_known(table, below, rest),
        Some(DeValue::String(_)) => {
            short_form(below).is_some() && is_known(&DeTable::new(), below, rest)
        }
        Some(DeValue::Array(items)) => {
            let items = items.iter().filter_map(|item| item.get_ref().as_table());
            let entry = items.into_iter().find(|table| is_named(table, rest[0]));
            let schema =
                branch(schema(), below, "array").and_then(|list| list.get("items").cloned());
            entry
                .zip(schema)
                .is_some_and(|(table, schema)| is_known(table, &schema, &rest[1..]))
        }
        Some(_) => false,
    }
}

fn below<'a, 'i>(
    tree: &'a mut DeTable<'i>,
    at: &Value,
    path: &[&str],
    span: &Span,
) -> Option<&'a mut Node<'i>> {
    let (key, rest) = path.split_first()?;
    let table = branch(schema(), at, "object")?;
    let property = table.get("properties").and_then(|all| all.get(key));
    let schema_below = property.or_else(|| table.get("additionalProperties"))?;
    if get(tree, key).is_none() {
        let empty = if rest.is_empty() {
            DeValue::String("".into())
        } else {
            DeValue::Table(DeTable::new())
        };
        let name = Spanned::new(span.clone(), (*key).to_owned().into());
        tree.insert(name, Spanned::new(span.clone(), empty));
    }
    let node = tree.iter_mut().find(|(own, _)| own.get_ref() == *key)?.1;
    if rest.is_empty() {
        return Some(node);
    }
    if let (DeValue::String(_), Some(first)) = (node.get_ref(), short_form(schema_below)) {
        let place = node.span();
        let text = std::mem::replace(node.get_mut(), DeValue::Boolean(false));
        let long = DeTable::from_iter([(
            Spanned::new(place.clone(), first.into()),
            Spanned::new(place, text),
        )]);
        *node.get_mut() = DeValue::Table(long);
    }
    match node.get_mut() {
        DeValue::Table(table) => below(table, schema_below, rest, span),
        DeValue::Array(items) => {
            let items_schema = branch(schema(), schema_below, "array")?
                .get("items")?
                .clone();
            let tables = items.iter_mut().filter_map(|item| match item.get_mut() {
                DeValue::Table(table) => Some(table),
                _ => None,
            });
            let entry = tables.into_iter().find(|table| is_named(table, rest[0]))?;
            below(entry, &items_schema, &rest[1..], span)
        }
        _ => None,
    }
}

fn is_named(table: &DeTable<'_>, name: &str) -> bool {
    get(table, "name").and_then(|own| own.get_ref().as_str()) == Some(name)
}

/// The key that a text in place of a table is the value of.
fn short_form(at: &Value) -> Option<String> {
    let forms = at.get("anyOf").and_then(Value::as_array);
    let is_text = |form: &Value| form.get("type").is_some_and(|own| own == "string");
    let reference = at.get("$ref").and_then(Value::as_str);
    if let Some(name) = reference.and_then(|reference| reference.rsplit('/').next()) {
        return short_form(schema().get("$defs")?.get(name)?);
    }
    let forms = forms?;
    let text = forms.iter().any(is_text) || forms.iter().any(|form| short_form(form).is_some());
    if !text {
        return None;
    }
    let table = branch(schema(), at, "object")?;
    let keys = table.get("properties")?.as_object()?;
    keys.keys().next().cloned()
}
