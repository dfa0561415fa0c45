//! Reads sections with their own checks.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Diagnostics, Problem, Sources, Span};
use crate::flow::StepSpec;
use crate::plan::diagnostics::serde_errors;
use crate::plan::model::{LoadSpans, PlanSpans};
use crate::plan::tree;
use crate::plan::tree::Node;
use crate::schedule::Load;

/// Reads one entry and turns its own mistakes into findings at their places.
pub(in crate::plan) fn read_checked<'i, T: Deserialize<'i>>(
    node: &Node<'i>,
    key: &Span,
    problems: impl Fn(&T) -> Vec<Problem>,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    match tree::read::<T>(node) {
        Ok(value) => {
            let all = problems(&value);
            all.into_iter()
                .for_each(|problem| diagnostics.push(at_place(problem, node, key)));
            Some(value)
        }
        Err((said, span)) => {
            // What stands where a variable could not be filled in was said to be wrong already.
            if !diagnostics.has_error_at(Some(&span)) {
                serde_errors::finding(&said, span)
                    .into_iter()
                    .for_each(|error| diagnostics.push(error));
            }
            None
        }
    }
}

pub(in crate::plan) fn at_place(problem: Problem, node: &Node<'_>, key: &Span) -> Diagnostic {
    let place = if problem.of_value {
        tree::value_place
    } else {
        tree::place
    };
    let span = place(node, &problem.key, key);
    let finding = if problem.harmless {
        Diagnostic::warning(problem.message, span)
    } else {
        Diagnostic::error(problem.message, span)
    };
    finding.help(problem.help)
}

/// All flows, step by step.
pub(in crate::plan) fn read_flows(
    tree: &DeTable<'_>,
    sources: &Sources,
    places: &mut PlanSpans,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Vec<StepSpec>> {
    let mut flows = BTreeMap::new();
    for (key, node) in tree::table(tree, "flow").into_iter().flatten() {
        let name = key.get_ref().to_string();
        crate::plan::names::check_form(&name, &key.span(), diagnostics);
        let DeValue::Array(items) = node.get_ref() else {
            let error = Diagnostic::error(
                format!("the flow `{name}` is not a list of steps"),
                key.span(),
            );
            diagnostics.push(error.help(format!("write [[flow.{name}]], one table a step")));
            continue;
        };
        let mut steps: Vec<StepSpec> = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let header = header_span(item, &key.span());
            places.steps.insert((name.clone(), at), header.clone());
            let mut texts = Vec::new();
            tree::texts("", item, &mut texts);
            places.texts.insert((name.clone(), at), texts);
            tree::keys("", item, places.keys.entry((name.clone(), at)).or_default());
            let Some(step) = read_checked(item, &header, StepSpec::check, diagnostics) else {
                continue;
            };
            let span = tree::value_place(item, "name", &header);
            places.names.insert((name.clone(), at), span.clone());
            match &step.name {
                None if items.len() > 1 && step.is_exchange() => diagnostics.push(
                    Diagnostic::error(format!("step {} of `{name}` has no name", at + 1), span)
                        .help("where a flow has several steps each needs one: name = \"submit\""),
                ),
                Some(step_name)
                    if steps
                        .iter()
                        .any(|other| other.name.as_ref() == Some(step_name)) =>
                {
                    diagnostics.push(Diagnostic::error(
                        format!("two steps of `{name}` are named `{step_name}`\nchoose another name: metrics and rules tell steps apart by it"),
                        span,
                    ));
                }
                _ => {}
            }
            steps.push(step);
        }
        if let Some(item) = items.first() {
            places
                .folders
                .insert(name.clone(), sources.folder(&item.span()).to_owned());
        }
        flows.insert(name, steps);
    }
    flows
}

/// Where a step begins: its header, or its first key where its table has no place of its own.
pub(in crate::plan) fn header_span(item: &Node<'_>, flow: &Span) -> Span {
    if !item.span().is_empty() {
        return item.span();
    }
    item.get_ref()
        .as_table()
        .and_then(|table| table.iter().next())
        .map_or_else(|| flow.clone(), |(key, _)| key.span())
}

/// All loads, in the order of the file.
pub(in crate::plan) fn read_loads(
    tree: &DeTable<'_>,
    spans: &mut LoadSpans,
    diagnostics: &mut Diagnostics,
) -> Vec<(String, Load)> {
    let mut loads = Vec::new();
    let nameless = |node: &Node<'_>| node.get_ref().as_table().is_none();
    if let Some((key, _)) =
        tree::table(tree, "load").and_then(|all| all.iter().find(|(_, node)| nameless(node)))
    {
        let name = key.get_ref();
        let error = Diagnostic::error(
            format!("`{name}` stands where the name of a load should stand"),
            key.span(),
        );
        diagnostics.push(error.help("each load is a table of its own: [load.main]"));
        return loads;
    }
    for (key, node) in tree::table(tree, "load").into_iter().flatten() {
        let name = key.get_ref().to_string();
        spans.insert(
            name.clone(),
            (key.span(), tree::value_place(node, "flow", &key.span())),
        );
        if let Some(load) = read_checked(node, &key.span(), Load::check, diagnostics) {
            loads.push((name, load));
        }
    }
    loads
}

/// One section: its own mistakes become findings at their places.
pub(in crate::plan) fn section<'i, T: serde::Deserialize<'i>>(
    tree: &DeTable<'i>,
    name: &str,
    problems: impl Fn(&T) -> Vec<crate::diag::Problem>,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let (key, node) = tree::entry(tree, name)?;
    read_checked(node, &key.span(), problems, diagnostics)
}

/// A table of `NAME = text`; numbers and flags are written as they are.
pub(in crate::plan) fn table_of_texts(
    tree: &DeTable<'_>,
    section: &str,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for (key, node) in tree::table(tree, section).into_iter().flatten() {
        let text = match node.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Table(_) | DeValue::Array(_) => {
                let message = format!(
                    "`{section}.{}` is not a single value\nwrite a text, a number or a flag",
                    key.get_ref()
                );
                diagnostics.push(Diagnostic::error(message, node.span()));
                continue;
            }
            _ => tree::to_json(node).to_string(),
        };
        texts.insert(key.get_ref().to_string(), text);
    }
    texts
}
