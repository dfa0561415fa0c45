//! Fills `${NAME}` and the plan's own `{{names}}` in the tree, so that what is left is what only iterations know.

use std::collections::BTreeMap;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Diagnostics, Span, Spanned, nearest};
use crate::plan::read::typed;
use crate::plan::tree::Node;
use crate::template::{Template, expand_environment, value_text};

/// The values of names that are known before a load starts.
pub(super) type Known = BTreeMap<String, Value>;

/// `${NAME}` in every value of the tree.
pub(super) fn environment(
    tree: &mut DeTable<'_>,
    lookup: &dyn Fn(&str) -> Option<String>,
    diagnostics: &mut Diagnostics,
) {
    typed::each_text(tree, false, &mut |node, is_typed| {
        let span = node.span();
        let Some(text) = node.get_ref().as_str().map(str::to_owned) else {
            return;
        };
        match expand_environment(&text, lookup) {
            Ok(filled) => {
                let value = typed::filled_default(&text, &filled).filter(|_| is_typed);
                *node.get_mut() =
                    value.unwrap_or_else(|| DeValue::String(filled.into_owned().into()));
            }
            Err(error) => diagnostics.push(Diagnostic::error(error.to_string(), span)),
        }
    });
}

/// Sections whose values are filled elsewhere, or hold for other sections.
const ELSEWHERE: [&str; 5] = ["vars", "secrets", "preset", "phase", "sweep"];
/// Sections of a plan with a `[sweep]` that have other values at each point.
const SWEPT: [&str; 1] = ["load"];
/// Sections in which names of an iteration may stand.
const LATE: [&str; 3] = ["flow", "target", "tags"];

/// The plan's names in every value of the tree, or of one phase. Outside flows, what is not known now never will be.
pub(super) fn names(tree: &mut DeTable<'_>, known: &Known, diagnostics: &mut Diagnostics) {
    let is_swept = tree.contains_key("sweep");
    for (key, node) in tree.iter_mut() {
        let key = key.get_ref().as_ref();
        if !(ELSEWHERE.contains(&key) || is_swept && SWEPT.contains(&key)) {
            fill_node(node, known, LATE.contains(&key), diagnostics);
        }
    }
}

/// The plan's names in every value below one key.
pub(super) fn value(node: &mut Node<'_>, known: &Known, diagnostics: &mut Diagnostics) {
    fill_node(node, known, false, diagnostics);
}

fn fill_node(node: &mut Node<'_>, known: &Known, late: bool, diagnostics: &mut Diagnostics) {
    each_in(node, &mut |text, span| match filled(text, known) {
        Err(diagnostic) => {
            diagnostics.push(diagnostic(span.clone()));
            None
        }
        // A variable without a value was said to be wrong where it stands.
        Ok(_)
            if Template::parse(text).is_ok_and(|own| {
                own.names()
                    .any(|name| known.get(name) == Some(&Value::Null))
            }) =>
        {
            diagnostics.excuse(span.clone());
            None
        }
        Ok(template) => match template.constant() {
            // What flows are compiled from is read as a template once more.
            Some(Value::String(text)) if late => {
                Some(DeValue::String(text.replace("{{", "{{{{").into()))
            }
            Some(value) => Some(scalar(&value)),
            None => {
                let not_numbers = template.names().find(|name| known.contains_key(*name));
                let absent = template.names().find(|name| !known.contains_key(*name));
                match (absent, not_numbers) {
                    (Some(name), _) if !late => {
                        diagnostics.push(unknown(name, span.clone(), known));
                    }
                    (None, Some(name)) => diagnostics.push(not_a_number(name, span.clone(), known)),
                    _ => {}
                }
                Some(DeValue::String(template.to_string().into()))
            }
        },
    });
}

pub(super) fn filled(
    text: &str,
    known: &Known,
) -> Result<Template, impl FnOnce(Span) -> Diagnostic + use<>> {
    let lookup = |name: &str| known.get(name).cloned();
    Template::parse(text)
        .map(|template| template.fill(&lookup))
        .map_err(|error| move |span: Span| Diagnostic::error(error.message, span))
}

pub(super) fn unknown(name: &str, span: Span, known: &Known) -> Diagnostic {
    let error = Diagnostic::error(format!("nothing has the name `{{{{{name}}}}}` here"), span);
    error.help(instead(name, known.keys()))
}

/// A sum or product of something that is no number.
fn not_a_number(name: &str, span: Span, known: &Known) -> Diagnostic {
    let value = known.get(name).map(value_text).unwrap_or_default();
    let message = format!("this cannot be computed: `{name}` is `{value}`, which is not a number");
    Diagnostic::error(message, span)
        .help("sums and products are made of numbers and of names of numbers")
}

/// What to do about a name that none of these variables has.
pub(super) fn instead<'a>(name: &str, variables: impl Iterator<Item = &'a String>) -> String {
    match nearest(name, variables.map(String::as_str)) {
        Some(close) => format!("a variable with a similar name exists: `{close}`"),
        None => format!("add it: [vars] {name} = …"),
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

fn each_text<'i>(
    tree: &mut DeTable<'i>,
    change: &mut dyn FnMut(&str, &Span) -> Option<DeValue<'i>>,
) {
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
