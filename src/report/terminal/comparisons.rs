//! Metrics against the baseline.

use super::block::wrapped;
use super::detail::Detail;
use super::grid::{Grid, GridCell};
use super::paint::Paint;
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
    let shown = |comparison: &&ComparisonView| every || !comparison.quiet;
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
        .map(|name| GridCell::new(Tone::Dim, name)),
    );
    for one in all.iter().filter(shown) {
        grid.row([
            GridCell::new(one.tone, one.shape),
            GridCell::new(Tone::Plain, &one.metric),
            GridCell::new(Tone::Plain, &one.value),
            GridCell::new(Tone::Plain, &one.baseline),
            GridCell::new(Tone::Plain, &one.change),
            GridCell::new(Tone::Plain, &one.allowed),
            GridCell::new(one.tone, one.word),
            GridCell::new(Tone::Dim, one.notes.join(", ")),
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
