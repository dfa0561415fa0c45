//! How much an unchanged target varies.

use super::block::{side_by_side, wrapped};
use super::grid::{Grid, GridCell};
use super::paint::Paint;
use crate::report::sessions::CalibrationView;
use crate::report::text::Tone;

/// The table of the metrics, what would become of nights, and what to do.
pub(crate) fn calibration(view: &CalibrationView, paint: impl Into<Paint>) -> String {
    let paint: Paint = paint.into();
    let mut out = String::new();
    let used = view.plan.chars().count();
    out.push_str(&format!(
        "{}{}\n",
        paint.on(Tone::Strong, &view.plan),
        side_by_side(&view.facts, used, paint)
    ));
    for sentence in &view.left_out {
        wrapped(&mut out, paint, ("", Tone::Plain), (sentence, Tone::Dim));
    }
    let mut grid = Grid::new(0, &[0, 8]);
    let names = [
        "metric",
        "value",
        "runs ±",
        "sessions ±",
        "noise",
        "allowed",
        "seen",
        "red/100",
        "",
    ];
    grid.row(names.map(|name| GridCell::new(Tone::Dim, name)));
    for row in &view.rows {
        let plain = |text: &str| GridCell::new(Tone::Plain, text);
        grid.row([
            plain(&row.metric),
            plain(&row.value),
            plain(&row.within),
            plain(&row.between),
            GridCell::new(row.tone, &row.noise),
            plain(&row.allowed),
            plain(&row.seen),
            plain(&row.red),
            GridCell::new(
                Tone::Dim,
                if row.severity == "fail" {
                    ""
                } else {
                    row.severity
                },
            ),
        ]);
    }
    out.push('\n');
    grid.print(&mut out, paint);
    let legend = "±: standard deviation between the runs of a session, and between sessions; noise: the drift that noise alone reaches \
                  in one of twenty nights; seen: the change for the worse that is found in eight of ten nights; red/100: nights of 100 \
                  that fail by this metric alone though nothing has changed";
    wrapped(&mut out, paint, ("  ", Tone::Plain), (legend, Tone::Dim));
    out.push('\n');
    if !view.nights.is_empty() {
        wrapped(
            &mut out,
            paint,
            ("", Tone::Plain),
            (&view.nights, Tone::Plain),
        );
    }
    for sentence in &view.suspected {
        wrapped(&mut out, paint, ("? ", Tone::Warn), (sentence, Tone::Plain));
    }
    for sentence in &view.advice {
        wrapped(&mut out, paint, ("▲ ", Tone::Warn), (sentence, Tone::Plain));
    }
    if view.advice.is_empty() && view.suspected.is_empty() {
        wrapped(
            &mut out,
            paint,
            ("✓ ", Tone::Good),
            ("every tolerance is above the noise", Tone::Plain),
        );
    }
    if let Some(command) = &view.command {
        out.push_str(&format!("  {command}\n"));
    }
    out
}
