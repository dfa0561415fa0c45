//! The commands that make, judge and record this session again.

use super::brief::brief;
use super::page::{Block, Entry, Section};
use super::source::Source;
use crate::diag::shell_word;
use crate::report::clean;
use crate::summary::Summary;

/// Longer commands are not shown: nobody types them.
const LETTERS: usize = 400;

/// Runs the same plan again; empty where there is no plan.
pub(super) fn run_command(summary: &Summary) -> String {
    if summary.plan.file.is_empty() || summary.side.is_some() {
        return String::new();
    }
    let presets = summary.presets.iter().map(|preset| format!(" --preset {}", word(preset)));
    format!("perfgate run {}{}", word(&summary.plan.file), presets.collect::<String>())
}

/// Records this session in the baseline; empty where there is no plan.
pub(super) fn update_command(summary: &Summary) -> String {
    if summary.plan.file.is_empty() || summary.side.is_some() {
        return String::new();
    }
    format!("perfgate update-baseline {} --from {} --reason \"WHY\"", word(&summary.plan.file), folder(summary))
}

/// Where a session is written unless another folder was named.
fn folder(summary: &Summary) -> String {
    word(&format!("results/{}/{}", summary.plan.name, summary.session))
}

/// What a shell takes for one word.
fn word(text: &str) -> String {
    shell_word(&brief(&clean(text), LETTERS)).into_owned()
}

/// The section of the commands.
pub(super) fn reproduce(source: &Source<'_>) -> Option<Section> {
    let summary = source.summary;
    if summary.plan.file.is_empty() || summary.side.is_some() {
        return None;
    }
    let mut section = Section::new("reproduce", "How to do it again");
    let seed = format!("{} --seed {}", run_command(summary), summary.seed);
    section.blocks.push(Block::Commands(vec![
        Entry::new("Run the same plan with the same arrivals and picks:", seed),
        Entry::new(
            "Judge this session again, for example with another baseline:",
            format!("perfgate check {}", folder(summary)),
        ),
        Entry::new("Record it as what is normal:", update_command(summary)),
    ]));
    section.paragraph(
        "If the session was written elsewhere with --out, name that folder. Give every --set of the session again: \
         `plan.effective` in summary.json has the values that were used.",
    );
    Some(section)
}
