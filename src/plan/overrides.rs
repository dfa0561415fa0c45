//! `--set NAME=value`: a variable, or a scalar that the plan has.

use std::str::FromStr;

use toml::de::{DeTable, DeValue};

use super::tree::{Node, table};
use crate::diag::nearest;

/// One `--set`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// A variable's name, or the dotted path of a key.
    pub name: String,
    /// Its value, as text.
    pub value: String,
}

impl FromStr for Override {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or_else(|| format!("`{text}` is not NAME=value"))?;
        Ok(Self { name: name.trim().to_owned(), value: value.to_owned() })
    }
}

/// Sets a value that the plan has. Never adds a key, so that an override cannot change what kind of load it is.
///
/// # Errors
/// Says what the plan has in place of an unknown name.
pub(super) fn apply(tree: &mut DeTable<'_>, change: &Override) -> Result<(), String> {
    let is_variable =
        table(tree, "vars").is_some_and(|vars| vars.iter().any(|(key, _)| key.get_ref() == change.name.as_str()));
    let path: Vec<&str> = if is_variable { vec!["vars", &change.name] } else { change.name.split('.').collect() };
    let Some(node) = find(tree, &path) else { return Err(unknown(tree, &change.name)) };
    if matches!(node.get_ref(), DeValue::Table(_) | DeValue::Array(_)) {
        return Err(format!("`--set {}`: only a single value can be set, not a table or an array", change.name));
    }
    *node.get_mut() = DeValue::String(change.value.clone().into());
    Ok(())
}

fn find<'a, 'i>(tree: &'a mut DeTable<'i>, path: &[&str]) -> Option<&'a mut Node<'i>> {
    let (first, rest) = path.split_first()?;
    let node = tree.iter_mut().find(|(key, _)| key.get_ref() == *first)?.1;
    if rest.is_empty() {
        return Some(node);
    }
    match node.get_mut() {
        DeValue::Table(table) => find(table, rest),
        _ => None,
    }
}

fn unknown(tree: &DeTable<'_>, name: &str) -> String {
    let mut known = Vec::new();
    if let Some(vars) = table(tree, "vars") {
        known.extend(vars.iter().map(|(key, _)| key.get_ref().to_string()));
    }
    paths(tree, "", &mut known);
    match nearest(name, known.iter().map(String::as_str)) {
        Some(close) => format!("`--set {name}`: the plan has no such variable or key; did you mean `{close}`?"),
        None => {
            let vars: Vec<&str> =
                known.iter().take(table(tree, "vars").map_or(0, DeTable::len)).map(String::as_str).collect();
            let vars = if vars.is_empty() { "none".to_owned() } else { vars.join(", ") };
            format!("`--set {name}`: the plan has no such variable or key; its variables are: {vars}")
        }
    }
}

fn paths(tree: &DeTable<'_>, before: &str, all: &mut Vec<String>) {
    for (key, node) in tree {
        let path = if before.is_empty() { key.get_ref().to_string() } else { format!("{before}.{}", key.get_ref()) };
        match node.get_ref() {
            DeValue::Table(table) => paths(table, &path, all),
            DeValue::Array(_) => {}
            _ => all.push(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(text: &str, set: &str) -> Result<String, String> {
        let mut tree = DeTable::parse(text).unwrap().into_inner();
        apply(&mut tree, &set.parse()?)?;
        let path: Vec<&str> = vec!["load", "x", "rate"];
        Ok(find(&mut tree, &path).and_then(|node| node.get_ref().as_str().map(str::to_owned)).unwrap_or_default())
    }

    #[test]
    fn sets_what_the_plan_has_and_nothing_else() {
        let plan = "[vars]\nrate = '3/s'\n[load.x]\nrate = '{{rate}}'\n";
        assert_eq!(tried(plan, "load.x.rate=5/s").unwrap(), "5/s");
        assert!(tried(plan, "rate=9/s").is_ok());
        assert!(tried(plan, "load.x.vus=4").unwrap_err().contains("no such variable or key"));
        assert!(tried(plan, "rat=9/s").unwrap_err().contains("did you mean `rate`"));
        assert!(tried(plan, "load.x=9").unwrap_err().contains("only a single value"));
        assert!(tried(plan, "load").is_err());
    }
}
