//! Reading a plan for a command.

use std::path::Path;

use super::arguments::PlanArguments;
use super::console::Console;
use super::failure::CommandFailure;
use crate::diag::{FindingLevel, Sources};
use crate::plan::{self, Aim, Loaded, Options, Override, Plan, Prepared};

/// A plan that can be used, with the files it was read from and its warnings.
pub(crate) struct PlanRead {
    pub(crate) plan: Plan,
    /// The plan compiled for its checks.
    pub(crate) prepared: Prepared,
    pub(crate) sources: Sources,
    pub(crate) warnings: Vec<String>,
}

/// Reads a plan and says everything that is wrong with it.
pub(crate) fn read_plan(
    arguments: &PlanArguments,
    console: Console,
) -> Result<PlanRead, CommandFailure> {
    read_aimed(arguments, None, console)
}

/// The same with more values set.
pub(crate) fn read_with(
    arguments: &PlanArguments,
    more: &[Override],
    console: Console,
) -> Result<PlanRead, CommandFailure> {
    let set = [arguments.set.as_slice(), more].concat();
    read_text(arguments, (&set, None), console, |options| {
        plan::load(&arguments.plan, options)
    })
}

/// A plan that was made of something else, and would stand in `file`.
pub(crate) fn read_made(
    arguments: &PlanArguments,
    file: &Path,
    text: &str,
    console: Console,
) -> Result<PlanRead, CommandFailure> {
    read_text(arguments, (&arguments.set, None), console, |options| {
        plan::load_text(file, text, options)
    })
}

/// The same with an address in place of the plan's own.
pub(crate) fn read_aimed(
    arguments: &PlanArguments,
    aim: Option<Aim<'_>>,
    console: Console,
) -> Result<PlanRead, CommandFailure> {
    let is_json = arguments
        .plan
        .extension()
        .is_some_and(|extension| extension == "json");
    if is_json || arguments.plan.join("summary.json").is_file() {
        let file = arguments.plan.display();
        return Err(CommandFailure::usage(format!(
            "`{file}` is not a plan; for a stored session use `perfgate check {file}`"
        )));
    }
    read_text(arguments, (&arguments.set, aim), console, |options| {
        plan::load(&arguments.plan, options)
    })
}

fn read_text(
    arguments: &PlanArguments,
    (set, aim): (&[Override], Option<Aim<'_>>),
    console: Console,
    load: impl FnOnce(&Options<'_>) -> Loaded,
) -> Result<PlanRead, CommandFailure> {
    let environment = |name: &str| std::env::var(name).ok();
    let options = Options {
        environment: &environment,
        presets: &arguments.presets,
        set,
        only: &arguments.only,
        seed: arguments.seed,
        aim,
    };
    let loaded = load(&options);
    let (found, sources) = (loaded.diagnostics, loaded.sources);
    let text = found.render(&sources, console.colour_err());
    if !text.is_empty() && (found.has_errors() || !console.quiet) {
        console.say(&text);
        console.say("");
    }
    let warnings = found
        .iter()
        .filter(|finding| finding.severity == FindingLevel::Warning)
        .map(|finding| finding.message.clone());
    match loaded.plan.zip(loaded.prepared) {
        Some((plan, prepared)) => {
            let mut warnings: Vec<String> = warnings.collect();
            // The same word about several phases is one word.
            warnings.sort();
            warnings.dedup();
            Ok(PlanRead {
                plan,
                prepared,
                warnings,
                sources,
            })
        }
        None => {
            let errors = found.errors();
            let noun = if errors == 1 { "error" } else { "errors" };
            Err(CommandFailure::usage(format!(
                "`{}` has {errors} {noun}; nothing was sent",
                arguments.plan.display()
            )))
        }
    }
}
