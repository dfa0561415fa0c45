//! Metrics against the baseline.

use super::block::wrapped;
use super::grid::{Cell, Grid};
use super::paint::Paint;
use super::render::Detail;
use crate::report::text::Tone;
use crate::report::view::{ComparisonView, View};

/// Up to so many metrics are all listed.
const LISTED: usize = 8;

/// The table of what is compared, with a sentence for all that does not simply pass.
pub(crate) fn comparisons(out: &mut String, view: &View, detail: Detail, paint: Paint) {
    let all = view.comparisons.as_slice();
    if all.is_empty() {
        return;
    }
    out.push('\n');
    let every = detail == Detail::Verbose || all.len() <= LISTED;
    let shown = |one: &&ComparisonView| every || !one.quiet;
    let mut grid = Grid::new(0, &[0, 1, 6, 7]);
    grid.row(
        [
            "",
            "against the baseline",
            "now",
            "then",
            "change",
            "allowed",
            "",
            "",
        ]
        .map(|name| Cell::new(Tone::Dim, name)),
    );
    for one in all.iter().filter(shown) {
        grid.row([
            Cell::new(one.tone, one.shape),
            Cell::new(Tone::Plain, &one.metric),
            Cell::new(Tone::Plain, &one.value),
            Cell::new(Tone::Plain, &one.baseline),
            Cell::new(Tone::Plain, &one.change),
            Cell::new(Tone::Plain, &one.allowed),
            Cell::new(one.tone, one.word),
            Cell::new(Tone::Dim, one.notes.join(", ")),
        ]);
    }
    if all.iter().any(|one| shown(&one)) {
        grid.print(out, paint);
    }
    let quiet = all.iter().filter(|one| one.quiet).count();
    if !every && quiet > 0 {
        out.push_str(&format!(
            "{} {quiet} within their tolerance (-v lists them)\n",
            paint.on(Tone::Good, "✓")
        ));
    }
    for one in all
        .iter()
        .filter(|one| detail == Detail::Verbose || !one.quiet)
    {
        let lead = format!("   {}: ", one.metric);
        wrapped(
            out,
            paint,
            ("   ", Tone::Dim),
            (
                &format!("{}{}", lead.trim_start(), one.sentence),
                Tone::Plain,
            ),
        );
    }
}
