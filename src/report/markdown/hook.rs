//! What a command printed, in Markdown.

use serde::Serialize;

use super::clip::clip;
use crate::report::view::HookOutput;

/// Lines of it that are shown.
const LINES: usize = 40;

#[derive(Serialize)]
pub(super) struct HookText {
    title: String,
    lines: Vec<String>,
}

impl HookText {
    pub(super) fn of(output: &HookOutput) -> Self {
        let left_out = output.lines.len().saturating_sub(LINES);
        let lines = output.lines[left_out..].iter();
        Self {
            title: clip(&output.title),
            lines: lines.map(|line| clip(line)).collect(),
        }
    }
}
