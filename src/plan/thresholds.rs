//! From the rules of a plan to one threshold for each metric they mean.

use std::collections::BTreeSet;

use crate::diag::{Diagnostic, Diagnostics, Sources};
use crate::gate::{Bound, Rule, Rules, Vocabulary, Wrong};
use crate::metric::Catalog;
use crate::summary::ThresholdLine;

/// What holds of every load unless a rule says otherwise.
const ALWAYS: (&str, &str) = ("drop_rate", "0%");

/// Bounds that cannot be read: said together with all other mistakes, before it is known which metrics there are.
pub(super) fn check_form(rules: &Rules, found: &mut Diagnostics) {
    for rule in &rules.0 {
        if let Err(error) = rule.bound.parse::<Bound>() {
            found.push(Diagnostic::error(error.to_string(), rule.span.clone()));
        }
    }
}

/// Every threshold with full addresses; what cannot be meant is an error at its place.
pub(super) fn resolve(
    rules: &Rules,
    catalog: &Catalog,
    sources: &Sources,
    found: &mut Diagnostics,
) -> Vec<ThresholdLine> {
    let vocabulary = Vocabulary::of(catalog);
    let mut lines = Vec::new();
    let mut addressed = BTreeSet::new();
    for rule in &rules.0 {
        match lines_of(rule, &vocabulary, sources) {
            Ok(more) => {
                addressed.extend(more.iter().map(|line| line.metric.clone()));
                lines.extend(more.into_iter().filter(|line| line.bound != "any"));
            }
            Err(wrong) => {
                let error = Diagnostic::error(wrong.message, rule.span.clone());
                found.push(if wrong.help.is_empty() { error } else { error.help(wrong.help) });
            }
        }
    }
    for word in vocabulary.find(ALWAYS.0).unwrap_or_default() {
        let metric = word.address.to_string();
        if !addressed.contains(&metric) {
            lines.push(ThresholdLine { metric, bound: ALWAYS.1.to_owned(), file: String::new(), line: 0 });
        }
    }
    lines
}

fn lines_of(rule: &Rule, vocabulary: &Vocabulary, sources: &Sources) -> Result<Vec<ThresholdLine>, Wrong> {
    let words = vocabulary.find(&rule.metric)?;
    let bound: Bound = rule
        .bound
        .parse()
        .map_err(|error: crate::gate::BoundError| Wrong { message: error.to_string(), help: String::new() })?;
    let place = sources.place(&rule.span);
    let (file, line) = place.map_or((String::new(), 0), |place| (place.path.display().to_string(), place.line));
    let mut lines = Vec::new();
    for word in words {
        vocabulary.check(word, &bound)?;
        let full = bound
            .clone()
            .rename(|name| vocabulary.alike(name, word).map_or(name.to_owned(), |other| other.address.to_string()));
        lines.push(ThresholdLine {
            metric: word.address.to_string(),
            bound: full.to_string(),
            file: file.clone(),
            line,
        });
    }
    Ok(lines)
}
