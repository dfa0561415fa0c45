//! What somebody who reads a verdict may want to type next.

use super::clean::clean;
use crate::diag::shell_word;
use crate::gate::{Judgement, Overall, Verdict};
use crate::summary::Summary;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextStep {
    /// What for, a sentence.
    pub why: String,
    /// The command.
    pub command: String,
    /// The verdict asks for it; otherwise it is there for who wants it.
    pub asked: bool,
}

/// What may come next, the most likely first. Sessions are named as `perfgate run` lays them down, from the folder in which it
/// was run.
#[must_use]
pub(super) fn next_steps(summary: &Summary, verdict: &Verdict) -> Vec<NextStep> {
    // One side of a comparison is no session to be recorded or run by itself.
    if summary.origin.is_some() || summary.side.is_some() || summary.plan.file.is_empty() {
        return Vec::new();
    }
    let plan = word(&summary.plan.file);
    let presets: String = summary.presets.iter().map(|preset| format!(" --preset {}", word(preset))).collect();
    let of = |session: &String| word(&format!("results/{}/{session}", summary.plan.name));
    let sessions = verdict.sessions.iter().map(of).collect::<Vec<_>>().join(" ");
    let step = |why: &str, command: String| NextStep { why: why.to_owned(), command, asked: true };
    let update = |rest: &str| format!("perfgate update-baseline {plan}{presets} --from {sessions}{rest}");
    let has = |judgement: Judgement| verdict.comparisons.iter().any(|one| one.decides() && one.judgement == judgement);
    let mut steps = Vec::new();
    match verdict.verdict {
        Overall::NoBaseline => {
            steps.push(step("To record it as what is normal:", update(" --reason 'the first session'")));
        }
        Overall::Mismatch => steps.push(step(
            "Where these are the new normal, record them beside the others, or in their place (--replace):",
            update(" --reason 'WHY' --force"),
        )),
        Overall::Undecided if has(Judgement::Suspect) => {
            steps.push(step(
                "To settle it, run it again and judge all sessions together:",
                format!("perfgate run {plan}{presets} --confirm"),
            ));
            steps.push(step("or, where others have run it:", format!("perfgate check {sessions} MORE…")));
        }
        Overall::Fail if has(Judgement::Regressed) => steps.push(step(
            "Where the change is intended, these sessions become what is normal:",
            update(" --replace --force --reason 'WHY'"),
        )),
        Overall::Pass if has(Judgement::Improved) => {
            steps.push(step("It became better. To hold it there, record it:", update(" --replace --reason 'WHY'")));
        }
        _ => {}
    }
    steps.push(NextStep { asked: false, ..step("To run it again:", format!("perfgate run {plan}{presets}")) });
    steps
}

/// One word of a command line.
fn word(text: &str) -> String {
    shell_word(&clean(text)).into_owned()
}
