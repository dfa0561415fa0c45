//! What somebody who reads a verdict had better do next.

use super::trouble::troubles;
use crate::gate::baseline::Severity;
use crate::gate::{Comparison, Judgement, Mark, Overall, Verdict};
use crate::report::text::{Commands, clean};
use crate::report::view::targets::targets;
use crate::summary::Summary;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NextStep {
    pub(crate) why: String,
    pub(crate) command: String,
    /// The verdict asks for it; otherwise it is there for who wants it.
    pub(crate) asked: bool,
}

/// What comes next, in the order in which it is to be done; there is at least one.
pub(crate) fn next_steps(summary: &Summary, verdict: &Verdict) -> Vec<NextStep> {
    let commands = Commands::of(summary, &verdict.sessions, verdict.baseline.as_deref());
    let mut steps = match verdict.verdict {
        Overall::Pass => passed(summary, verdict, commands.as_ref()),
        Overall::Fail => failed(verdict, commands.as_ref()),
        other => vec![otherwise(other, summary, verdict, commands.as_ref())],
    };
    if let Some(commands) = commands {
        let has = |judgement: Judgement| {
            verdict
                .comparisons
                .iter()
                .any(|comparison| comparison.judgement == judgement)
        };
        if verdict.verdict == Overall::Undecided && has(Judgement::Suspect) {
            steps.push(step(
                "or, where others have run it:",
                Some(commands.check(" MORE…")),
            ));
        }
        if !steps
            .iter()
            .any(|step| step.command.starts_with("perfgate run "))
        {
            steps.push(NextStep {
                asked: false,
                ..step("To run it again:", Some(commands.run("")))
            });
        }
    }
    steps
}

fn passed(summary: &Summary, verdict: &Verdict, commands: Option<&Commands>) -> Vec<NextStep> {
    let record = |rest: &str| {
        commands.map(|commands| commands.update(&format!("{}{rest}", forced(verdict))))
    };
    let mut steps = Vec::new();
    let troubles = troubles(summary);
    if !troubles.is_empty() {
        let what = troubles.join(", and ");
        let why = format!(
            "No bound is crossed, but {what}. Look at the errors and the charts; where that must not happen, bound it in the plan."
        );
        steps.push(step(&why, None));
    }
    let worse = [
        Judgement::Regressed,
        Judgement::Suspect,
        Judgement::Inconclusive,
    ];
    let warned = |comparison: &Comparison| {
        comparison.severity == Severity::Warn && worse.contains(&comparison.judgement)
    };
    let warns = verdict
        .thresholds
        .iter()
        .any(|threshold| threshold.mark == Mark::Crossed)
        || verdict
            .comparisons
            .iter()
            .any(|comparison| comparison.reaches || warned(comparison));
    if warns {
        steps.push(step(
            "Nothing fails, but something warns: look at the rows marked WARN.",
            None,
        ));
    }
    let better = verdict.decides(Judgement::Improved);
    if verdict.wanted_baseline.is_some() {
        let why = if steps.is_empty() {
            "Nothing failed. Record this session as what is normal, so that the next ones are compared with it:"
        } else {
            "If this is normal all the same, record it, so that the next sessions are compared with it:"
        };
        steps.push(step(why, record(" --reason 'the first session'")));
    } else if better {
        steps.push(step(
            "It became better. To hold it there, record it:",
            record(" --replace --reason 'WHY'"),
        ));
    } else if steps.is_empty() {
        steps.push(step("Nothing to do.", None));
    }
    steps
}

fn failed(verdict: &Verdict, commands: Option<&Commands>) -> Vec<NextStep> {
    let crossed: Vec<_> = verdict
        .thresholds
        .iter()
        .filter(|threshold| threshold.mark == Mark::Crossed)
        .collect();
    let regressed = verdict.decides(Judgement::Regressed);
    let look = "Look for the cause first: what fails is listed above, the errors and the charts say when and where. \
                Then run it again:";
    let mut steps = vec![step(look, commands.map(|commands| commands.run("")))];
    if let Some(own) = commands.filter(|_| regressed) {
        let forced = forced(verdict);
        let which = if verdict.sessions.len() > 1 {
            "these sessions become"
        } else {
            "this session becomes"
        };
        let despite = if forced.is_empty() {
            String::new()
        } else {
            " (--force: otherwise it is refused, for thresholds, errors or unsteady runs)"
                .to_owned()
        };
        steps.push(step(
            &format!("Only where the change is meant, {which} the new normal{despite}:"),
            Some(own.update(&format!(" --replace{forced} --reason 'WHY'"))),
        ));
    }
    if let (Some(one), false) = (
        crossed.iter().find(|threshold| threshold.line > 0),
        regressed,
    ) {
        let place = format!("{}:{}", clean(&one.file), one.line);
        steps.push(step(
            &format!("Where a bound asks too much, change it in the plan: {place}."),
            None,
        ));
    }
    steps
}

fn otherwise(
    verdict: Overall,
    summary: &Summary,
    judged: &Verdict,
    commands: Option<&Commands>,
) -> NextStep {
    let run = |rest: &str| commands.map(|commands| commands.run(rest));
    let record =
        |rest: &str| commands.map(|commands| commands.update(&format!("{}{rest}", forced(judged))));
    match verdict {
        Overall::Pass | Overall::Fail => step("", None),
        Overall::Undecided if judged.decides(Judgement::Suspect) || judged.suspects_default() => {
            step(
                "One session is not enough to tell. Run it again with further sessions, which confirm or clear the suspicion:",
                run(" --confirm"),
            )
        }
        Overall::Undecided => step(
            "Chance or a slow machine may have done it. Run it again, and judge the sessions together:",
            run(""),
        ),
        Overall::Invalid => step(
            "Do not use these numbers. Mend what the reason above names, and run it again, here or on a machine that does nothing else:",
            run(""),
        ),
        Overall::NotJudged => step(
            "The generator was late itself, so nobody knows whether the bound holds. Run it again when the machine is idle, or elsewhere:",
            run(""),
        ),
        Overall::Missing => step(
            "Find out why it was not measured: see the rows without data and the errors. Then mend the plan, and run it again:",
            run(""),
        ),
        Overall::Mismatch => step(
            "The baseline was recorded for other work or another machine. See what changed. Where this is the new normal, record \
             it beside the others (from another machine with --force), or in their place (--replace):",
            record(" --reason 'WHY'"),
        ),
        Overall::NoBaseline => step(
            "Record this session as what is normal, if it is:",
            record(" --reason 'the first session'"),
        ),
        Overall::NeverAnswered | Overall::NotReady => {
            let targets = targets(summary).join(", ");
            let place = if targets.is_empty() {
                "the address of the plan".to_owned()
            } else {
                targets
            };
            step(
                &format!("Look whether the target runs at {place}. Then run it again:"),
                run(""),
            )
        }
        Overall::Interrupted => step("Run it again to its end:", run("")),
        Overall::Unwritten => step(
            "Make room, or use another folder with --out, and run it again:",
            run(""),
        ),
    }
}

/// What `update-baseline` would refuse, unless it is forced.
fn forced(verdict: &Verdict) -> &'static str {
    if verdict.needs_force == Some(true) {
        " --force"
    } else {
        ""
    }
}

/// Where there is no command to introduce, the sentence ends in itself.
fn step(why: &str, command: Option<String>) -> NextStep {
    let why = match &command {
        Some(_) => why.to_owned(),
        None => format!("{}.", why.trim_end_matches([':', '.'])),
    };
    NextStep {
        why,
        command: command.unwrap_or_default(),
        asked: true,
    }
}
