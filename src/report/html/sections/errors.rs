//! Every error in groups.

use crate::report::html::page::Section;
use crate::report::html::source::PageSource;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::view::ErrorView;

/// The section of errors; nothing where there were none.
pub(crate) fn faults(source: &PageSource<'_>) -> Option<Section> {
    let errors = &source.view.errors;
    let row = |error: &ErrorView| {
        let count = error.count.to_string();
        let parts = [
            &error.load,
            &error.step,
            &error.class,
            &error.first,
            &error.last,
            &error.message,
        ];
        PageRow::new(std::iter::once(count).chain(parts.map(Clone::clone)))
    };
    let columns = [
        "#count",
        "load",
        "step",
        "class",
        "#first seen",
        "#last seen",
        "message of the first",
    ];
    let rows = errors.groups.iter().map(row).collect();
    let caption = "Errors in groups, most frequent first; messages that differ only in their numbers are one group";
    let mut section = Section::new("errors", "Errors");
    section.table(PageTable::new(caption, &columns, rows, &source.budget));
    if let Some(beyond) = &errors.beyond {
        section.paragraph(beyond.as_str());
    }
    section.unless_empty()
}
