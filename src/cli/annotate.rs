//! What GitHub Actions is told: annotations, the step's summary and its outputs.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use super::console::Console;
use crate::gate::Verdict;
use crate::report::{View, annotations, line_in_baseline, markdown};

/// GitHub drops the summary of a step that is longer than a megabyte; this leaves room for others.
const LONGEST: usize = 200_000;

/// Where GitHub Actions runs this, tells it what was judged. What cannot be told is a warning and changes no exit code.
pub(crate) fn annotate(view: &View, verdict: &Verdict, folder: Option<&Path>, console: Console) {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    if variable("GITHUB_ACTIONS").as_deref() != Some("true") {
        return;
    }
    let text = baseline_text(verdict);
    let line = line_in_baseline(verdict, &text);
    for line in annotations(view, &line) {
        console.commands(&line);
    }
    let append = |name: &str, text: &str| {
        let Some(path) = variable(name) else { return };
        let written = OpenOptions::new()
            .append(true)
            .create(true)
            .open(&path)
            .and_then(|mut file| file.write_all(text.as_bytes()));
        if let Err(error) = written {
            console.say(&format!("warning: cannot write `{path}` ({name}): {error}"));
        }
    };
    let summary = markdown(view);
    if summary.len() <= LONGEST {
        append("GITHUB_STEP_SUMMARY", &format!("{summary}\n"));
    }
    let failed = view
        .thresholds
        .iter()
        .map(|threshold| threshold.word)
        .chain(view.comparisons.iter().map(|comparison| comparison.word));
    let failed = failed.filter(|word| *word == "FAIL").count();
    let mut outputs = format!(
        "verdict={}\nexit-code={}\nfailed={failed}\n",
        view.verdict.word, view.verdict.exit_code
    );
    if let Some(folder) = folder {
        outputs.push_str(&format!(
            "results={0}\nsummary={0}/summary.json\nreport={0}/report.html\n",
            folder.display()
        ));
    }
    append("GITHUB_OUTPUT", &outputs);
}

/// The text of the baseline file that was judged by; empty where it cannot be read.
pub(crate) fn baseline_text(verdict: &Verdict) -> String {
    let file = verdict.baseline.as_ref();
    file.and_then(|file| fs::read_to_string(file).ok())
        .unwrap_or_default()
}
