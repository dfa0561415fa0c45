//! Names of a plan: how they look, and that none is used twice.

use std::collections::BTreeMap;

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::metric::KINDS;

/// Names already taken, with what they name.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeMap<String, &'static str>,
}

impl Names {
    /// Takes a name for a `what`.
    pub(super) fn take(
        &mut self,
        name: &str,
        what: &'static str,
        span: &Span,
        diagnostics: &mut Diagnostics,
    ) {
        check_form(name, span, diagnostics);
        if let Some(other) = self.taken.insert(name.to_owned(), what) {
            let error = Diagnostic::error(
                format!("`{name}` is already the name of a {other}"),
                span.clone(),
            );
            diagnostics.push(
                error.help(
                    "a name means one thing, in a rule and on the command line: choose another",
                ),
            );
        }
    }

    /// The name of a step: like no load, and not the first word of metrics that have two.
    pub(super) fn step(&self, name: &str, span: &Span, diagnostics: &mut Diagnostics) {
        check_form(name, span, diagnostics);
        let metric = KINDS.iter().any(|kind| {
            kind.name
                .split_once('.')
                .is_some_and(|(group, _)| group == name)
        });
        if metric {
            let error = Diagnostic::error(
                format!("a step cannot be named `{name}`: names of metrics begin with it"),
                span.clone(),
            );
            diagnostics.push(error.help(format!(
                "a rule could not tell the two apart: write for example `{name}_step`"
            )));
        } else if let Some(other) = self.taken.get(name) {
            let error = Diagnostic::error(
                format!("a step cannot be named `{name}`: it is a {other}"),
                span.clone(),
            );
            diagnostics
                .push(error.help("a rule could not tell the two apart: choose another name"));
        }
    }
}

/// `[a-z][a-z0-9_-]*`
pub(super) fn check_form(name: &str, span: &Span, diagnostics: &mut Diagnostics) {
    let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if !(name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(letters)) {
        let error = Diagnostic::error(format!("`{name}` is not a name"), span.clone());
        diagnostics.push(if name.contains("${") || name.contains("{{") {
            error.help("a name is written out: `${…}` and `{{…}}` are filled in values only")
        } else {
            error.help(
                "names begin with a small letter and go on with small letters, digits, `_` and `-`",
            )
        });
    }
}

/// The schema of names that people choose, as [`check_form`] wants them.
pub(super) fn name_schema() -> serde_json::Value {
    serde_json::json!({ "pattern": "^[a-z][a-z0-9_-]*$" })
}
