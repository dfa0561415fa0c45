//! The first screen: the judgement, why, whether to believe it, and what to do.

use std::collections::BTreeSet;

use super::brief::brief;
use super::page::{Banner, Command};
use super::source::Source;
use super::table::class;
use crate::gate::{Mark, Overall};
use crate::report::words::plural;
use crate::report::{ComparisonView, Tone};

/// So many reasons are listed.
const WORST: usize = 5;

/// The judgement of a session.
pub(super) fn banner(source: &Source<'_>) -> Banner {
    let (view, budget) = (source.view, &source.budget);
    let mut worst = worst(source);
    let more = worst.len().saturating_sub(WORST);
    worst.truncate(WORST);
    let text = |text: &String| brief(text, budget.letters);
    let remarks =
        view.interrupted.iter().chain(&view.validity.reasons).chain(&view.validity.notes).chain(&view.warnings);
    let mut remarks: Vec<String> = remarks.take(budget.rows).map(text).collect();
    if let Some(origin) = &source.summary.origin {
        remarks.extend(origin.notes.iter().take(budget.rows).map(|note| text(&crate::report::clean(note))));
    }
    Banner {
        mood: match view.verdict.tone {
            Tone::Good => "good",
            Tone::Bad => "bad",
            _ => "warn",
        },
        shape: view.verdict.shape,
        word: view.verdict.word,
        sentence: text(&sentence(source)),
        worst: worst.iter().map(text).collect(),
        more: if more > 0 { format!("and {more} more in the tables below") } else { String::new() },
        validity: format!("{} {}", view.validity.shape, text(&view.validity.line)),
        validity_tone: class(view.validity.tone),
        remarks,
        next: view
            .next
            .iter()
            .filter(|step| step.asked)
            .map(|step| Command::new(&step.why, &step.command, budget))
            .collect(),
    }
}

/// The judgement in one sentence; of a failure that is listed below, how much of each kind.
fn sentence(source: &Source<'_>) -> String {
    let view = source.view;
    let crossed = view.thresholds.iter().filter(|one| one.word == "FAIL").count() as u64;
    let regressed = view.comparisons.iter().filter(|one| one.word == "FAIL").count() as u64;
    let said = match (source.verdict.verdict, crossed, regressed) {
        (Overall::Fail, 1.., 0) => thresholds_crossed(crossed, view.thresholds.len()),
        (Overall::Fail, 0, 1..) => format!("{} regressed", plural(regressed, "metric")),
        (Overall::Fail, 1.., 1..) => {
            let crossed = thresholds_crossed(crossed, view.thresholds.len());
            format!("{crossed}, and {} regressed", plural(regressed, "metric"))
        }
        _ => view.verdict.sentence.clone(),
    };
    format!("{said} (exit {})", view.verdict.exit_code)
}

fn thresholds_crossed(crossed: u64, all: usize) -> String {
    format!("{crossed} of {} {} crossed", plural(all as u64, "threshold"), if crossed == 1 { "is" } else { "are" })
}

/// Everything that does not hold or is not known, the worst first.
fn worst(source: &Source<'_>) -> Vec<String> {
    let view = source.view;
    let thresholds = view.thresholds.iter().filter(|one| one.mark != Mark::Pass).map(|one| {
        let place = one.place.as_ref().map_or(String::new(), |place| format!(", says {place}"));
        let said = match one.mark {
            Mark::Missing => format!("has no data, where {} must hold{place}", one.bound),
            Mark::Crossed | Mark::Pass => {
                let should = if one.word == "WARN" { "should" } else { "must" };
                format!("is {}, where {} {should} hold{place}", one.value, one.bound)
            }
        };
        (one.word, format!("{} {} {said}", one.shape, one.metric))
    });
    // Where nothing is comparable every metric says the same, and once is enough.
    let mut said = BTreeSet::new();
    let shown = |one: &&ComparisonView| !one.quiet && one.word != "PASS";
    let comparisons = view.comparisons.iter().filter(shown).filter(|one| said.insert(&one.sentence));
    let comparisons = comparisons.map(|one| (one.word, format!("{} {}: {}", one.shape, one.metric, one.sentence)));
    let order = ["FAIL", "UNDECIDED", "NOT JUDGED", "WARN"];
    let mut all: Vec<(&str, String)> = thresholds.chain(comparisons).collect();
    all.sort_by_key(|(word, _)| order.iter().position(|own| own == word));
    all.into_iter().map(|(_, line)| line).collect()
}
