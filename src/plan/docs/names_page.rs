//! The part of the page about plans that is about names: what `{{ }}` knows, what may be named how, and what rules compare.

use crate::flow::{OF_CLIP, OF_ITERATION};
use crate::metric::KINDS;

const VALUES: &str = "
## Names in `{{ }}`

A value that is one `{{name}}` and nothing else has the type of what it stands for; else texts are put together. Names and
numbers may be added and multiplied, `*` before `+`: `{{30 * workers}}`, `{{minutes + 1}}`. `{{{{` is a literal `{{`.

Known before a load starts, and so in every value of the plan:

| name | is |
|---|---|
| a key of `[vars]`, `[secrets]` | its value; a preset or `--set` replaces that of a variable |
| `plan` | the plan's name |
| `preset` | the names of the presets that were taken, joined by `+`; `default` without any |
| `phase` | the name of the phase; in a plan without phases the plan's |

Known in an iteration, and so in flows, `target.headers`, `target.auth` and `tags` only:

| name | is |
|---|---|
| a key of `capture` | what the step captured, in every later step of the iteration; of a step with `once`, in every iteration |
| `as` of a `repeat` | which repetition it is, from 0 |
| `NAME.column` | the cell of this iteration's row, of the table `[data.NAME]` |
";

/// What each name of an iteration is.
const ITERATION: [(&str, &str); 4] = [
    ("vu", "the number of the virtual user in its load, from 1"),
    (
        "iteration",
        "the number of the iteration in its load, from 0",
    ),
    ("uuid", "a UUID, another in every iteration"),
    (
        "now",
        "the time of day when the iteration began, as 2026-11-22T02:00:00Z",
    ),
];

/// What each name of the clip is that an iteration sends, of the pool `[audio.POOL]`.
const CLIP: [(&str, &str); 6] = [
    ("name", "the file's name"),
    ("seconds", "its length, a number"),
    ("bytes", "the size of its WAV file, a number"),
    ("base64", "the WAV file in base64"),
    ("text", "its reference text, where it has one"),
    (
        "length",
        "`short` (below 3 s), `medium` (below 10 s) or `long`",
    ),
];

const ENVIRONMENT: &str = "
`${NAME}` and `${NAME:-default}` are taken from the environment before anything else, in values only, and what they are filled
with is not read again. `$${` is a literal `${`.
";

const NAMING: &str = "
## Names that people choose

Names begin with a small letter and go on with small letters, digits, `_` and `-`. A phase, a load and a step in it are never
called the same, since a rule could not tell them apart. A step cannot be named like a metric either:
";

const RULES: &str = "
## What rules compare

A bound compares one metric with a value that has the metric's unit, or with another metric, or with so many times another:
`tts.latency.p95 = \"< 1.5 * asr.latency.p95\"`. Metrics are not added up: what several steps take together is the `latency` of
the load, and of a job its `total`. Sums and products of plain numbers are possible, since a bound is filled in like every value:
`throughput = \"> {{5 * workers}}/s\"`.
";

/// The part as Markdown.
pub(in crate::plan) fn names() -> String {
    let mut text = VALUES.to_owned();
    let said = |all: &[(&'static str, &'static str)], name: &str| {
        all.iter()
            .find(|(own, _)| *own == name)
            .map_or("", |(_, said)| *said)
    };
    for name in OF_ITERATION {
        text.push_str(&format!("| `{name}` | {} |\n", said(&ITERATION, name)));
    }
    for name in OF_CLIP {
        text.push_str(&format!(
            "| `POOL.{name}` | of the clip that is sent: {} |\n",
            said(&CLIP, name)
        ));
    }
    text.push_str(ENVIRONMENT);
    text.push_str(NAMING);
    let mut reserved: Vec<&str> = KINDS
        .iter()
        .filter_map(|kind| kind.name.split('.').next())
        .collect();
    reserved.sort_unstable();
    reserved.dedup();
    let mut line = String::new();
    for (at, name) in reserved.iter().enumerate() {
        let word = format!(
            "`{name}`{}",
            if at + 1 == reserved.len() { "." } else { "," }
        );
        if line.len() + word.len() > 119 {
            text.push_str(line.trim_end());
            text.push('\n');
            line.clear();
        }
        line.push_str(&word);
        line.push(' ');
    }
    text.push_str(line.trim_end());
    text.push('\n');
    text + RULES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_an_iteration_and_every_reserved_one_is_told() {
        let page = names();
        for name in OF_ITERATION.iter().copied().chain(OF_CLIP) {
            let row = page
                .lines()
                .find(|line| line.contains(&format!("{name}` |")))
                .unwrap_or_else(|| panic!("{name}"));
            assert!(
                row.len() > name.len() + 20 && !row.contains("|  |") && !row.ends_with(": |"),
                "{row}"
            );
        }
        for kind in KINDS {
            let first = kind.name.split('.').next().unwrap();
            assert!(
                page.contains(&format!("`{first}`,")) || page.contains(&format!("`{first}`.")),
                "{first}"
            );
        }
    }
}
