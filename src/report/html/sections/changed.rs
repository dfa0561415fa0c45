//! What differs from the recorded session besides the numbers.

use crate::report::html::page::Section;
use crate::report::html::source::PageSource;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::sessions::{Circumstances, Difference};
use crate::report::text::clean;

/// The section of what changed; nothing where nothing did, or where nothing is recorded.
pub(crate) fn changed(source: &PageSource<'_>) -> Option<Section> {
    let then = source.then?;
    let old = then.recorded;
    let rows = Circumstances::from(source.summary).since(&Circumstances::from(old));
    if rows.is_empty() {
        return None;
    }
    let mut section = Section::new("changed", "What changed besides the numbers");
    let which = if then.comparable {
        "newest comparable session"
    } else {
        "newest session of the baseline, which is not comparable:"
    };
    section.paragraph(format!(
        "Compared with the {which} {}, recorded because: {}. What is not listed is the same.",
        crate::report::html::brief::brief(&clean(&old.session), source.budget.letters),
        crate::report::html::brief::brief(&clean(&old.reason), source.budget.letters)
    ));
    let row = |difference: &Difference| {
        PageRow::new([&difference.what, &difference.then, &difference.now].map(String::as_str))
    };
    let rows = rows.iter().map(row).collect();
    section.table(PageTable::new(
        "What differs",
        &["what", "then", "now"],
        rows,
        &source.budget,
    ));
    Some(section)
}
