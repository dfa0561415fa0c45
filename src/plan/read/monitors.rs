//! The `[monitor.NAME]` sections of a plan.

use std::collections::BTreeMap;

use toml::de::DeTable;

use crate::diag::Diagnostics;
use crate::monitor::MonitorSpec;
use crate::plan::model::PlanSpans;
use crate::plan::read::check::read_checked;
use crate::plan::tree;

/// Every monitor, each by itself, so that every mistake is found.
pub(in crate::plan) fn read(
    tree: &DeTable<'_>,
    places: &mut PlanSpans,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, MonitorSpec> {
    let mut monitors = BTreeMap::new();
    for (key, node) in tree::table(tree, "monitor").into_iter().flatten() {
        let name = key.get_ref().to_string();
        places.monitors.insert(name.clone(), key.span());
        let spec = read_checked(node, &key.span(), MonitorSpec::check, diagnostics);
        monitors.extend(spec.map(|spec| (name, spec)));
    }
    monitors
}
