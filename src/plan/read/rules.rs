//! The tables `threshold`, `warning` and `abort`, of a plan or of one phase.

use toml::de::DeTable;

use crate::diag::{Diagnostic, Diagnostics};
use crate::gate::{MetricBound, Rules};
use crate::plan::diagnostics::k6_hints;
use crate::plan::model::RuleSets;
use crate::plan::read::check::section;

/// Reads the three tables; bounds that cannot be read are said at once, before it is known which metrics there are.
pub(in crate::plan) fn read(tree: &DeTable<'_>, diagnostics: &mut Diagnostics) -> RuleSets {
    let mut table = |name: &str| {
        let rules = section(tree, name, |_: &Rules| Vec::new(), diagnostics).unwrap_or_default();
        for rule in &rules.0 {
            if let Err(error) = rule.bound.parse::<MetricBound>() {
                let mut error = Diagnostic::error(error.to_string(), rule.span.clone());
                if let Some(hint) = k6_hints::bound(&rule.bound) {
                    error.help.insert(0, hint);
                }
                diagnostics.push(error);
            }
        }
        rules
    };
    RuleSets {
        threshold: table("threshold"),
        warning: table("warning"),
        abort: table("abort"),
    }
}
