//! The first screen: the judgement, why, whether to believe it, and what to do.

use std::collections::BTreeSet;

use crate::gate::{Mark, Overall, VerdictTally};
use crate::report::html::brief::brief;
use crate::report::html::page::{Banner, PageCommand};
use crate::report::html::source::PageSource;
use crate::report::html::table::class;
use crate::report::text::Tone;
use crate::report::view::ComparisonView;

const WORST: usize = 5;

pub(crate) fn banner(source: &PageSource<'_>) -> Banner {
    let (view, budget) = (source.view, &source.budget);
    let (worst, more) = listed(worst(source), source.verdict.verdict);
    let text = |text: &String| brief(text, budget.letters);
    let remarks = view
        .interrupted
        .iter()
        .chain(&view.validity.reasons)
        .chain(&view.validity.notes)
        .chain(&view.warnings);
    let mut remarks: Vec<String> = remarks.take(budget.rows).map(text).collect();
    if let Some(origin) = &source.summary.origin {
        remarks.extend(
            origin
                .notes
                .iter()
                .take(budget.rows)
                .map(|note| text(&crate::report::text::clean(note))),
        );
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
        more,
        causes: view.causes.iter().map(text).collect(),
        validity: format!("{} {}", view.validity.shape, text(&view.validity.line)),
        validity_tone: class(view.validity.tone),
        remarks,
        next: view
            .next
            .iter()
            .filter(|step| step.asked)
            .map(|step| PageCommand::new(&step.why, &step.command, budget))
            .collect(),
    }
}

/// The judgement in one sentence; of a failure that is listed below, how much of each kind.
fn sentence(source: &PageSource<'_>) -> String {
    let verdict = &source.view.verdict;
    let said = match source.verdict.verdict {
        Overall::Fail => {
            Some(VerdictTally::of(source.verdict).words()).filter(|words| !words.is_empty())
        }
        _ => None,
    };
    format!(
        "{} (exit {})",
        said.unwrap_or_else(|| verdict.sentence.clone()),
        verdict.exit_code
    )
}

/// The first of them, and how many of which kind are not listed. Where something fails nothing else is: whoever counts the lines
/// comes to the number above them.
fn listed(all: Vec<(&'static str, String)>, verdict: Overall) -> (Vec<String>, String) {
    let fails = verdict == Overall::Fail && all.iter().any(|(word, _)| *word == "FAIL");
    let fit = |word: &str| !fails || word == "FAIL";
    let mut rest: Vec<(&str, usize)> = Vec::new();
    let mut shown = Vec::new();
    for (word, line) in all {
        if fit(word) && shown.len() < WORST {
            shown.push(line);
        } else {
            match rest.iter_mut().find(|(own, _)| *own == word) {
                Some((_, count)) => *count += 1,
                None => rest.push((word, 1)),
            }
        }
    }
    let kind = |(word, count): &(&str, usize)| {
        if *word == "FAIL" {
            format!("{count} more {word}")
        } else {
            format!("{count} {word}")
        }
    };
    let rest: Vec<String> = rest.iter().map(kind).collect();
    let more = if rest.is_empty() {
        String::new()
    } else {
        format!("and {} in the tables below", rest.join(", "))
    };
    (shown, more)
}

/// Everything that does not hold or is not known, the worst first: the word, and what is said.
fn worst(source: &PageSource<'_>) -> Vec<(&'static str, String)> {
    let view = source.view;
    let thresholds = view
        .thresholds
        .iter()
        .filter(|threshold| threshold.mark != Mark::Pass)
        .map(|threshold| {
            let place = threshold
                .place
                .as_ref()
                .map_or(String::new(), |place| format!(", says {place}"));
            let said = match threshold.mark {
                Mark::Missing => format!("has no data, where {} must hold{place}", threshold.bound),
                Mark::NotJudged => format!(
                    "is {}, where {} must hold{place}, and the generator itself was late",
                    threshold.value, threshold.bound
                ),
                Mark::Crossed | Mark::Suspect | Mark::Pass => {
                    let should = if threshold.word == "WARN" {
                        "should"
                    } else {
                        "must"
                    };
                    format!(
                        "is {}, where {} {should} hold{place}",
                        threshold.value, threshold.bound
                    )
                }
            };
            (
                threshold.word,
                format!("{} {} {said}", threshold.shape, threshold.metric),
            )
        });
    // Where nothing is comparable every metric says the same, and once is enough.
    let mut said = BTreeSet::new();
    let shown = |comparison: &&ComparisonView| !comparison.quiet && comparison.word != "PASS";
    let comparisons = view
        .comparisons
        .iter()
        .filter(shown)
        .filter(|comparison| said.insert(&comparison.sentence));
    let comparisons = comparisons.map(|comparison| {
        (
            comparison.word,
            format!(
                "{} {}: {}",
                comparison.shape, comparison.metric, comparison.sentence
            ),
        )
    });
    let order = ["FAIL", "UNDECIDED", "NOT JUDGED", "WARN"];
    let mut all: Vec<(&'static str, String)> = thresholds.chain(comparisons).collect();
    all.sort_by_key(|(word, _)| order.iter().position(|own| own == word));
    all
}
