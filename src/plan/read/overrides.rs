//! `--set NAME=value`: a variable, or a scalar that the plan has.

use std::str::FromStr;

use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Diagnostics, Sources, Span, Spanned, nearest};
use crate::plan::read::{added_key, sweeps, typed};
use crate::plan::tree::Node;
use crate::plan::tree::get;
use crate::plan::tree::table;

/// So many names are listed at most.
const LISTED: usize = 4;

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
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| format!("`{text}` is not NAME=value"))?;
        Ok(Self {
            name: name.trim().to_owned(),
            value: value.to_owned(),
        })
    }
}

/// Sets a value that the plan has, or that its format knows where the plan says nothing. Adds no entries, and nothing that says what kind of
/// load it is. What is wrong with the value is shown where it was typed.
pub(in crate::plan) fn apply(
    tree: &mut DeTable<'_>,
    change: &Override,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) {
    let written = format!("{}={}", change.name, change.value);
    let start = sources.add("--set", written.clone());
    let name = start..start + change.name.len();
    let text = DeValue::String(change.value.clone().into());
    if sweeps::set(
        tree,
        &change.name,
        &Spanned::new(name.end + 1..start + written.len(), text),
    ) {
        return;
    }
    let is_variable = table(tree, "vars").is_some_and(|vars| {
        vars.iter()
            .any(|(key, _)| key.get_ref() == change.name.as_str())
    });
    let path: Vec<&str> = if is_variable {
        vec!["vars", &change.name]
    } else {
        change.name.split('.').collect()
    };
    let found = find(tree, &path).is_some();
    let node = if found {
        find(tree, &path)
    } else {
        added_key::place(tree, &path, &name)
    };
    let Some(node) = node else {
        let refused = absent(tree, &change.name, &name);
        diagnostics.push(refused.unwrap_or_else(|| unknown(tree, &change.name, name)));
        return;
    };
    if matches!(node.get_ref(), DeValue::Table(_) | DeValue::Array(_)) {
        let error = Diagnostic::error(
            format!(
                "`{}` is not a single value\nwrite a text, a number or a flag",
                change.name
            ),
            name,
        );
        diagnostics.push(
            error.help("only a variable or a single value can be set, not a table or an array"),
        );
        return;
    }
    let value = typed::in_place_of(node.get_ref(), &change.value);
    *node = Spanned::new(name.end + 1..start + written.len(), value);
}

/// The value at a path. Entries of a list, such as steps and phases, are found by their name.
fn find<'a, 'i>(tree: &'a mut DeTable<'i>, path: &[&str]) -> Option<&'a mut Node<'i>> {
    let (first, rest) = path.split_first()?;
    let node = tree.iter_mut().find(|(key, _)| key.get_ref() == *first)?.1;
    if rest.is_empty() {
        return Some(node);
    }
    match node.get_mut() {
        DeValue::Table(table) => find(table, rest),
        DeValue::Array(items) => {
            let (name, rest) = rest.split_first()?;
            let named = |table: &DeTable<'_>| {
                get(table, "name").and_then(|own| own.get_ref().as_str()) == Some(*name)
            };
            items.iter_mut().find_map(|item| match item.get_mut() {
                DeValue::Table(table) if named(table) && !rest.is_empty() => find(table, rest),
                _ => None,
            })
        }
        _ => None,
    }
}

/// What to say of a key that says what kind of load it is, where the plan's load is of another kind.
fn absent(tree: &mut DeTable<'_>, name: &str, span: &Span) -> Option<Diagnostic> {
    let (path, key) = name.rsplit_once('.')?;
    let parts: Vec<&str> = path.split('.').collect();
    let node = find(tree, &parts)?;
    let table = node.get_ref().as_table()?;
    let is_load = parts.len() >= 2 && parts[parts.len() - 2] == "load";
    let own = added_key::KINDS
        .iter()
        .find(|kind| get(table, kind).is_some())?;
    if !is_load || !added_key::KINDS.contains(&key) {
        return None;
    }
    let message = format!("`{path}` has `{own}`, and --set does not make it another kind of load");
    let error = Diagnostic::error(message, span.clone());
    Some(error.help(format!(
        "set {path}.{own}, or write `{key}` in its place in the plan"
    )))
}

fn unknown(tree: &DeTable<'_>, name: &str, span: Span) -> Diagnostic {
    let vars: Vec<String> = table(tree, "vars")
        .into_iter()
        .flatten()
        .map(|(key, _)| key.get_ref().to_string())
        .chain(sweeps::variables(tree))
        .collect();
    let mut known = vars.clone();
    paths(tree, "", &mut known);
    let error = Diagnostic::error(
        format!("the plan has no variable and no value `{name}`"),
        span,
    );
    let last = name.rsplit('.').next().unwrap_or(name);
    let quoted = |names: &[&String]| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    let ending = |end: &str| -> Option<String> {
        let end = format!(".{end}");
        let same: Vec<&String> = known.iter().filter(|path| path.ends_with(&end)).collect();
        (1..=LISTED)
            .contains(&same.len())
            .then(|| format!("a value is set by its whole path: {}", quoted(&same)))
    };
    if let Some(help) = ending(name) {
        return error.help(help);
    }
    match nearest(name, known.iter().map(String::as_str)) {
        Some(close) => error.help(format!("a similar name exists: `{close}`")),
        None if let Some(help) = ending(last) => error.help(help),
        None if vars.is_empty() => {
            let some: Vec<&String> = known
                .iter()
                .filter(|path| path.starts_with("load."))
                .collect();
            let some = if some.is_empty() {
                known.iter().collect()
            } else {
                some
            };
            error.help(format!(
                "the plan has no variables; its values are set by their paths, such as {}",
                quoted(&some[..some.len().min(LISTED)])
            ))
        }
        None => error.help(format!("its variables are: {}", vars.join(", "))),
    }
}

fn paths(tree: &DeTable<'_>, before: &str, all: &mut Vec<String>) {
    for (key, node) in tree {
        let path = if before.is_empty() {
            key.get_ref().to_string()
        } else {
            format!("{before}.{}", key.get_ref())
        };
        match node.get_ref() {
            DeValue::Table(table) => paths(table, &path, all),
            DeValue::Array(items) => {
                for table in items.iter().filter_map(|item| item.get_ref().as_table()) {
                    if let Some(name) = get(table, "name").and_then(|name| name.get_ref().as_str())
                    {
                        paths(table, &format!("{path}.{name}"), all);
                    }
                }
            }
            _ => all.push(path),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(text: &str, set: &str) -> Result<String, String> {
        let mut tree = DeTable::parse(text).unwrap().into_inner();
        let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
        let change: Override = set.parse()?;
        apply(&mut tree, &change, &mut sources, &mut found);
        match found.iter().next() {
            Some(wrong) => Err(wrong.render(&sources, false)),
            None => Ok(
                crate::plan::tree::to_json(&Spanned::new(0..0, DeValue::Table(tree))).to_string(),
            ),
        }
    }

    #[test]
    fn sets_what_the_plan_has_and_nothing_else() {
        let plan = "phase = [{ name = 'p', load.x = { vus = 1 } }]\n[vars]\nrate = '3/s'\n[load.x]\nrate = '{{rate}}'\n";
        assert!(
            tried(plan, "load.x.rate=5/s")
                .unwrap()
                .contains(r#""load":{"x":{"rate":"5/s"}}"#)
        );
        assert!(
            tried(plan, "rate=9/s")
                .unwrap()
                .contains(r#""vars":{"rate":"9/s"}"#)
        );
        assert!(
            tried(plan, "phase.p.load.x.vus=4")
                .unwrap()
                .contains(r#""vus":4"#)
        );
        for (set, says) in [
            ("load.x.drain=4s", r#""x":{"rate":"{{rate}}","drain":"4s"}"#),
            (
                "session.confirm_after=5s",
                r#""session":{"confirm_after":"5s"}"#,
            ),
            ("phase.p.rest=1s", r#""rest":"1s""#),
            (
                "target.ready.within=5s",
                r#""target":{"url":"http://x","ready":{"path":"/up","within":"5s"}}"#,
            ),
        ] {
            let more = format!("target = {{ url = 'http://x', ready = '/up' }}\n{plan}");
            let set_to = tried(&more, set).unwrap();
            assert!(set_to.contains(says), "{set}: {set_to}");
        }
        assert!(
            tried(&format!("target = 'http://x'\n{plan}"), "target.timeout=5s")
                .unwrap()
                .contains(r#""target":{"url":"http://x","timeout":"5s"}"#)
        );
        for (set, says) in [
            (
                "load.x.vus=4",
                "`load.x` has `rate`, and --set does not make it",
            ),
            (
                "load.x.vus=4",
                "set load.x.rate, or write `vus` in its place",
            ),
            ("x.vus=4", "`phase.p.load.x.vus`"),
            (
                "vus=4",
                "a value is set by its whole path: `phase.p.load.x.vus`",
            ),
            ("load.y.drain=4s", "no variable and no value `load.y.drain`"),
            ("load.x.dran=4s", "no variable and no value `load.x.dran`"),
            ("rat=9/s", "a similar name exists: `rate`"),
            ("phase.q.load.x.vus=4", "`phase.p.load.x.vus`"),
            ("load.x=9", "is not a single value"),
        ] {
            let message = tried(plan, set).unwrap_err();
            assert!(
                message.contains(says) && message.contains("--set:1:1"),
                "{message}"
            );
        }
        assert!(tried(plan, "load").is_err());
    }
}
