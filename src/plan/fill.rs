//! Fills `${NAME}` and the plan's own `{{names}}` in the tree, so that what is left is what only iterations know.

use std::collections::BTreeMap;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::tree::{Node, table};
use crate::diag::{Diagnostic, Diagnostics, Span, Spanned, nearest};
use crate::template::{Template, expand_environment};

/// The values of names that are known before a load starts.
pub(super) type Known = BTreeMap<String, Value>;

/// `${NAME}` in every value of the tree.
pub(super) fn environment(tree: &mut DeTable<'_>, lookup: &dyn Fn(&str) -> Option<String>, found: &mut Diagnostics) {
    each_text(tree, &mut |text, span| match expand_environment(text, lookup) {
        Ok(filled) => Some(DeValue::String(filled.into_owned().into())),
        Err(error) => {
            found.push(
                Diagnostic::error(error.to_string(), span.clone())
                    .help("set it in the environment, or give it a default"),
            );
            None
        }
    });
}

/// The values of `[vars]`. A variable may use those written before it.
pub(super) fn variables(tree: &DeTable<'_>, known: &mut Known, found: &mut Diagnostics) {
    for (key, node) in table(tree, "vars").into_iter().flatten() {
        let value = match node.get_ref() {
            DeValue::String(text) => match filled(text, known) {
                Ok(template) => template.constant().unwrap_or_else(|| {
                    let names: Vec<_> = template.names().map(str::to_owned).collect();
                    found.push(unknown(names.first().map_or("", String::as_str), node.span(), known));
                    Value::Null
                }),
                Err(diagnostic) => {
                    found.push(diagnostic(node.span()));
                    Value::Null
                }
            },
            DeValue::Table(_) | DeValue::Array(_) => {
                found.push(Diagnostic::error(
                    format!("the variable `{}` is not a single value", key.get_ref()),
                    node.span(),
                ));
                Value::Null
            }
            _ => super::tree::to_json(node),
        };
        known.insert(key.get_ref().to_string(), value);
    }
}

/// The plan's names in every value of the tree. Outside flows, what is not known now never will be.
pub(super) fn names(tree: &mut DeTable<'_>, known: &Known, found: &mut Diagnostics) {
    for (key, node) in tree.iter_mut().filter(|(key, _)| key.get_ref() != "vars") {
        let late = matches!(key.get_ref().as_ref(), "flow" | "target");
        fill_node(node, known, late, found);
    }
}

fn fill_node(node: &mut Node<'_>, known: &Known, late: bool, found: &mut Diagnostics) {
    each_in(node, &mut |text, span| match filled(text, known) {
        Err(diagnostic) => {
            found.push(diagnostic(span.clone()));
            None
        }
        Ok(template) => match template.constant() {
            Some(value) => Some(scalar(&value)),
            None => {
                if !late && let Some(name) = template.names().next() {
                    found.push(unknown(name, span.clone(), known));
                }
                Some(DeValue::String(template.to_string().into()))
            }
        },
    });
}

fn filled(text: &str, known: &Known) -> Result<Template, impl FnOnce(Span) -> Diagnostic + use<>> {
    let lookup = |name: &str| known.get(name).cloned();
    Template::parse(text).map(|template| template.fill(&lookup)).map_err(|error| {
        move |span: Span| Diagnostic::error(error.message, span).help("a literal `{{` is written `{{{{`")
    })
}

fn unknown(name: &str, span: Span, known: &Known) -> Diagnostic {
    let error = Diagnostic::error(format!("nothing has the name `{{{{{name}}}}}` here"), span);
    match nearest(name, known.keys().map(String::as_str)) {
        Some(close) => error.help(format!("a variable with a similar name exists: `{close}`")),
        None => error.help(format!("add it: [vars] {name} = …")),
    }
}

/// A JSON scalar as TOML has it.
fn scalar<'i>(value: &Value) -> DeValue<'i> {
    match value {
        Value::String(text) => DeValue::String(text.clone().into()),
        Value::Bool(flag) => DeValue::Boolean(*flag),
        other => {
            // A TOML number borrows its text. These few bytes live as long as the plan, which is as long as the process.
            let text: &'static str = Box::leak(other.to_string().into_boxed_str());
            DeValue::parse(text).map_or_else(|_| DeValue::String(text.into()), Spanned::into_inner)
        }
    }
}

fn each_text<'i>(tree: &mut DeTable<'i>, change: &mut dyn FnMut(&str, &Span) -> Option<DeValue<'i>>) {
    tree.iter_mut().for_each(|(_, node)| each_in(node, change));
}

fn each_in<'i>(node: &mut Node<'i>, change: &mut dyn FnMut(&str, &Span) -> Option<DeValue<'i>>) {
    let span = node.span();
    match node.get_mut() {
        DeValue::String(text) => {
            if let Some(value) = change(text, &span) {
                *node.get_mut() = value;
            }
        }
        DeValue::Array(items) => items.iter_mut().for_each(|item| each_in(item, change)),
        DeValue::Table(table) => each_text(table, change),
        _ => {}
    }
}
