//! `--vus`, `--rate` and `--duration` of a plan that has one load: short for `--set load.NAME.vus=…`.

use std::path::Path;

use toml::Table;

use super::arguments::LoadOptions;
use super::failure::CommandFailure;
use crate::plan::Override;

/// The values that the options set in the plan's only load.
pub(crate) fn only_load(
    plan: &Path,
    options: &LoadOptions,
) -> Result<Vec<Override>, CommandFailure> {
    let said = [
        ("vus", options.vus.map(|vus| vus.to_string())),
        ("rate", options.rate.clone()),
        ("duration", options.duration.clone()),
    ];
    let said: Vec<(&str, String)> = said
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect();
    let Some((first, value)) = said.first() else {
        return Ok(Vec::new());
    };
    // A plan that cannot be read says so itself.
    let text = std::fs::read_to_string(plan).unwrap_or_default();
    let loads = loads(&text.parse().unwrap_or_default());
    match loads.as_slice() {
        [only] => Ok(said
            .iter()
            .map(|(key, value)| Override {
                name: format!("{only}.{key}"),
                value: value.clone(),
            })
            .collect()),
        [] => Ok(Vec::new()),
        several => Err(CommandFailure::usage(format!(
            "--{first}: the plan has {} loads\nsay which: {}",
            several.len(),
            several
                .iter()
                .map(|load| format!("--set {load}.{first}={value}"))
                .collect::<Vec<_>>()
                .join(", ")
        ))),
    }
}

/// The paths of all loads of a plan, as `--set` takes them.
fn loads(plan: &Table) -> Vec<String> {
    let names = |table: &Table, before: &str| -> Vec<String> {
        let loads = table.get("load").and_then(|load| load.as_table());
        let loads = loads.into_iter().flat_map(Table::keys);
        loads.map(|name| format!("{before}load.{name}")).collect()
    };
    let mut all = names(plan, "");
    let phases = plan.get("phase").and_then(|phases| phases.as_array());
    for phase in phases
        .into_iter()
        .flatten()
        .filter_map(|phase| phase.as_table())
    {
        let name = phase.get("name").and_then(|name| name.as_str());
        all.extend(names(
            phase,
            &format!("phase.{}.", name.unwrap_or_default()),
        ));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loads_are_found_with_their_paths() {
        let of = |text: &str| loads(&text.parse().unwrap());
        assert_eq!(of("[load.a]\nvus = 1"), ["load.a"]);
        assert_eq!(
            of("[[phase]]\nname = 'x'\nload.a = { vus = 1 }\nload.b = { vus = 1 }"),
            ["phase.x.load.a", "phase.x.load.b"]
        );
        assert!(of("").is_empty());
    }
}
