//! `--vus`, `--rate` and `--duration`: the load of a plan that has one.

use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Diagnostics, Span};
use crate::plan::read::overrides::Override;
use crate::plan::tree;
use crate::units::{Duration, Rate};

/// What is typed about the only load of a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LoadOptions {
    /// `--vus`
    pub vus: Option<u64>,
    /// `--rate`
    pub rate: Option<Rate>,
    /// `--duration`
    pub duration: Option<Duration>,
}

impl LoadOptions {
    /// Each option with the key of a load that it sets.
    fn given(&self) -> Vec<(&'static str, &'static str, String)> {
        let vus = self.vus.map(|vus| ("--vus", "vus", vus.to_string()));
        let rate = self.rate.map(|rate| ("--rate", "rate", rate.to_string()));
        let duration = self.duration;
        let duration = duration.map(|time| ("--duration", "duration", time.to_string()));
        [vus, rate, duration].into_iter().flatten().collect()
    }
}

/// A load, and the path that `--set` finds it by.
struct LoadFound<'a, 'i> {
    path: String,
    span: Span,
    table: &'a DeTable<'i>,
}

/// The options as `--set` would say them. Several loads, and a load of another kind, are mistakes.
pub(super) fn resolve(
    tree: &DeTable<'_>,
    options: &LoadOptions,
    only: &[String],
    diagnostics: &mut Diagnostics,
) -> Vec<Override> {
    let given = options.given();
    let Some((first, key, value)) = given.first() else {
        return Vec::new();
    };
    let all = loads(tree, only);
    let [load] = all.as_slice() else {
        let forms: Vec<String> = all
            .iter()
            .map(|load| format!("--set {}.{key}={value}", load.path))
            .collect();
        let error = Diagnostic {
            span: None,
            ..Diagnostic::error(
                match all.len() {
                    0 => format!("the plan has no load that `{first}` could set"),
                    count => format!(
                        "`{first}` sets the load of a plan that has one, and this plan has {count}"
                    ),
                },
                0..0,
            )
        };
        diagnostics.push(match forms.as_slice() {
            [] => error.help("add one: [load.NAME]"),
            forms => error.help(format!("say which: {}", forms.join(", or "))),
        });
        return Vec::new();
    };
    let mut set = Vec::new();
    for (option, key, value) in given {
        match load.refusal(option, key) {
            Some(refusal) => diagnostics.push(refusal),
            None => set.push(Override {
                name: format!("{}.{key}", load.path),
                value,
            }),
        }
    }
    set
}

impl LoadFound<'_, '_> {
    /// Why the option cannot set this load, where it cannot.
    fn refusal(&self, option: &str, key: &str) -> Option<Diagnostic> {
        let entry = |name: &str| tree::entry(self.table, name);
        let error = |at: &str, message: String| {
            let span = entry(at).map_or_else(|| self.span.clone(), |(key, _)| key.span());
            Diagnostic::error(message, span)
        };
        let path = &self.path;
        if entry("stages").is_some() {
            let says = if key == "duration" {
                "how long it lasts"
            } else {
                "its level"
            };
            let message = format!("`{option}` cannot set `{path}`: its stages say {says}");
            return Some(error("stages", message).help(
                "change the stages, or write a load with `vus` or `rate`, and `duration`, in their place",
            ));
        }
        match key {
            "vus" if entry("rate").is_some() => Some(
                error("rate", format!("`--vus` cannot set `{path}`: its iterations start by the clock"))
                    .help("write --rate 50/s")
                    .help("for users that wait for each reply, write vus = 10 in place of `rate`"),
            ),
            "rate" if entry("vus").is_some() => Some(
                error("vus", format!("`--rate` cannot set `{path}`: its users wait for each reply"))
                    .help("write --vus 10")
                    .help("for iterations that start by the clock, write rate = \"50/s\" in place of `vus`"),
            ),
            _ => None,
        }
    }
}

/// Every load of the plan and its phases; with `--only`, those that it names.
fn loads<'a, 'i>(tree: &'a DeTable<'i>, only: &[String]) -> Vec<LoadFound<'a, 'i>> {
    let named = |name: &str| only.is_empty() || only.iter().any(|own| own == name);
    let mut all = of_table(tree, "", named);
    let phases = tree::get(tree, "phase").and_then(|node| node.get_ref().as_array());
    for phase in phases.into_iter().flatten() {
        let Some(table) = phase.get_ref().as_table() else {
            continue;
        };
        let name = tree::get(table, "name").and_then(|node| node.get_ref().as_str());
        let name = name.unwrap_or_default();
        let whole = named(name);
        all.extend(of_table(table, &format!("phase.{name}."), |load| {
            whole || named(load)
        }));
    }
    all
}

fn of_table<'a, 'i>(
    table: &'a DeTable<'i>,
    before: &str,
    named: impl Fn(&str) -> bool,
) -> Vec<LoadFound<'a, 'i>> {
    let loads = tree::table(table, "load").into_iter().flatten();
    loads
        .filter_map(|(key, node)| match node.get_ref() {
            DeValue::Table(table) if named(key.get_ref()) => Some(LoadFound {
                path: format!("{before}load.{}", key.get_ref()),
                span: key.span(),
                table,
            }),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(plan: &str, options: LoadOptions, only: &[&str]) -> Result<Vec<String>, String> {
        let tree = DeTable::parse(plan).unwrap().into_inner();
        let only: Vec<String> = only.iter().map(|name| (*name).to_owned()).collect();
        let mut found = Diagnostics::default();
        let set = resolve(&tree, &options, &only, &mut found);
        match found.iter().next() {
            Some(wrong) => Err(format!("{}: {}", wrong.message, wrong.help.join("; "))),
            None => Ok(set
                .iter()
                .map(|set| format!("{}={}", set.name, set.value))
                .collect()),
        }
    }

    #[test]
    fn the_only_load_is_set_and_no_other() {
        let users = LoadOptions {
            vus: Some(4),
            duration: Some(Duration::from_secs(5)),
            ..LoadOptions::default()
        };
        let rate = LoadOptions {
            rate: Some(Rate::per_second(9.0)),
            ..LoadOptions::default()
        };
        let two = "load = { a = { vus = 1 }, b = { vus = 2 } }";
        let phase = "phase = [{ name = 'p', load.a.vus = 1 }, { name = 'q', load.a.rate = '1/s' }]";
        for (plan, options, only, set) in [
            (
                "load.a.vus = 1",
                users,
                &[][..],
                &["load.a.vus=4", "load.a.duration=5s"][..],
            ),
            ("load.a.rate = '1/s'", rate, &[], &["load.a.rate=9/s"]),
            (two, users, &["b"], &["load.b.vus=4", "load.b.duration=5s"]),
            (phase, rate, &["q"], &["phase.q.load.a.rate=9/s"]),
            (two, LoadOptions::default(), &[], &[]),
        ] {
            assert_eq!(tried(plan, options, only).unwrap(), set, "{plan}");
        }
        for (plan, options, says) in [
            (
                two,
                users,
                "this plan has 2: say which: --set load.a.vus=4, or --set load.b.vus=4",
            ),
            (phase, rate, "--set phase.p.load.a.rate=9/s"),
            ("x = 1", rate, "no load that `--rate` could set"),
            (
                "load.a.rate = '1/s'",
                users,
                "start by the clock: write --rate 50/s",
            ),
            (
                "load.a.vus = 1",
                rate,
                "wait for each reply: write --vus 10",
            ),
            ("load.a.stages = []", users, "its stages say its level"),
        ] {
            let message = tried(plan, options, &[]).unwrap_err();
            assert!(message.contains(says), "{plan}: {message}");
        }
    }
}
