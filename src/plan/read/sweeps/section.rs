//! The sweeps of a plan: what they vary, before and while the plan is read.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Diagnostics, Spanned};
use crate::gate::{MetricBound, Rules};
use crate::plan::fill;
use crate::plan::fill::Known;
use crate::plan::read::{check, variables};
use crate::plan::sweep::{SECTIONS, Sweep, SweepSpec, SweepValues, written};
use crate::plan::tree;

/// A sweep as it was read, with the values of its points.
pub(in crate::plan) struct SweepRead {
    pub(in crate::plan) sweep: Arc<Sweep>,
    pub(in crate::plan) values: Vec<Value>,
    pub(in crate::plan) rest: Option<crate::units::Duration>,
}

/// Every sweep of a plan, at its own level and in its phases.
fn tables<'a, 'i>(tree: &'a DeTable<'i>) -> impl Iterator<Item = &'a DeTable<'i>> {
    let phases = tree::get(tree, "phase").and_then(|node| node.get_ref().as_array());
    let phases = phases.into_iter().flatten();
    let in_phases = phases.filter_map(|item| tree::table(item.get_ref().as_table()?, "sweep"));
    tree::table(tree, "sweep").into_iter().chain(in_phases)
}

fn over<'a>(sweep: &'a DeTable<'_>) -> Option<&'a str> {
    tree::get(sweep, "over")?.get_ref().as_str()
}

/// The variables that sweeps give their values.
pub(in crate::plan) fn variables(tree: &DeTable<'_>) -> Vec<String> {
    let names = tables(tree).filter_map(over).map(str::to_owned);
    names.collect()
}

/// The first value of each swept variable that is none of `[vars]`: what other variables are made of until a point is known.
pub(in crate::plan) fn first_values(tree: &DeTable<'_>) -> Known {
    let vars = tree::table(tree, "vars");
    let mut first = BTreeMap::new();
    for sweep in tables(tree) {
        let Some(over) =
            over(sweep).filter(|over| vars.is_none_or(|vars| !vars.contains_key(*over)))
        else {
            continue;
        };
        let values = tree::get(sweep, "values").and_then(|node| tree::read(node).ok());
        let values: Option<SweepValues> = values;
        let from = || {
            let search = tree::table(sweep, "search")?;
            Some(tree::to_json(tree::get(search, "from")?))
        };
        let value = values.and_then(|values| values.0.into_iter().next());
        let value = value.or_else(from).unwrap_or(Value::from(1));
        first.entry(over.to_owned()).or_insert(value);
    }
    first
}

/// Gives the sweeps over a variable these values; `false` where there is no such sweep.
pub(in crate::plan) fn set<'i>(
    tree: &mut DeTable<'i>,
    name: &str,
    value: &Spanned<DeValue<'i>>,
) -> bool {
    let mut found = false;
    for (key, node) in tree.iter_mut() {
        match (key.get_ref().as_ref(), node.get_mut()) {
            ("sweep", DeValue::Table(sweep)) if over(sweep) == Some(name) => {
                sweep.remove("search");
                sweep.remove("values");
                let values = Spanned::new(value.span(), "values".into());
                sweep.insert(values, value.clone());
                found = true;
            }
            ("phase", DeValue::Array(phases)) => {
                for phase in phases.iter_mut() {
                    if let DeValue::Table(phase) = phase.get_mut() {
                        found |= set(phase, name, value);
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// The sweep of a phase, or of a plan without phases; `None` where it has none, or one that cannot be used.
pub(in crate::plan) fn read(
    phase: &DeTable<'_>,
    name: Option<&str>,
    known: &Known,
    diagnostics: &mut Diagnostics,
) -> Option<SweepRead> {
    let (key, node) = tree::entry(phase, "sweep")?;
    let mut node = node.clone();
    // What is run at each point has another value there.
    if let DeValue::Table(table) = node.get_mut() {
        drop((table.remove("before"), table.remove("after")));
    }
    fill::value(&mut node, known, diagnostics);
    let Some(table) = node.get_ref().as_table() else {
        let error = Diagnostic::error("`sweep` is not a table", key.span());
        diagnostics.push(error.help("sweep = { over = \"users\", values = [1, 2, 4, 8] }"));
        return None;
    };
    let [accept, stop] = ["accept", "stop"].map(|section| rules(table, section, diagnostics));
    let mut scalars = table.clone();
    SECTIONS
        .iter()
        .for_each(|section| drop(scalars.remove(*section)));
    let scalars = Spanned::new(node.span(), DeValue::Table(scalars));
    let before = diagnostics.errors();
    let spec: SweepSpec =
        check::read_checked(&scalars, &key.span(), SweepSpec::check, diagnostics)?;
    if diagnostics.errors() > before {
        return None;
    }
    let values = spec.points();
    if spec.search.is_some() && accept.0.is_empty() {
        let error = Diagnostic::error("a search needs to know what it accepts", key.span());
        let help = "accept = { error_rate = \"<= 1%\", latency.p95 = \"< 2s\" }";
        diagnostics.push(error.help(help));
        return None;
    }
    Some(SweepRead {
        sweep: Arc::new(Sweep {
            phase: name.map(str::to_owned),
            points: values.iter().map(written).collect(),
            over: spec.over,
            search: spec.search,
            accept,
            stop,
            span: key.span(),
        }),
        values,
        rest: spec.rest,
    })
}

fn rules(sweep: &DeTable<'_>, section: &str, diagnostics: &mut Diagnostics) -> Rules {
    let rules: Rules =
        check::section(sweep, section, |_: &Rules| Vec::new(), diagnostics).unwrap_or_default();
    for rule in &rules.0 {
        if let Err(error) = rule.bound.parse::<MetricBound>() {
            diagnostics.push(Diagnostic::error(error.to_string(), rule.span.clone()));
        }
    }
    rules
}

/// What is known at a point: every variable anew, since others may be made of the one that is swept.
pub(in crate::plan) fn known_at(
    base: &DeTable<'_>,
    known: &Known,
    over: &str,
    value: &Value,
    diagnostics: &mut Diagnostics,
) -> Known {
    let made = |name: &String| {
        ["vars", "secrets"].iter().any(|section| {
            tree::table(base, section).is_some_and(|all| all.contains_key(name.as_str()))
        })
    };
    let mut at_point: Known = known.clone();
    at_point.retain(|name, _| !made(name));
    at_point.insert(over.to_owned(), value.clone());
    variables::resolve(base, &mut at_point, Some(over), diagnostics);
    at_point
}
