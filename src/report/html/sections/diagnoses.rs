//! Symptoms and their likely causes.

use crate::report::html::page::Section;
use crate::report::html::source::PageSource;
use crate::report::html::table::{PageRow, PageTable};

/// The section of diagnoses; nothing where no symptom was found.
pub(crate) fn diagnoses(source: &PageSource<'_>) -> Option<Section> {
    let mut section = Section::new("causes", "Likely causes");
    let rows = source.view.diagnoses.iter();
    let rows = rows.map(|own| PageRow::new([own.evidence.as_str(), own.cause, own.look]));
    section.table(PageTable::new(
        "Symptoms, what they are signs of, and what to look at",
        &["what was seen", "likely cause", "what to look at"],
        rows.collect(),
        &source.budget,
    ));
    section.unless_empty()
}
