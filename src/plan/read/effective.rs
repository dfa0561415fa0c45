//! The plan as it is carried out, every variable filled in and every secret hidden.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostics, Spanned};
use crate::document::{CONFIDENTIAL_HEADERS, MASKED, Mask, secrets_of_urls};
use crate::plan::fill;
use crate::plan::fill::Known;
use crate::plan::tree;
use crate::plan::tree::table;
use crate::template::value_text;

/// The effective plan, and what hides its secrets wherever else they turn up.
pub(in crate::plan) fn of(tree: &DeTable<'_>, known: &Known) -> (Value, Mask) {
    let mut hidden = known.clone();
    let mut secrets = Vec::new();
    for (name, _) in table(tree, "secrets").into_iter().flatten() {
        let value = known.get(name.get_ref().as_ref()).map(value_text);
        // What the environment does not say stands as it was written, and tells nothing.
        let is_open = |value: &str| value.starts_with("${") && value.ends_with('}');
        secrets.extend(value.filter(|value| !is_open(value)).map(Cow::into_owned));
        hidden.insert(name.get_ref().to_string(), Value::String(MASKED.to_owned()));
    }
    let mut open = filled(tree, known);
    confidential(&open, &mut secrets);
    let mask = Mask::new(secrets);
    open = mask.value(&filled(tree, &hidden));
    if let Some(Value::Object(own)) = open.get_mut("secrets") {
        own.values_mut()
            .for_each(|value| *value = Value::String(MASKED.to_owned()));
    }
    (open, mask)
}

/// The tree with the known names filled in, in each phase those of the phase; mistakes are said elsewhere.
pub(in crate::plan) fn fill_all<'i>(tree: &DeTable<'i>, known: &Known) -> DeTable<'i> {
    let mut tree = tree.clone();
    let mut ignored = Diagnostics::default();
    fill::names(&mut tree, known, &mut ignored);
    for (key, node) in tree.iter_mut() {
        match (key.get_ref().as_ref(), node.get_mut()) {
            ("phase", DeValue::Array(phases)) => {
                for phase in phases.iter_mut() {
                    let DeValue::Table(phase) = phase.get_mut() else {
                        continue;
                    };
                    let name = tree::get(phase, "name")
                        .and_then(|node| node.get_ref().as_str())
                        .unwrap_or_default();
                    let name = Value::String(name.to_owned());
                    let mut own = known.clone();
                    own.insert("phase".to_owned(), name);
                    fill::names(phase, &own, &mut ignored);
                }
            }
            ("vars" | "secrets", DeValue::Table(values)) => {
                fill::names(values, known, &mut ignored);
            }
            _ => {}
        }
    }
    tree
}

/// The filled tree as JSON.
fn filled(tree: &DeTable<'_>, known: &Known) -> Value {
    tree::to_json(&Spanned::new(0..0, DeValue::Table(fill_all(tree, known))))
}

/// The values of confidential headers and of `auth`, and passwords in URLs, wherever they stand, as far as they are written out.
fn confidential(value: &Value, secrets: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let name = key.to_ascii_lowercase();
                match value {
                    Value::Object(auth) if name == "auth" => {
                        secrets.extend(auth.values().map(|value| value_text(value).into_owned()));
                    }
                    Value::String(text) if CONFIDENTIAL_HEADERS.contains(&name.as_str()) => {
                        secrets.push(text.clone());
                    }
                    other => confidential(other, secrets),
                }
            }
            secrets.retain(|secret| !secret.contains("{{"));
        }
        Value::Array(items) => items.iter().for_each(|item| confidential(item, secrets)),
        Value::String(text) => {
            for secret in secrets_of_urls(text) {
                // It is sent decoded, and may come back so.
                secrets.push(percent_decode_str(&secret).decode_utf8_lossy().into_owned());
                secrets.push(secret);
            }
        }
        _ => {}
    }
}
