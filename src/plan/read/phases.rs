//! From the sections of a plan to its phases.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Diagnostics, Sources, Span, Spanned};
use crate::document::Mask;
use crate::endpoint::TargetSpec;
use crate::gate::Rules;
use crate::plan::fill;
use crate::plan::fill::Known;
use crate::plan::model::PlanSpans;
use crate::plan::model::{Phase, PhaseHooks};
use crate::plan::read::check;
use crate::plan::read::hooks;
use crate::plan::read::phase_spec::PhaseSpec;
use crate::plan::read::phase_spec::SECTIONS;
use crate::plan::read::rules;
use crate::plan::read::sweeps;
use crate::plan::tree;
use crate::plan::tree::Node;
use crate::protocol::ConnectionOptions;
use crate::protocol::http::TextMap;
use crate::units::{Duration, Flag, List};

/// All phases in order; the plan itself where it has none. `base` is the plan's tree before names were filled in.
pub(in crate::plan) fn read(
    tree: &DeTable<'_>,
    base: &DeTable<'_>,
    (known, secrets): (&Known, &Mask),
    sources: &Sources,
    places: &mut PlanSpans,
    diagnostics: &mut Diagnostics,
) -> Vec<Phase> {
    let rest = single(tree, "rest", diagnostics);
    let in_turn = single(tree, "in_turn", diagnostics);
    let mut reader = Reader {
        sources,
        secrets,
        places,
        diagnostics,
    };
    let Some((key, node)) = tree::entry(tree, "phase") else {
        return reader.plan_itself(tree, base, known, (rest, in_turn));
    };
    for (name, what) in [("load", "loads"), ("in_turn", "order"), ("sweep", "sweep")] {
        if let Some((key, _)) = tree::entry(tree, name) {
            let error = Diagnostic::error(
                format!("in a plan with phases each phase has its own {what}"),
                key.span(),
            );
            reader
                .diagnostics
                .push(error.help(format!("move `{name}` into a [[phase]]")));
        }
    }
    let DeValue::Array(items) = node.get_ref() else {
        let error = Diagnostic::error("`phase` is not a list", key.span());
        reader
            .diagnostics
            .push(error.help("write [[phase]], one table a phase, each with a `name`"));
        return Vec::new();
    };
    if items.is_empty() {
        reader.diagnostics.push(Diagnostic::error(
            "the list of phases is empty: nothing would run",
            key.span(),
        ));
    }
    let mut phases: Vec<Phase> = Vec::new();
    for item in unfilled(base) {
        phases.extend(reader.points(item, base, known, rest));
    }
    phases
}

fn unfilled<'a, 'i>(base: &'a DeTable<'i>) -> impl Iterator<Item = &'a Node<'i>> {
    tree::get(base, "phase")
        .and_then(|node| node.get_ref().as_array())
        .into_iter()
        .flatten()
}

/// One scalar of the plan's own level.
fn single<'i, T: serde::Deserialize<'i> + Default>(
    tree: &DeTable<'i>,
    key: &str,
    diagnostics: &mut Diagnostics,
) -> T {
    let Some(node) = tree::get(tree, key) else {
        return T::default();
    };
    check::read_checked(node, &node.span(), |_| Vec::new(), diagnostics).unwrap_or_default()
}

impl PhaseSpec {
    fn of_plan(rest: Duration, in_turn: Flag) -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            load: BTreeMap::new(),
            target: None,
            rest: Some(rest),
            in_turn,
            must_pass: Flag(false),
            before: List::default(),
            after: List::default(),
            sweep: None,
            threshold: Rules::default(),
            warning: Rules::default(),
            abort: Rules::default(),
        }
    }
}

struct Reader<'a> {
    sources: &'a Sources,
    secrets: &'a Mask,
    places: &'a mut PlanSpans,
    diagnostics: &'a mut Diagnostics,
}

impl Reader<'_> {
    /// A plan without phases: one phase, or one for each point of its sweep.
    fn plan_itself(
        &mut self,
        tree: &DeTable<'_>,
        base: &DeTable<'_>,
        known: &Known,
        (rest, in_turn): (Duration, Flag),
    ) -> Vec<Phase> {
        let spec = || PhaseSpec::of_plan(rest, in_turn);
        if !tree.contains_key("sweep") {
            let phase = self.phase(tree, known, None, 0..0, spec());
            return phase.into_iter().collect();
        }
        let mut phases = Vec::new();
        for point in sweeps::points(base, (None, known), base, self.sources, self.diagnostics) {
            let mut whole = base.clone();
            whole.remove("sweep");
            fill::names(&mut whole, &point.known, self.diagnostics);
            let mut spec = spec();
            spec.rest = point.rest.or(spec.rest);
            let span = point.place.sweep.span.clone();
            let phase = self.phase(&whole, &point.known, Some(point.name()), span, spec);
            phases.extend(phase.map(|phase| point.of(phase)));
        }
        phases
    }

    /// One entry of the list, once for each point of its sweep.
    fn points(
        &mut self,
        item: &Node<'_>,
        base: &DeTable<'_>,
        known: &Known,
        rest: Duration,
    ) -> Vec<Phase> {
        let span = check::header_span(item, &item.span());
        let Some(own) = item.get_ref().as_table() else {
            self.diagnostics
                .push(Diagnostic::error("a phase is a table", span).help("write [[phase]]"));
            return Vec::new();
        };
        let name = tree::get(own, "name").and_then(|node| node.get_ref().as_str());
        let mut known = known.clone();
        known.insert(
            "phase".to_owned(),
            Value::String(name.unwrap_or_default().to_owned()),
        );
        if !own.contains_key("sweep") {
            let phase = self.item(item, own.clone(), base, &known, rest);
            return phase.into_iter().collect();
        }
        let mut phases = Vec::new();
        for point in sweeps::points(own, (name, &known), base, self.sources, self.diagnostics) {
            let mut own = own.clone();
            own.remove("sweep");
            let phase = self.item(item, own, base, &point.known, rest);
            phases.extend(phase.map(|phase| point.of(phase)));
        }
        phases
    }

    /// One entry of the list: the plan with the phase's own sections in place of the plan's.
    fn item(
        &mut self,
        item: &Node<'_>,
        mut own: DeTable<'_>,
        base: &DeTable<'_>,
        known: &Known,
        rest: Duration,
    ) -> Option<Phase> {
        let span = check::header_span(item, &item.span());
        fill::names(&mut own, known, self.diagnostics);
        let mut whole = base.clone();
        fill::names(&mut whole, known, self.diagnostics);
        whole.remove("load");
        for section in ["load", "threshold", "warning", "abort"] {
            whole.remove(section);
            if let Some((key, node)) = tree::entry(&own, section) {
                whole.insert(key.clone(), node.clone());
            }
        }
        merge_target(&mut whole, &own);
        let hooks = hooks::of_phase(&own, &whole, self.sources, self.diagnostics);
        let mut scalars = own;
        SECTIONS
            .iter()
            .for_each(|section| drop(scalars.remove(*section)));
        let scalars = Spanned::new(item.span(), DeValue::Table(scalars));
        let mut spec: PhaseSpec =
            check::read_checked(&scalars, &span, |_| Vec::new(), self.diagnostics)?;
        spec.rest.get_or_insert(rest);
        let name = spec.name.clone();
        let place = tree::value_place(item, "name", &span);
        let phase = self.phase(&whole, known, Some(name), place, spec)?;
        Some(Phase { hooks, ..phase })
    }

    fn phase(
        &mut self,
        whole: &DeTable<'_>,
        known: &Known,
        name: Option<String>,
        span: Span,
        spec: PhaseSpec,
    ) -> Option<Phase> {
        let (target, target_span) = self.target(whole);
        let flows = check::read_flows(whole, self.sources, self.places, self.diagnostics);
        let tags = crate::plan::read::check::section(
            whole,
            "tags",
            |_: &TextMap| Vec::new(),
            self.diagnostics,
        )
        .unwrap_or_default();
        let mut load_spans = BTreeMap::new();
        let loads = check::read_loads(whole, &mut load_spans, self.diagnostics);
        let rules = if name.is_some() {
            rules::read(whole, self.diagnostics)
        } else {
            crate::plan::model::RuleSets::default()
        };
        if tree::table(whole, "load").is_none_or(DeTable::is_empty) {
            self.diagnostics.push(match &name {
                Some(name) => Diagnostic::error(
                    format!("the phase `{name}` has no load: nothing would run"),
                    span.clone(),
                )
                .help("load.NAME = { vus = 2, iterations = 5 }"),
                None => Diagnostic {
                    span: None,
                    ..Diagnostic::error("the plan has no load: nothing would run", 0..0)
                }
                .help("[load.NAME] with `rate` and `duration`, or `vus` and `duration`"),
            });
        }
        let (target, wiring) = target?;
        Some(Phase {
            name,
            point: None,
            description: spec.description,
            target,
            wiring,
            flows,
            tags,
            filled: known.keys().cloned().collect(),
            hooks: PhaseHooks::default(),
            loads,
            rest: spec.rest.unwrap_or_default(),
            in_turn: spec.in_turn.0,
            must_pass: spec.must_pass.0,
            rules,
            span,
            target_span,
            load_spans,
        })
    }

    fn target(
        &mut self,
        whole: &DeTable<'_>,
    ) -> (Option<(TargetSpec, Arc<ConnectionOptions>)>, Span) {
        let Some((key, node)) = tree::entry(whole, "target") else {
            return (Some(Default::default()), 0..0);
        };
        tree::texts("", node, &mut self.places.target_texts);
        tree::keys("", node, &mut self.places.target_keys);
        let place = match node.get_ref().as_table() {
            Some(_) => tree::value_place(node, "url", &key.span()),
            None => node.span(),
        };
        let Some(target) =
            check::read_checked(node, &key.span(), TargetSpec::check, self.diagnostics)
        else {
            return (None, place);
        };
        let folder = self.sources.folder(&tree::place(node, "tls", &key.span()));
        match target.wiring(folder, self.secrets) {
            Ok(wiring) => (Some((target, Arc::new(wiring))), place),
            Err(problems) => {
                problems.into_iter().for_each(|problem| {
                    self.diagnostics
                        .push(check::at_place(problem, node, &key.span()));
                });
                (None, place)
            }
        }
    }
}

/// In a phase the keys named under `target` replace the plan's.
fn merge_target<'i>(whole: &mut DeTable<'i>, own: &DeTable<'i>) {
    let Some((key, node)) = tree::entry(own, "target") else {
        return;
    };
    let Some(base) = whole.remove("target") else {
        whole.insert(key.clone(), node.clone());
        return;
    };
    let mut merged = tree::as_table(&base);
    for (key, node) in tree::as_table(node) {
        // The embedded target is started once for the whole plan; another address takes its place.
        if key.get_ref() == "url" {
            merged.remove("demo");
        }
        merged.remove(key.get_ref().as_ref());
        merged.insert(key, node);
    }
    whole.insert(
        key.clone(),
        Spanned::new(node.span(), DeValue::Table(merged)),
    );
}
