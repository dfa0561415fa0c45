//! What help says out of the tables of the program.

use super::examples;
use crate::gate::ExitCode;
use crate::report::Format;
use crate::run::EVIDENCE;

const WIDTH: usize = 95;

/// The examples, and below them what the exit codes mean.
pub(crate) fn perfgate_help() -> String {
    let mut text = format!("{}\n\nExit codes:\n", examples::PERFGATE);
    for code in ExitCode::ALL {
        let lines = wrapped(code.meaning(), WIDTH);
        text.push_str(&format!(
            "  {:<5}{}\n",
            code.number(),
            lines.join("\n       ")
        ));
    }
    text.trim_end().to_owned()
}

/// What `-h` shows of a text below the options: its examples.
pub(crate) fn short_help(text: &str) -> String {
    text.split("\n\n").next().unwrap_or_default().to_owned()
}

/// What `run` reads and writes.
pub(crate) fn run_help() -> String {
    let files: Vec<&str> = EVIDENCE.into_iter().chain(Format::files()).collect();
    examples::RUN.replace("{files}", &listed(&files))
}

/// What `report` reads and writes.
pub(crate) fn report_help() -> String {
    let files: Vec<&str> = Format::files().collect();
    examples::REPORT.replace("{reports}", &listed(&files))
}

/// `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let end = lines.len() - 1;
        if lines[end].is_empty() {
            lines[end] = word.to_owned();
        } else if lines[end].len() + 1 + word.len() <= width {
            lines[end].push(' ');
            lines[end].push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
