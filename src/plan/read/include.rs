//! Parts of other plans.

use toml::de::{DeTable, DeValue};

use crate::plan::tree::Node;
use crate::plan::tree::get;

/// What a plan runs is its own: these keys of an included file are left behind.
const NEVER: [&str; 11] = [
    "name",
    "description",
    "include",
    "before",
    "after",
    "on_failure",
    "rest",
    "in_turn",
    "load",
    "sweep",
    "phase",
];
/// Of these tables each entry is taken by itself; the plan's own entry wins whole.
const BY_ENTRY: [&str; 11] = [
    "vars", "secrets", "preset", "labels", "tags", "audio", "flow", "data", "monitor", "target",
    "session",
];
/// Of these each rule is taken by itself.
const BY_RULE: [&str; 3] = ["threshold", "warning", "abort"];

/// Puts what `own` does not say itself into it.
pub(in crate::plan) fn merge<'i>(own: &mut DeTable<'i>, included: DeTable<'i>) {
    for (key, node) in included {
        let name = key.get_ref().to_string();
        if NEVER.contains(&name.as_str()) {
            continue;
        }
        let Some(mine) = own
            .iter_mut()
            .find(|(k, _)| k.get_ref() == key.get_ref())
            .map(|(_, v)| v)
        else {
            own.insert(key, node);
            continue;
        };
        let deep = BY_RULE.contains(&name.as_str());
        if deep || BY_ENTRY.contains(&name.as_str()) {
            fill_in(mine, node, deep);
        }
    }
}

fn fill_in<'i>(own: &mut Node<'i>, included: Node<'i>, deep: bool) {
    let DeValue::Table(more) = included.into_inner() else {
        return;
    };
    let DeValue::Table(mine) = own.get_mut() else {
        return;
    };
    for (key, node) in more {
        match mine.iter_mut().find(|(k, _)| k.get_ref() == key.get_ref()) {
            None => {
                mine.insert(key, node);
            }
            Some((_, mine)) if deep => fill_in(mine, node, deep),
            Some(_) => {}
        }
    }
}

/// The files that a plan includes, as it names them, with the place of each name.
pub(in crate::plan) fn files(own: &DeTable<'_>) -> Vec<(String, crate::diag::Span)> {
    let named = |node: &Node<'_>| {
        node.get_ref()
            .as_str()
            .map(|name| (name.to_owned(), node.span()))
    };
    match get(own, "include") {
        Some(node) => match node.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(named).collect(),
            _ => named(node).into_iter().collect(),
        },
        None => Vec::new(),
    }
}
