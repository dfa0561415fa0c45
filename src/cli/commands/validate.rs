//! `perfgate validate`, and reading a plan for every other command.

use crate::cli::arguments::{PlanArguments, Validate};
use crate::cli::console::Console;
use crate::diag::{Severity, Sources};
use crate::plan::{self, Aim, Explained, Options, Plan};
use crate::summary::{Demand, ThresholdLine, Yardstick};

/// The exit code for a plan that cannot be used.
pub(crate) const WRONG: u8 = 2;

/// A plan that can be used, with the files it was read from and its warnings.
pub(crate) struct Read {
    pub(crate) plan: Plan,
    pub(crate) sources: Sources,
    pub(crate) warnings: Vec<String>,
}

/// Reads a plan and says everything that is wrong with it. `Err` is the exit code.
pub(crate) fn read(arguments: &PlanArguments, console: Console) -> Result<Read, u8> {
    read_aimed(arguments, None, console)
}

/// The same with an address in place of the plan's own.
pub(crate) fn read_aimed(
    arguments: &PlanArguments,
    aim: Option<Aim<'_>>,
    console: Console,
) -> Result<Read, u8> {
    let is_json = arguments
        .plan
        .extension()
        .is_some_and(|extension| extension == "json");
    if is_json || arguments.plan.join("summary.json").is_file() {
        let file = arguments.plan.display();
        console.error(&format!(
            "`{file}` is not a plan; for a stored session use `perfgate check {file}`"
        ));
        return Err(WRONG);
    }
    let environment = |name: &str| std::env::var(name).ok();
    let options = Options {
        environment: &environment,
        presets: &arguments.presets,
        set: &arguments.set,
        only: &arguments.only,
        seed: arguments.seed,
        aim,
    };
    let loaded = plan::load(&arguments.plan, &options);
    let (found, sources) = (loaded.diagnostics, loaded.sources);
    let text = found.render(&sources, console.colour_err());
    if !text.is_empty() && (found.has_errors() || !console.quiet) {
        console.say(&text);
        console.say("");
    }
    let warnings = found
        .iter()
        .filter(|finding| finding.severity == Severity::Warning)
        .map(|finding| finding.message.clone());
    match loaded.plan {
        Some(plan) => {
            let mut warnings: Vec<String> = warnings.collect();
            // The same word about several phases is one word.
            warnings.sort();
            warnings.dedup();
            Ok(Read {
                plan,
                warnings,
                sources,
            })
        }
        None => {
            let errors = found.errors();
            let noun = if errors == 1 { "error" } else { "errors" };
            console.error(&format!(
                "`{}` has {errors} {noun}; nothing was sent",
                arguments.plan.display()
            ));
            Err(WRONG)
        }
    }
}

pub(crate) fn validate(arguments: &Validate, console: Console) -> u8 {
    let Read { plan, sources, .. } = match read(&arguments.plan, console) {
        Ok(read) => read,
        Err(code) => return code,
    };
    if console.quiet {
        return 0;
    }
    if arguments.explain {
        let printed = console.result(&explain(&plan.explained));
        return if printed {
            0
        } else {
            crate::cli::commands::run::COULD_NOT_RUN
        };
    }
    let base = "http://127.0.0.1:1".parse().ok();
    let mut found = crate::diag::Diagnostics::default();
    let mut lines = vec![format!("{} is valid", plan.file.display())];
    if let Some(prepared) = plan.compile(base.as_ref(), 0, &sources, &mut found) {
        for load in prepared.loads() {
            let what = load.describe();
            lines.push(format!(
                "load {}: {}: {}; drain up to {}",
                what.address(),
                what.executor,
                what.plan,
                load.drain
            ));
            for step in load.flow.undescribed() {
                lines.push(format!(
                    "  step {step}: its method and messages are held against what the target says of itself, before anything is sent"
                ));
            }
        }
        lines.push(match plan.session.repeats.0 {
            1 => "session: one run".to_owned(),
            runs => format!("session: {runs} runs, and every threshold must hold in each"),
        });
        lines.push(compared_with(&prepared.yardstick));
        let count = |of: &dyn Fn(&ThresholdLine) -> bool| {
            prepared.thresholds.iter().filter(|line| of(line)).count()
        };
        let should = count(&|line| line.demand == Demand::Should);
        let always = count(&|line| line.line == 0);
        let own = prepared.thresholds.len() - should - always;
        let warnings = if should == 0 {
            String::new()
        } else {
            format!(", {should} warnings")
        };
        lines.push(format!(
            "thresholds: {own} of the plan, {always} that hold unless it says otherwise (drop_rate 0%){warnings}"
        ));
        lines.push(format!(
            "memory: at most about {} MB, however many requests are made",
            prepared.memory_bound() / 1_000_000
        ));
    }
    if console.result(&lines.join("\n")) {
        0
    } else {
        crate::cli::commands::run::COULD_NOT_RUN
    }
}

/// What sessions of the plan will be compared with.
fn compared_with(yardstick: &Yardstick) -> String {
    let there = std::path::Path::new(&yardstick.file).is_file();
    let metrics: Vec<String> = yardstick
        .tolerances
        .iter()
        .map(|line| format!("{} {}", line.metric, line.tolerance))
        .collect();
    match (there, yardstick.wanted) {
        (true, _) => format!("baseline: {}", yardstick.file),
        (false, true) => format!(
            "baseline: {}, which is not there yet, for {}",
            yardstick.file,
            metrics.join(", ")
        ),
        (false, false) => "baseline: none: thresholds alone decide".to_owned(),
    }
}

/// One line for each value: the value first, so that it reads like a plan, and where it came from behind it.
fn explain(values: &[Explained]) -> String {
    const WIDEST: usize = 60;
    let line = |one: &Explained| format!("{} = {}", one.key, one.value.replace('\n', " "));
    let width = values
        .iter()
        .map(|one| line(one).chars().count())
        .filter(|width| *width <= WIDEST)
        .max()
        .unwrap_or(0);
    values
        .iter()
        .map(|one| format!("{:width$}  # {}", line(one), one.origin))
        .collect::<Vec<_>>()
        .join("\n")
}
