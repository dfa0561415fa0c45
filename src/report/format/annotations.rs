//! What fails, as annotations of GitHub Actions: at the line of the plan or the baseline that demands it.

use crate::gate::{ExitCode, Mark, Verdict};
use crate::report::view::View;

/// GitHub shows ten of a kind for each step: nine, and one that counts the rest.
const MOST: usize = 9;

/// One `::error` or `::warning` a line. `baseline` finds the line of a metric in the baseline file.
#[must_use]
pub fn annotations(view: &View, baseline: &dyn Fn(&str) -> Option<(String, usize)>) -> Vec<String> {
    let mut all: Vec<(bool, Option<String>, String, String)> = Vec::new();
    for threshold in view
        .thresholds
        .iter()
        .filter(|threshold| threshold.mark != Mark::Pass)
    {
        let said = match threshold.mark {
            Mark::Missing => format!(
                "{} has no data, where {} must hold",
                threshold.metric, threshold.bound
            ),
            Mark::NotJudged => format!(
                "{} is {}, where {} must hold, and the generator itself was late",
                threshold.metric, threshold.value, threshold.bound
            ),
            Mark::Crossed | Mark::Suspect | Mark::Pass => format!(
                "{} is {}, where {} must hold",
                threshold.metric, threshold.value, threshold.bound
            ),
        };
        all.push((
            threshold.word != "WARN",
            threshold.place.clone(),
            format!("{} {}", threshold.metric, threshold.word),
            said,
        ));
    }
    for comparison in view.comparisons.iter().filter(|comparison| {
        matches!(comparison.word, "FAIL" | "UNDECIDED" | "WARN") && !comparison.quiet
    }) {
        let place = baseline(&comparison.metric).map(|(file, line)| format!("{file}:{line}"));
        let said = format!("{}: {}", comparison.metric, comparison.sentence);
        all.push((
            comparison.word != "WARN",
            place,
            format!("{} {}", comparison.metric, comparison.word),
            said,
        ));
    }
    if all.iter().all(|(is_error, ..)| !is_error) && view.verdict.exit_code != ExitCode::Success {
        all.insert(
            0,
            (
                true,
                None,
                view.verdict.word.to_owned(),
                view.verdict.sentence.clone(),
            ),
        );
    }
    let mut lines = Vec::new();
    for (is_error, command) in [(true, "error"), (false, "warning")] {
        let own: Vec<_> = all
            .iter()
            .filter(|(error, ..)| *error == is_error)
            .collect();
        lines.extend(
            own.iter()
                .take(MOST)
                .map(|(_, place, title, said)| line(command, place.as_deref(), title, said)),
        );
        if own.len() > MOST {
            let more = format!("and {} more: see the report", own.len() - MOST);
            lines.push(line(command, None, "perfgate", &more));
        }
    }
    lines
}

fn line(command: &str, place: Option<&str>, title: &str, message: &str) -> String {
    let place = place
        .and_then(|place| place.rsplit_once(':'))
        .map_or(String::new(), |(file, line)| {
            format!("file={},line={},", property(file), property(line))
        });
    format!(
        "::{command} {place}title={}::{}",
        property(title),
        data(message)
    )
}

/// Finds the line of a metric in the text of the baseline that a verdict compared with.
pub fn line_in_baseline<'a>(
    verdict: &'a Verdict,
    text: &'a str,
) -> impl Fn(&str) -> Option<(String, usize)> + use<'a> {
    move |metric| {
        let key = format!("\"{metric}\":");
        let mut lines = text.lines();
        let at = lines.position(|line| line.trim_start().starts_with(&key))?;
        Some((verdict.baseline.clone()?, at + 1))
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_taken_for_a_command() {
        let made = line(
            "error",
            Some("plans/a,b.toml:31"),
            "a: b",
            "50 % of\n::error::x",
        );
        assert_eq!(
            made,
            "::error file=plans/a%2Cb.toml,line=31,title=a%3A b::50 %25 of%0A::error::x"
        );
    }
}
