//! `--preset NAME`: a named set of values for variables.

use toml::de::DeTable;

use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::plan::read::{sweeps, typed};
use crate::plan::tree::entry;
use crate::plan::tree::table;

/// Puts the values of the presets in place of the variables' defaults; the later wins.
pub(in crate::plan) fn apply(
    tree: &mut DeTable<'_>,
    presets: &[String],
    diagnostics: &mut Diagnostics,
) {
    check(tree, diagnostics);
    for name in presets {
        let Some(values) = table(tree, "preset")
            .and_then(|all| table(all, name))
            .cloned()
        else {
            diagnostics.push(unknown(tree, name));
            continue;
        };
        for (key, value) in values {
            if sweeps::set(tree, key.get_ref(), &value) {
                continue;
            }
            let vars = tree
                .iter_mut()
                .find(|(key, _)| key.get_ref() == "vars")
                .map(|(_, node)| node.get_mut());
            let Some(toml::de::DeValue::Table(vars)) = vars else {
                break;
            };
            if let Some((_, own)) = vars
                .iter_mut()
                .find(|(known, _)| known.get_ref() == key.get_ref())
            {
                *own = typed::like(own.get_ref(), value);
            }
        }
    }
}

/// A preset sets variables that the plan has, and nothing else.
fn check(tree: &DeTable<'_>, diagnostics: &mut Diagnostics) {
    let swept = sweeps::variables(tree);
    let vars: Vec<&str> = table(tree, "vars")
        .into_iter()
        .flatten()
        .map(|(key, _)| key.get_ref().as_ref())
        .collect();
    for (name, node) in table(tree, "preset").into_iter().flatten() {
        crate::plan::names::check_form(name.get_ref(), &name.span(), diagnostics);
        let Some(values) = node.get_ref().as_table() else {
            let error = Diagnostic::error(
                format!("the preset `{}` is not a table", name.get_ref()),
                node.span(),
            );
            diagnostics.push(error.help("write { VARIABLE = value, … }"));
            continue;
        };
        for (key, value) in values {
            let key_name = key.get_ref().as_ref();
            if vars.contains(&key_name) || swept.iter().any(|own| own == key_name) {
                continue;
            }
            let error =
                Diagnostic::error(format!("the plan has no variable `{key_name}`"), key.span());
            if value.get_ref().is_table() {
                diagnostics.push(error.help(
                    "a preset sets [vars] alone: let the load say vus = \"{{users}}\", and the preset users = 40",
                ));
                continue;
            }
            diagnostics.push(match nearest(key_name, vars.iter().copied()) {
                Some(close) => {
                    error.help(format!("a variable with a similar name exists: `{close}`"))
                }
                None => error.help(format!("give it a default: [vars] {key_name} = …")),
            });
        }
    }
}

fn unknown(tree: &DeTable<'_>, name: &str) -> Diagnostic {
    let known: Vec<&str> = table(tree, "preset")
        .into_iter()
        .flatten()
        .map(|(key, _)| key.get_ref().as_ref())
        .collect();
    let span = entry(tree, "preset").map(|(key, _)| key.span());
    let error = Diagnostic {
        span,
        ..Diagnostic::error(format!("the plan has no preset `{name}`"), 0..0)
    };
    match nearest(name, known.iter().copied()) {
        Some(close) => error.help(format!("a preset with a similar name exists: `{close}`")),
        None if known.is_empty() => error.help("add it: [preset] NAME = { VARIABLE = value }"),
        None => error.help(format!("its presets are: {}", known.join(", "))),
    }
}
