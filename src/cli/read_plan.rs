//! Reading a plan for a command.

use std::path::{Path, PathBuf};

use super::arguments::{LoadArguments, PlanArguments};
use super::console::Console;
use super::failure::CommandFailure;
use crate::diag::{FindingLevel, Sources};
use crate::draft::{OneRequest, PlanDraft};
use crate::plan::{self, Aim, LoadOptions, Loaded, Options, Plan, Prepared};

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

/// The same with an address in place of the plan's own.
pub(crate) fn read_aimed(
    arguments: &PlanArguments,
    aim: Option<Aim<'_>>,
    console: Console,
) -> Result<PlanRead, CommandFailure> {
    read_file(arguments, LoadOptions::default(), aim, console)
}

/// The same with its load as it was typed.
pub(crate) fn read_plan_to_run(
    arguments: &PlanArguments,
    load: &LoadArguments,
    console: Console,
) -> Result<PlanRead, CommandFailure> {
    let load = LoadOptions {
        vus: load.vus,
        rate: load.rate,
        duration: load.duration,
    };
    read_file(arguments, load, None, console)
}

/// Reads a plan that perfgate has made, and perhaps written to a file.
pub(crate) fn read_draft(
    arguments: &PlanArguments,
    draft: &PlanDraft,
    written: Option<&Path>,
    console: Console,
) -> Result<PlanRead, CommandFailure> {
    let secrets: Vec<(String, &str)> = draft.environment().collect();
    let environment = |name: &str| {
        let typed = secrets.iter().find(|(own, _)| own == name);
        typed.map_or_else(
            || std::env::var(name).ok(),
            |(_, value)| Some((*value).to_owned()),
        )
    };
    let options = Options {
        environment: &environment,
        ..options(arguments)
    };
    let shown = written.map_or_else(
        || PathBuf::from(format!("{} (made of the URL)", draft.name)),
        Path::to_owned,
    );
    let loaded = plan::load_text(&shown, &draft.text(), &options);
    let mut read = usable(loaded, &shown, console)?;
    if written.is_none() {
        // No report may show commands with a file that is not there.
        read.plan.file = PathBuf::new();
    }
    Ok(read)
}

fn read_file(
    arguments: &PlanArguments,
    load: LoadOptions,
    aim: Option<Aim<'_>>,
    console: Console,
) -> Result<PlanRead, CommandFailure> {
    let file = arguments.plan.display();
    let is_json = arguments
        .plan
        .extension()
        .is_some_and(|extension| extension == "json");
    if is_json || arguments.plan.join("summary.json").is_file() {
        return Err(CommandFailure::usage(format!(
            "`{file}` is not a plan; for a stored session use `perfgate check {file}`"
        )));
    }
    if arguments.url().is_some() {
        return Err(CommandFailure::usage(format!(
            "`{file}` is a URL and not a plan; `perfgate run {file} --dry-run --write plan.toml` makes a plan of it"
        )));
    }
    let options = Options {
        load,
        aim,
        ..options(arguments)
    };
    usable(
        plan::load(&arguments.plan, &options),
        &arguments.plan,
        console,
    )
}

fn options(arguments: &PlanArguments) -> Options<'_> {
    Options {
        environment: &|name| std::env::var(name).ok(),
        presets: &arguments.presets,
        set: &arguments.set,
        only: &arguments.only,
        seed: arguments.seed,
        load: LoadOptions::default(),
        aim: None,
    }
}

/// Says everything that is wrong with a plan, and gives it where it can be used.
fn usable(loaded: Loaded, file: &Path, console: Console) -> Result<PlanRead, CommandFailure> {
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
                file.display()
            )))
        }
    }
}

impl PlanArguments {
    /// What was typed, where it is a URL.
    pub(crate) fn url(&self) -> Option<&str> {
        self.plan.to_str().filter(|text| OneRequest::is_url(text))
    }
}
