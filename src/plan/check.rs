//! Reads sections with their own checks, and checks what only the whole plan can know.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::de::{DeTable, DeValue};

use super::composed::{Places, Plan};
use super::entry::Names;
use super::tree::{self, Node};
use crate::diag::{Diagnostic, Diagnostics, Problem, Sources, Span, nearest};
use crate::flow::StepSpec;
use crate::schedule::Load;

/// Reads one entry and turns its own mistakes into findings at their places.
pub(super) fn read_checked<'i, T: Deserialize<'i>>(
    node: &Node<'i>,
    key: &Span,
    problems: impl Fn(&T) -> Vec<Problem>,
    found: &mut Diagnostics,
) -> Option<T> {
    match tree::read::<T>(node) {
        Ok(value) => {
            let all = problems(&value);
            all.into_iter().for_each(|problem| found.push(at_place(problem, node, key)));
            Some(value)
        }
        Err(error) => {
            // Unknown keys were found by the walk over the schema, with the nearest name.
            // What stands where a variable could not be filled in was said to be wrong already.
            if !error.message.starts_with("unknown field") && !found.has_error_at(error.span.as_ref()) {
                found.push(error);
            }
            None
        }
    }
}

fn at_place(problem: Problem, node: &Node<'_>, key: &Span) -> Diagnostic {
    let span = tree::place(node, &problem.key, key);
    let finding = if problem.harmless {
        Diagnostic::warning(problem.message, span)
    } else {
        Diagnostic::error(problem.message, span)
    };
    if problem.help.is_empty() { finding } else { finding.help(problem.help) }
}

/// All flows, step by step.
pub(super) fn read_flows(
    tree: &DeTable<'_>,
    sources: &Sources,
    places: &mut Places,
    found: &mut Diagnostics,
) -> BTreeMap<String, Vec<StepSpec>> {
    let mut flows = BTreeMap::new();
    for (key, node) in tree::table(tree, "flow").into_iter().flatten() {
        let name = key.get_ref().to_string();
        super::entry::check_form(&name, &key.span(), found);
        let DeValue::Array(items) = node.get_ref() else {
            let error = Diagnostic::error(format!("the flow `{name}` is not a list of steps"), key.span());
            found.push(error.help(format!("write [[flow.{name}]], one table a step")));
            continue;
        };
        let mut steps: Vec<StepSpec> = Vec::new();
        for (at, item) in items.iter().enumerate() {
            let header = header_span(item, &key.span());
            places.steps.insert((name.clone(), at), header.clone());
            let Some(step) = read_checked(item, &header, StepSpec::check, found) else { continue };
            let span = tree::place(item, "name", &header);
            match &step.name {
                None if items.len() > 1 => found.push(
                    Diagnostic::error(format!("step {} of `{name}` has no name", at + 1), span)
                        .help("where a flow has several steps each needs one: name = \"submit\""),
                ),
                Some(step_name) if steps.iter().any(|other| other.name.as_ref() == Some(step_name)) => {
                    found.push(Diagnostic::error(format!("two steps of `{name}` are named `{step_name}`"), span));
                }
                _ => {}
            }
            steps.push(step);
        }
        if let Some(item) = items.first() {
            places.folders.insert(name.clone(), sources.folder(&item.span()).to_owned());
        }
        flows.insert(name, steps);
    }
    flows
}

/// Where a step begins: its header, or its first key where its table has no place of its own.
fn header_span(item: &Node<'_>, flow: &Span) -> Span {
    if !item.span().is_empty() {
        return item.span();
    }
    item.get_ref().as_table().and_then(|table| table.iter().next()).map_or_else(|| flow.clone(), |(key, _)| key.span())
}

/// All loads, in the order of the file.
pub(super) fn read_loads(tree: &DeTable<'_>, places: &mut Places, found: &mut Diagnostics) -> Vec<(String, Load)> {
    let mut loads = Vec::new();
    for (key, node) in tree::table(tree, "load").into_iter().flatten() {
        let name = key.get_ref().to_string();
        places.loads.insert(name.clone(), tree::place(node, "flow", &key.span()));
        if let Some(load) = read_checked(node, &key.span(), Load::check, found) {
            loads.push((name, load));
        }
    }
    loads
}

impl Plan {
    /// What only the whole plan can know: flows that loads name, names that collide, metrics that rules name, requests.
    pub(super) fn check_whole(&self, sources: &Sources, found: &mut Diagnostics) {
        let mut names = Names::default();
        for (name, load) in &self.loads {
            let span = self.places.loads.get(name).cloned().unwrap_or_default();
            names.take(name, "load", &span, found);
            let flow = load.flow.as_deref().unwrap_or(name);
            if !self.flows.contains_key(flow) {
                let error = Diagnostic::error(format!("there is no flow `{flow}`"), span);
                found.push(match nearest(flow, self.flows.keys().map(String::as_str)) {
                    Some(close) => error.help(format!("a flow with a similar name exists: `{close}`")),
                    None => error.help(format!("add [[flow.{flow}]], or name another with `flow = \"…\"`")),
                });
            }
        }
        for (flow, steps) in &self.flows {
            for (at, step) in steps.iter().enumerate() {
                if let (Some(name), Some(span)) = (&step.name, self.places.steps.get(&(flow.clone(), at))) {
                    names.step(name, span, found);
                }
            }
            if !self.loads.iter().any(|(name, load)| load.flow.as_deref().unwrap_or(name) == flow) {
                let span = self.places.steps.get(&(flow.clone(), 0)).cloned().unwrap_or_default();
                found.push(Diagnostic::warning(format!("no load runs the flow `{flow}`"), span));
            }
        }
        if found.has_errors() {
            return;
        }
        // A demo gets its port when it starts; every other address is known now.
        let somewhere = "http://127.0.0.1:1".parse().ok();
        let base = if self.target.demo.is_some() { somewhere } else { self.base_url(found) };
        if let Some(prepared) = self.compile(base.as_ref(), 0, sources, found) {
            self.check_bounds(&prepared, found);
        }
    }

    /// A threshold that no value can cross protects nothing.
    fn check_bounds(&self, prepared: &super::Prepared, found: &mut Diagnostics) {
        for rule in &self.thresholds.0 {
            let Ok(crate::gate::Bound::OneSided(side, crate::gate::Operand::Value(limit, text))) = rule.bound.parse()
            else {
                continue;
            };
            let upper_time = side.is_upper() && limit.unit == Some(crate::units::Unit::Seconds);
            for load in prepared.loads.iter().filter(|_| upper_time) {
                let whole = rule.metric.contains("latency.p") && !rule.metric.contains("requests.");
                let own =
                    rule.metric.matches('.').count() == 1 || rule.metric.starts_with(&format!("{}.latency", load.name));
                if whole && own && limit.value > load.longest.as_secs_f64() {
                    let message = format!(
                        "no iteration of `{}` can take longer than {}, so `< {text}` can only be crossed by what was given up",
                        load.name, load.longest
                    );
                    found.push(
                        Diagnostic::warning(message, rule.span.clone()).help("lower the bound, or raise the timeouts"),
                    );
                }
            }
        }
    }
}
