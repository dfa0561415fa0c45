//! `--only NAME…`: some phases and loads of a plan.

use std::collections::BTreeSet;

use crate::diag::{Diagnostic, Diagnostics, nearest};
use crate::plan::model::Plan;

impl Plan {
    /// Keeps the phases and loads of these names; everything where there are none.
    pub(super) fn narrow(&mut self, only: &[String], diagnostics: &mut Diagnostics) {
        if only.is_empty() {
            return;
        }
        let phases: BTreeSet<String> = self
            .phases
            .iter()
            .filter_map(|phase| phase.plain_name().map(str::to_owned))
            .collect();
        let loads: BTreeSet<String> = self
            .phases
            .iter()
            .flat_map(|phase| &phase.loads)
            .map(|(name, _)| name.clone())
            .collect();
        for name in only
            .iter()
            .filter(|name| !phases.contains(*name) && !loads.contains(*name))
        {
            diagnostics.push(unknown(name, phases.iter().chain(&loads)));
        }
        if diagnostics.has_errors() {
            return;
        }
        let services = self.services();
        let named = |all: &BTreeSet<String>| only.iter().any(|name| all.contains(name));
        if named(&phases) {
            self.phases.retain(|phase| {
                phase
                    .plain_name()
                    .is_some_and(|own| only.iter().any(|name| name == own))
            });
        }
        if named(&loads) {
            for phase in &mut self.phases {
                phase.loads.retain(|(name, _)| only.contains(name));
            }
            self.phases.retain(|phase| !phase.loads.is_empty());
        }
        if self.phases.is_empty() {
            let message = format!("no phase has a load that `--only {}` names", only.join(" "));
            diagnostics.push(Diagnostic {
                span: None,
                ..Diagnostic::error(message, 0..0)
            });
        }
        self.drop_unused_probes(&services);
        self.partial = true;
        self.hash();
    }
}

fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Diagnostic {
    let known: Vec<&str> = known.map(String::as_str).collect();
    let message = format!("`--only {name}`: the plan has no phase and no load of that name");
    let error = Diagnostic {
        span: None,
        ..Diagnostic::error(message, 0..0)
    };
    match nearest(name, known.iter().copied()) {
        Some(close) => error.help(format!("a similar name exists: `{close}`")),
        None => error.help(format!("its phases and loads are: {}", known.join(", "))),
    }
}
