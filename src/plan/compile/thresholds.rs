//! From the rules of a plan to one threshold for each metric they mean.

use std::collections::BTreeSet;

use crate::diag::{Diagnostic, Diagnostics, Sources, Span};
use crate::gate::{AbortRule, LookupError, MetricBound, MetricIndex, Rule, Rules};
use crate::metric::{Address, Catalog};
use crate::plan::model::Plan;
use crate::plan::model::RuleSets;
use crate::summary::{Demand, ThresholdLine};

/// What holds of every load unless a rule says otherwise; a single dropped arrival is no crossing.
const DROPS: (&str, &str) = ("drop_rate", "<= 0.1%");
/// What holds of every load that anything else is asked of, unless a rule says how it may end: a fast failure is no success.
const ERRORS: (&str, &str) = ("error_rate", "<= 1%");
/// Rules about any of these say how iterations may end.
const ENDINGS: [&str; 4] = ["error_rate", "success_rate", "ok", "failed"];

/// Every rule of a plan with full addresses.
#[derive(Debug, Default)]
pub(in crate::plan) struct Resolved {
    /// What must hold, then what should.
    pub(in crate::plan) thresholds: Vec<ThresholdLine>,
    /// What ends a load early.
    pub(in crate::plan) aborts: Vec<AbortRule>,
    /// The metrics of rules that name a point of a sweep.
    pub(in crate::plan) named_points: BTreeSet<Address>,
}

/// Every rule with full addresses; what cannot be meant is an error at its place.
pub(in crate::plan) fn resolve(
    plan: &Plan,
    (catalog, index): (&Catalog, &MetricIndex),
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Resolved {
    let mut resolver = Resolver {
        plan,
        index,
        sources,
        diagnostics,
        named_points: BTreeSet::new(),
    };
    let (mut lines, addressed) = resolver.table(|rules| &rules.threshold, Demand::Must);
    let (warnings, warned) = resolver.table(|rules| &rules.warning, Demand::Should);
    let said = |metric: &Address| addressed.contains(metric) || warned.contains(metric);
    let errors = index.find(ERRORS.0, None).unwrap_or_default().into_iter();
    let errors = errors
        .map(|word| &word.address)
        .filter(|metric| metric.step().is_none() && !index.may_be_refused(metric))
        .filter(|metric| {
            let owner = metric.owner();
            let own = |other: &Address| owner.as_ref().is_some_and(|owner| other.is_of(owner));
            let bounded = plan.baseline.is_some() || lines.iter().any(|line| own(&line.metric));
            let ending = |other: &&Address| own(other) && says_how_it_ends(other);
            bounded && !addressed.iter().chain(&warned).any(|other| ending(&other))
        });
    let errors: Vec<ThresholdLine> = errors.map(|metric| unwritten(metric, ERRORS.1)).collect();
    let drops = index.find(DROPS.0, None).unwrap_or_default().into_iter();
    let drops = drops.filter(|word| !said(&word.address) && !index.may_be_refused(&word.address));
    lines.extend(drops.map(|word| unwritten(&word.address, DROPS.1)));
    lines.extend(errors);
    lines.extend(warnings);
    let aborts = resolver.table(|rules| &rules.abort, Demand::Must).0;
    let aborts = aborts
        .into_iter()
        // The points of a search get theirs when they are known.
        .filter(|line| !index.is_found_anew(&line.metric))
        .filter_map(|line| resolver.abort(catalog, line))
        .collect();
    Resolved {
        named_points: resolver.named_points,
        thresholds: lines,
        aborts,
    }
}

/// A rule that holds without being written.
fn unwritten(metric: &Address, bound: &str) -> ThresholdLine {
    ThresholdLine {
        metric: metric.clone(),
        bound: bound.to_owned(),
        demand: Demand::Must,
        file: String::new(),
        line: 0,
        told: None,
    }
}

fn says_how_it_ends(metric: &Address) -> bool {
    let quantity = metric.quantity();
    metric.step().is_none() && (ENDINGS.contains(&quantity) || quantity.starts_with("errors."))
}

/// Finds what rules mean, and says of which they mean nothing.
pub(in crate::plan) struct Resolver<'a> {
    pub(in crate::plan) plan: &'a Plan,
    pub(in crate::plan) index: &'a MetricIndex,
    pub(in crate::plan) sources: &'a Sources,
    pub(in crate::plan) diagnostics: &'a mut Diagnostics,
    pub(in crate::plan) named_points: BTreeSet<Address>,
}

impl Resolver<'_> {
    /// One of the three tables: each phase's own rules, and the plan's for every metric that a phase says nothing about.
    /// Returns the lines, and every metric that any rule names.
    fn table(
        &mut self,
        of: impl Fn(&RuleSets) -> &Rules,
        demand: Demand,
    ) -> (Vec<ThresholdLine>, BTreeSet<Address>) {
        let (mut lines, mut addressed) = (Vec::new(), BTreeSet::new());
        for phase in &self.plan.phases {
            for rule in &of(&phase.rules).0 {
                // What each point says of the sweep as a whole is one rule.
                let more = self.lines(rule, phase.name.as_deref(), demand);
                more.into_iter()
                    .filter(|line| !lines.contains(line))
                    .collect::<Vec<_>>()
                    .into_iter()
                    .for_each(|line| lines.push(line));
            }
        }
        addressed.extend(lines.iter().map(|line: &ThresholdLine| line.metric.clone()));
        for rule in &of(&self.plan.rules).0 {
            let more = self.lines(rule, None, demand);
            lines.extend(
                more.into_iter()
                    .filter(|line| !addressed.contains(&line.metric)),
            );
        }
        addressed.extend(lines.iter().map(|line| line.metric.clone()));
        lines.retain(|line| line.bound != "any");
        (lines, addressed)
    }

    /// One line for each metric that the rule means in a phase.
    pub(in crate::plan) fn lines(
        &mut self,
        rule: &Rule,
        phase: Option<&str>,
        demand: Demand,
    ) -> Vec<ThresholdLine> {
        let lines = self.lines_of(rule, phase, demand);
        if rule.metric.contains('@') {
            let metrics = lines.iter().flatten().map(|line| line.metric.clone());
            self.named_points.extend(metrics);
        }
        lines.unwrap_or_else(|(wrong, span)| {
            // What a rule is about may be in a phase that is not run this time.
            if !self.plan.partial {
                let error = Diagnostic::error(wrong.message, span);
                let help =
                    crate::plan::diagnostics::k6_hints::metric(&rule.metric).unwrap_or(wrong.help);
                self.diagnostics.push(if help.is_empty() {
                    error
                } else {
                    error.help(help)
                });
            }
            Vec::new()
        })
    }

    fn lines_of(
        &self,
        rule: &Rule,
        phase: Option<&str>,
        demand: Demand,
    ) -> Result<Vec<ThresholdLine>, (LookupError, Span)> {
        let words = self
            .index
            .find(&rule.metric, phase)
            .map_err(|wrong| (wrong, rule.metric_span.clone()))?;
        // A bound that cannot be read was said to be wrong when the tables were read.
        let Ok(bound) = rule.bound.parse::<MetricBound>() else {
            return Ok(Vec::new());
        };
        let place = self.sources.place(&rule.span);
        let (file, line) = place.map_or((String::new(), 0), |place| {
            (place.path.display().to_string(), place.line)
        });
        let mut lines = Vec::new();
        for word in words {
            self.index
                .check(word, &bound)
                .map_err(|wrong| (wrong, rule.span.clone()))?;
            let full = |name: &str| {
                self.index
                    .alike(name, word)
                    .map_or(name.to_owned(), |other| other.address.to_string())
            };
            let bound = bound.clone().rename(full).to_string();
            lines.push(ThresholdLine {
                metric: word.address.clone(),
                bound,
                demand,
                file: file.clone(),
                line,
                told: None,
            });
        }
        Ok(lines)
    }

    fn abort(&mut self, catalog: &Catalog, line: ThresholdLine) -> Option<AbortRule> {
        let place = (line.file.clone(), line.line);
        AbortRule::new(catalog, line)
            .map_err(|wrong| {
                let own = self
                    .plan
                    .phases
                    .iter()
                    .map(|phase| &phase.rules)
                    .chain([&self.plan.rules]);
                let rules = own.flat_map(|rules| &rules.abort.0);
                let at = |rule: &&Rule| {
                    self.sources
                        .place(&rule.span)
                        .is_some_and(|at| (at.path.display().to_string(), at.line) == place)
                };
                let span = rules
                    .into_iter()
                    .find(at)
                    .map_or(0..0, |rule| rule.metric_span.clone());
                self.diagnostics
                    .push(Diagnostic::error(wrong.message, span).help(wrong.help));
            })
            .ok()
    }
}
