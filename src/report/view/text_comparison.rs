//! How transcripts were compared with their references.

use serde_json::Value;

use crate::report::text::clean;
use crate::summary::LoadRun;
use crate::units::{Unit, print};

/// So many word error rates are listed.
const APART: usize = 12;

/// The word error rate of each value that the load is split by, the worst first.
pub(crate) fn wer_apart(runs: &[(u64, &LoadRun)]) -> Option<String> {
    let lines = runs.iter().flat_map(|(_, run)| &run.splits);
    let mut all: Vec<(f64, &str)> = lines
        .filter_map(|line| Some((line.wer?, line.value.as_str())))
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let shown = all.iter().take(APART);
    let shown: Vec<String> = shown
        .map(|(wer, value)| format!("{} {}", clean(value), print(*wer, Unit::Ratio)))
        .collect();
    let rest = match all.len().saturating_sub(APART) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    (!shown.is_empty()).then(|| shown.join(", ") + &rest)
}

/// How the texts of a plan's pools are compared, where it is not word by word as they are.
pub(crate) fn text_comparison(effective: &Value) -> String {
    let pools = effective.get("audio").and_then(Value::as_object);
    let pools = pools.into_iter().flatten();
    let mut all: Vec<&str> = Vec::new();
    for (_, pool) in pools {
        let says = |key: &str, word: &str| pool.get(key).and_then(Value::as_str) == Some(word);
        for (known, words) in [
            (says("compare", "characters"), "by characters"),
            (says("normalize", "english"), "with the English normaliser"),
        ] {
            if known && !all.contains(&words) {
                all.push(words);
            }
        }
    }
    all.iter().map(|words| format!(", {words}")).collect()
}
