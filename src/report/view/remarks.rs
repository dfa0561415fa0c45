//! What steps said that is no error: refusals that the plan expects, and oddities.

use crate::report::text::clean;
use crate::summary::{LoadRun, RemarkLine};

/// More kinds than this are only counted.
const KINDS: usize = 8;

/// A line for each kind, most frequent first: `refused 12x: HTTP 503: busy (step transcribe)`.
pub(crate) fn all(runs: &[(u64, &LoadRun)]) -> Vec<String> {
    let rejections = lines(runs, "refused", |run| &run.rejections);
    let oddities = lines(runs, "odd", |run| &run.oddities);
    rejections.into_iter().chain(oddities).collect()
}

fn lines(
    runs: &[(u64, &LoadRun)],
    word: &str,
    of: fn(&LoadRun) -> &Vec<RemarkLine>,
) -> Vec<String> {
    let mut groups: Vec<RemarkLine> = Vec::new();
    for line in runs.iter().flat_map(|(_, run)| of(run)) {
        let same = |group: &&mut RemarkLine| {
            let letters = |text: &str| {
                text.chars()
                    .filter(|c| !c.is_ascii_digit())
                    .collect::<String>()
            };
            group.step == line.step && letters(&group.message) == letters(&line.message)
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.count += line.count,
            None => groups.push(line.clone()),
        }
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    let more = groups.len().saturating_sub(KINDS);
    let shown = groups.iter().take(KINDS);
    let mut all: Vec<String> = shown
        .map(|line| {
            format!(
                "{word} {}x: {} (step {})",
                line.count,
                clean(&line.message),
                clean(&line.step)
            )
        })
        .collect();
    if more > 0 {
        all.push(format!("{word}: {more} more kinds, in summary.json"));
    }
    all
}
