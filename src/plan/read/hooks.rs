//! The hooks of a plan and of its phases.

use toml::de::DeTable;

use crate::diag::{Diagnostic, Diagnostics, Sources, nearest};
use crate::hook::{Hook, HookSpec};
use crate::plan::fill;
use crate::plan::fill::Known;
use crate::plan::model::{PhaseHooks, PlanHooks};
use crate::plan::read::check::read_checked;
use crate::plan::tree;
use crate::units::List;

/// The hooks of the plan itself, its names filled in.
pub(in crate::plan) fn of_plan(
    tree: &DeTable<'_>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> PlanHooks {
    let mut list = |key| read(tree, key, tree, sources, diagnostics);
    PlanHooks {
        before: list("before"),
        after: list("after"),
        on_failure: list("on_failure"),
    }
}

/// The hooks of a phase; `whole` is the plan with the phase's own sections.
pub(in crate::plan) fn of_phase(
    phase: &DeTable<'_>,
    whole: &DeTable<'_>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> PhaseHooks {
    PhaseHooks {
        before: read(phase, "before", whole, sources, diagnostics),
        after: read(phase, "after", whole, sources, diagnostics),
        ..PhaseHooks::default()
    }
}

/// The hooks of a sweep at one point, as before and after it.
pub(in crate::plan) fn of_point(
    sweep: &DeTable<'_>,
    known: &Known,
    whole: &DeTable<'_>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> (Vec<Hook>, Vec<Hook>) {
    let mut own = DeTable::new();
    for (key, node) in sweep {
        if ["before", "after"].contains(&key.get_ref().as_ref()) {
            let mut node = node.clone();
            fill::value(&mut node, known, diagnostics);
            own.insert(key.clone(), node);
        }
    }
    let before = read(&own, "before", whole, sources, diagnostics);
    (before, read(&own, "after", whole, sources, diagnostics))
}

/// One list of hooks. A variable of `as` needs a default: until the hook has run, the plan has to mean something.
fn read(
    table: &DeTable<'_>,
    key: &str,
    whole: &DeTable<'_>,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<Hook> {
    let Some((name, node)) = tree::entry(table, key) else {
        return Vec::new();
    };
    let none = |_: &List<HookSpec>| Vec::new();
    let list: Option<List<HookSpec>> = read_checked(node, &name.span(), none, diagnostics);
    let folder = sources.folder(&name.span());
    let hooks = list.unwrap_or_default().0.into_iter();
    let hooks: Vec<Hook> = hooks
        .map(|spec| Hook {
            spec,
            folder: folder.to_owned(),
        })
        .collect();
    let has =
        |variable: &str| tree::table(whole, "vars").is_some_and(|vars| vars.contains_key(variable));
    for variable in hooks.iter().filter_map(|hook| hook.spec.r#as.as_ref()) {
        if !has(variable) {
            let error = Diagnostic::error(
                format!("`as` names no variable of the plan: `{variable}`"),
                tree::value_place(node, "as", &name.span()),
            );
            let known = tree::table(whole, "vars").into_iter().flatten();
            let known: Vec<&str> = known.map(|(name, _)| name.get_ref().as_ref()).collect();
            diagnostics.push(match nearest(variable, known) {
                Some(close) => {
                    error.help(format!("a variable with a similar name exists: `{close}`"))
                }
                None => error.help(format!(
                    "give it the value that it has until the command has run: [vars] {variable} = …"
                )),
            });
        }
    }
    hooks
}
