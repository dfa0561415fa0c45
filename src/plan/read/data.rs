//! The `[data.NAME]` sections of a plan.

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::DeTable;

use crate::audio::Pool;
use crate::diag::{Diagnostic, Diagnostics, Sources};
use crate::flow::{DataSpec, DataTable};
use crate::plan::read::check;
use crate::plan::tree;

/// Reads every table with its rows.
pub(in crate::plan) fn read(
    tree: &DeTable<'_>,
    pools: &BTreeMap<String, Arc<Pool>>,
    seed: u64,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Arc<DataTable>> {
    let mut tables = BTreeMap::new();
    for (key, node) in tree::table(tree, "data").into_iter().flatten() {
        let name = key.get_ref().to_string();
        crate::plan::names::check_form(&name, &key.span(), diagnostics);
        if pools.contains_key(&name) {
            let error = Diagnostic::error(
                format!("`{name}` is already the name of an audio pool"),
                key.span(),
            );
            diagnostics.push(error.help(format!(
                "`{{{{{name}.…}}}}` means one thing: choose another name"
            )));
        }
        let Some(spec) =
            check::read_checked(node, &key.span(), |_: &DataSpec| Vec::new(), diagnostics)
        else {
            continue;
        };
        let place = tree::value_place(node, "file", &key.span());
        match spec.load(sources.folder(&place), seed) {
            Ok(table) => drop(tables.insert(name, Arc::new(table))),
            Err(message) => diagnostics.push(Diagnostic::error(message, place)),
        }
    }
    tables
}
