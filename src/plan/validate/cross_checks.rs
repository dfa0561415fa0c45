//! What only the whole plan can know: flows that loads name, names that collide, metrics that rules name, requests.

use std::collections::BTreeSet;

use crate::diag::{Diagnostic, Diagnostics, Sources, nearest};
use crate::flow::Flow;
use crate::gate::{MetricBound, Operand};
use crate::metric::Stat;
use crate::plan::compile::prepared::Prepared;
use crate::plan::model::Phase;
use crate::plan::model::Plan;
use crate::plan::names::Names;
use crate::plan::sweep::SweepPoint;
use crate::plan::validate::lint;
use crate::units::Unit;

/// More than this is worth a word.
const MUCH_MEMORY: u64 = 2_000_000_000;

impl Plan {
    /// Finds what no section can find by itself.
    pub(in crate::plan) fn check_whole(
        &self,
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) -> Option<Prepared> {
        self.check_names(diagnostics);
        for phase in &self.phases {
            phase.check_flows(diagnostics);
        }
        if diagnostics.has_errors() {
            return None;
        }
        self.check_unused_flows(sources, diagnostics);
        let prepared = self.compile(None, 0, sources, diagnostics)?;
        self.check_bounds(&prepared, diagnostics);
        Some(prepared)
    }

    /// What will not go as hoped in what is run.
    pub(in crate::plan) fn lint(&self, prepared: &Prepared, diagnostics: &mut Diagnostics) {
        if self.baseline.is_none()
            && !prepared
                .thresholds
                .iter()
                .any(|line| line.line > 0 && line.demand == crate::summary::Demand::Must)
        {
            let finding =
                Diagnostic::warning("nothing has to hold: errors and slowness would pass", 0..0);
            let finding = Diagnostic {
                span: None,
                ..finding
            };
            diagnostics.push(
                finding.help("[threshold] error_rate = \"< 1%\", and a bound for `latency.p95`"),
            );
        }
        self.lint_repeats(diagnostics);
        for (phase, own) in self.phases.iter().zip(&prepared.phases) {
            lint::tags(self, phase, diagnostics);
            let rules: Vec<_> = phase
                .rules
                .threshold
                .0
                .iter()
                .chain(&self.rules.threshold.0)
                .collect();
            for load in &own.loads {
                let (span, _) = phase
                    .load_spans
                    .get(&load.name)
                    .cloned()
                    .unwrap_or_default();
                let steps = phase.steps_of(&load.name, &load.load);
                let expected = Flow::planned(steps, &phase.flows, &self.pools);
                let allowed = Flow::drain(steps, &phase.flows, &self.pools, phase.target.timeout);
                lint::payloads(self, phase, load, &span, diagnostics);
                lint::silence(self, load, &span, diagnostics);
                lint::texts(self, load, &span, diagnostics);
                lint::capacity(load, expected, &span, diagnostics);
                let compared = self.baseline.iter().flat_map(|spec| &spec.tolerance.0);
                let rules_and_tolerances: Vec<_> = rules.iter().copied().chain(compared).collect();
                lint::samples(
                    load,
                    self.session.seed.0,
                    &rules_and_tolerances,
                    &prepared.index,
                    &span,
                    diagnostics,
                );
                lint::drift(load, &rules, &prepared.index, diagnostics);
                lint::window(load, expected, allowed, &span, diagnostics);
            }
        }
        if prepared.memory_bound() > MUCH_MEMORY {
            let message = format!(
                "the plan can need {} MB of memory",
                prepared.memory_bound() / 1_000_000
            );
            let finding = Diagnostic {
                span: None,
                ..Diagnostic::warning(message, 0..0)
            };
            diagnostics.push(finding.help("fewer users or shorter loads need less"));
        }
    }

    /// One run of a session that is compared with a baseline tells little from chance.
    fn lint_repeats(&self, diagnostics: &mut Diagnostics) {
        if self.baseline.is_none() || self.session.repeats.0 > 1 {
            return;
        }
        let finding = Diagnostic {
            span: None,
            ..Diagnostic::warning(
                "sessions of one run are compared with a baseline: a small regression is missed, or chance is taken for one",
                0..0,
            )
        };
        diagnostics.push(finding.help("[session] repeats = 3"));
    }

    fn check_names(&self, diagnostics: &mut Diagnostics) {
        let mut names = Names::default();
        let mut loads = BTreeSet::new();
        for phase in &self.phases {
            let first = phase.point.as_ref().is_none_or(SweepPoint::is_first);
            if let Some(name) = phase.plain_name().filter(|_| first) {
                names.take(name, "phase", &phase.span, diagnostics);
            }
        }
        for (name, span) in &self.places.monitors {
            names.take(name, "monitor", span, diagnostics);
        }
        for phase in &self.phases {
            for (name, _) in &phase.loads {
                // One load in several phases is the same load.
                if loads.insert(name) {
                    let (span, _) = phase.load_spans.get(name).cloned().unwrap_or_default();
                    names.take(name, "load", &span, diagnostics);
                }
            }
        }
        for (flow, steps) in self.phases.iter().flat_map(|phase| &phase.flows) {
            for (at, step) in steps.iter().enumerate() {
                if let (Some(name), Some(span)) =
                    (&step.name, self.places.names.get(&(flow.clone(), at)))
                {
                    names.step(name, span, diagnostics);
                }
            }
        }
    }

    fn check_unused_flows(&self, sources: &Sources, diagnostics: &mut Diagnostics) {
        let steps = self
            .phases
            .iter()
            .flat_map(|phase| phase.flows.values().flatten());
        let within = steps.filter_map(|step| Some(step.flow.as_ref()?.get_ref().as_str()));
        let run: BTreeSet<&str> = self
            .phases
            .iter()
            .flat_map(|phase| &phase.loads)
            .map(|(name, load)| load.flow.as_deref().unwrap_or(name))
            .chain(within)
            .collect();
        for flow in self
            .phases
            .first()
            .into_iter()
            .flat_map(|phase| phase.flows.keys())
        {
            let span = self
                .places
                .steps
                .get(&(flow.clone(), 0))
                .cloned()
                .unwrap_or_default();
            // Who includes a plan takes what is needed of it.
            let own = sources
                .place(&span)
                .is_none_or(|place| place.path == self.file);
            if own && !run.contains(flow.as_str()) {
                diagnostics.push(Diagnostic::warning(
                    format!("no load runs the flow `{flow}`"),
                    span,
                ));
            }
        }
    }

    /// A threshold that no value can cross protects nothing.
    fn check_bounds(&self, prepared: &Prepared, diagnostics: &mut Diagnostics) {
        let own = self
            .phases
            .iter()
            .flat_map(|phase| &phase.rules.threshold.0);
        for rule in self.rules.threshold.0.iter().chain(own) {
            let Ok(MetricBound::OneSided(side, Operand::Value(limit, text))) = rule.bound.parse()
            else {
                continue;
            };
            let upper_time = side.is_upper() && limit.unit == Some(Unit::Seconds);
            for load in prepared.loads().filter(|_| upper_time) {
                let metrics = prepared.index.of_load(&rule.metric, &load.owner());
                let is_percentile = metrics.iter().any(|address| {
                    (address.step(), address.quantity()) == (None, "latency")
                        && matches!(address.statistic(), Some(Stat::Percentile(_)))
                });
                if is_percentile && limit.value > load.longest.as_secs_f64() {
                    let message = format!(
                        "no iteration of `{}` can take longer than {}, so `< {text}` can only be crossed by what was given up",
                        load.name, load.longest
                    );
                    diagnostics.push(
                        Diagnostic::warning(message, rule.span.clone())
                            .help("lower the bound, or raise the timeouts"),
                    );
                }
            }
        }
    }
}

impl Phase {
    fn check_flows(&self, diagnostics: &mut Diagnostics) {
        for (name, load) in &self.loads {
            let (_, span) = self.load_spans.get(name).cloned().unwrap_or_default();
            let flow = load.flow.as_deref().unwrap_or(name);
            // A name that is none names no flow either.
            if !self.flows.contains_key(flow) && !diagnostics.has_error_at(Some(&span)) {
                let error = Diagnostic::error(format!("there is no flow `{flow}`"), span);
                diagnostics.push(match nearest(flow, self.flows.keys().map(String::as_str)) {
                    Some(close) => {
                        error.help(format!("a flow with a similar name exists: `{close}`"))
                    }
                    None if self.flows.is_empty() => {
                        error.help(format!("add [[flow.{flow}]], one table a step"))
                    }
                    None => {
                        let known: Vec<_> =
                            self.flows.keys().map(|name| format!("`{name}`")).collect();
                        error.help(format!(
                            "the plan has {}: name one with `flow = \"…\"`, or add [[flow.{flow}]]",
                            known.join(", ")
                        ))
                    }
                });
            }
        }
    }
}
