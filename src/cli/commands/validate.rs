//! `perfgate validate`.

use crate::cli::arguments::Validate;
use crate::cli::console::Console;
use crate::cli::failure::Ended;
use crate::cli::read_plan::{PlanRead, read_plan};
use crate::gate::ExitCode;
use crate::plan::Explained;
use crate::summary::{ComparisonPolicy, Demand, ThresholdLine};

pub(crate) fn validate(arguments: &Validate, console: Console) -> Ended {
    let PlanRead { plan, prepared, .. } = read_plan(&arguments.plan, console)?;
    if console.quiet {
        return Ok(ExitCode::Success);
    }
    if arguments.explain {
        return Ok(console.print(&explain(&plan.explained)));
    }
    let mut lines = vec![format!("{} is valid", plan.file.display())];
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
    lines.push(compared_with(&prepared.comparison));
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
        "thresholds: {own} of the plan, {always} that hold unless it says otherwise (drop_rate <= 0.1%, error_rate <= 1%){warnings}"
    ));
    lines.push(format!(
        "memory: at most about {} MB, however many requests are made",
        prepared.memory_bound() / 1_000_000
    ));
    Ok(console.print(&lines.join("\n")))
}

/// What sessions of the plan will be compared with.
fn compared_with(comparison: &ComparisonPolicy) -> String {
    let there = std::path::Path::new(&comparison.file).is_file();
    let metrics: Vec<String> = comparison
        .tolerances
        .iter()
        .map(|line| format!("{} {}", line.metric, line.tolerance))
        .collect();
    match (there, comparison.wanted) {
        (true, _) => format!("baseline: {}", comparison.file),
        (false, true) => format!(
            "baseline: {}, which is not there yet, for {}",
            comparison.file,
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
        .map(|value| line(value).chars().count())
        .filter(|width| *width <= WIDEST)
        .max()
        .unwrap_or(0);
    values
        .iter()
        .map(|value| format!("{:width$}  # {}", line(value), value.origin))
        .collect::<Vec<_>>()
        .join("\n")
}
