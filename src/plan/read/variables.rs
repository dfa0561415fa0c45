//! The values of `[vars]` and `[secrets]`, which may use each other in any order.

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Diagnostics, Spanned};
use crate::plan::fill::Known;
use crate::plan::fill::filled;
use crate::plan::fill::unknown;
use crate::plan::tree::Node;
use crate::plan::tree::table;
use crate::plan::tree::to_json;
use crate::template::{Template, value_text};
use toml::de::DeString;

/// One variable or secret whose value is not known yet.
struct Unresolved<'a> {
    name: &'a Spanned<DeString<'a>>,
    node: &'a Node<'a>,
    template: Template,
}

/// Adds the values of all variables and secrets to what is `known`; the one that is `swept` keeps the value it has there.
pub(in crate::plan) fn resolve(
    tree: &DeTable<'_>,
    known: &mut Known,
    swept: Option<&str>,
    diagnostics: &mut Diagnostics,
) {
    let mut open = Vec::new();
    for (section, what) in [("vars", "variable"), ("secrets", "secret")] {
        for (name, node) in table(tree, section).into_iter().flatten() {
            if Some(name.get_ref().as_ref()) == swept {
                continue;
            }
            if known.contains_key(name.get_ref().as_ref()) {
                let owner = if table(tree, "vars")
                    .is_some_and(|vars| vars.contains_key(name.get_ref().as_ref()))
                {
                    "a variable"
                } else {
                    "built in"
                };
                let error = Diagnostic::error(
                    format!("`{}` is {owner} already", name.get_ref()),
                    name.span(),
                );
                diagnostics.push(error.help("choose another name: `{{…}}` means one thing"));
                continue;
            }
            match node.get_ref() {
                DeValue::String(text) => match filled(text, known) {
                    Ok(template) => open.push(Unresolved {
                        name,
                        node,
                        template,
                    }),
                    Err(diagnostic) => {
                        diagnostics.push(diagnostic(node.span()));
                        known.insert(name.get_ref().to_string(), Value::Null);
                    }
                },
                DeValue::Table(_) | DeValue::Array(_) => {
                    let message = format!(
                        "the {what} `{}` is not a single value\nwrite a text, a number or a flag",
                        name.get_ref()
                    );
                    diagnostics.push(Diagnostic::error(message, node.span()));
                    known.insert(name.get_ref().to_string(), Value::Null);
                }
                _ => drop(known.insert(name.get_ref().to_string(), to_json(node))),
            }
        }
    }
    settle(open, known, diagnostics);
}

/// A sum or product of something that is no number, shown where that something was said.
fn not_a_number(one: &Unresolved<'_>, known: &Known) -> Diagnostic {
    let is_number = |name: &&str| {
        known.get(*name).is_some_and(|value| match value {
            Value::String(text) => text.trim().parse::<f64>().is_ok(),
            other => other.is_number(),
        })
    };
    let name = one
        .template
        .names()
        .find(|name| !is_number(name))
        .unwrap_or_default();
    let value = known.get(name).map(value_text).unwrap_or_default();
    let message = format!(
        "`{}` cannot be computed: `{name}` is `{value}`, which is not a number",
        one.name.get_ref()
    );
    Diagnostic::error(message, one.node.span())
        .help("sums and products are made of numbers and of names of numbers")
}

/// Fills in what is known until nothing changes; what is left uses itself, or something that is not there.
fn settle(mut open: Vec<Unresolved<'_>>, known: &mut Known, diagnostics: &mut Diagnostics) {
    loop {
        let before = open.len();
        open.retain(|one| {
            let value = one
                .template
                .fill(&|name| known.get(name).cloned())
                .constant();
            let settled = value.is_some();
            known.extend(value.map(|value| (one.name.get_ref().to_string(), value)));
            !settled
        });
        if open.len() == before {
            break;
        }
    }
    let mut circles: Vec<&str> = Vec::new();
    for one in &open {
        let missing = |name: &&str| !known.contains_key(*name);
        let names: Vec<&str> = one.template.names().filter(missing).collect();
        let circle = |name: &&&str| open.iter().any(|other| other.name.get_ref() == **name);
        let of_null = |name: &str| known.get(name) == Some(&Value::Null);
        if names.is_empty() {
            if !one.template.names().any(of_null) {
                diagnostics.push(not_a_number(one, known));
            }
            continue;
        }
        match names.iter().find(|name| !circle(name)) {
            Some(name) => diagnostics.push(unknown(name, one.node.span(), known)),
            // One circle is one mistake, wherever it begins.
            None if circles.contains(&one.name.get_ref().as_ref()) => {}
            None => {
                circles.extend(&names);
                let message = format!(
                    "`{}` is made of itself, by way of {}",
                    one.name.get_ref(),
                    names
                        .iter()
                        .map(|name| format!("`{name}`"))
                        .collect::<Vec<_>>()
                        .join(", ")
                );
                diagnostics.push(
                    Diagnostic::error(message, one.node.span())
                        .help("give one of them a value of its own"),
                );
            }
        }
    }
    for one in open {
        known.insert(one.name.get_ref().to_string(), Value::Null);
    }
}
