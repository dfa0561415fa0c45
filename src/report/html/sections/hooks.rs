//! What commands of the plan printed about a failure.

use crate::report::html::brief::brief;
use crate::report::html::page::Section;
use crate::report::html::source::PageSource;
use crate::report::html::table::{PageRow, PageTable};

/// The section of hooks; nothing where none has anything to say.
pub(crate) fn hooks(source: &PageSource<'_>) -> Option<Section> {
    let hooks = &source.view.hooks;
    let budget = &source.budget;
    let mut section = Section::new("hooks", "What the hooks printed");
    for output in &hooks.outputs {
        let row = |line: &String| PageRow::new([line.as_str()]);
        section.folded(PageTable::new(
            brief(&output.title, budget.letters),
            &["output"],
            output.lines.iter().map(row).collect(),
            budget,
        ));
    }
    section.unless_empty()
}
