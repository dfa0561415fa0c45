//! Metrics over sessions.

use super::block::{side_by_side, wrapped};
use super::detail::Detail;
use super::grid::{Grid, GridCell};
use super::paint::Paint;
use crate::report::sessions::{TrendRow, TrendView};
use crate::report::text::Tone;

const LEGEND: &str = "slope: from each session to the next; p: how likely chance alone makes such a trend; drift: worse than the \
                      baseline for so long that chance does not explain it, by a cumulative sum over the sessions after it";

/// Every plan with its metrics; with [`Detail::Quiet`] whether anything drifts, and nothing else.
pub(crate) fn trends(views: &[TrendView], detail: Detail, paint: impl Into<Paint>) -> String {
    let paint: Paint = paint.into();
    let mut out = String::new();
    for (at, view) in views.iter().enumerate() {
        let conclusion = format!("{} {}", view.shape, view.conclusion);
        if detail == Detail::Quiet {
            out.push_str(&format!(
                "{}: {}\n",
                view.plan,
                paint.on(view.tone, &conclusion)
            ));
            continue;
        }
        if at > 0 {
            out.push('\n');
        }
        let (plan, used) = (
            paint.on(Tone::Strong, &view.plan),
            view.plan.chars().count(),
        );
        out.push_str(&format!(
            "{plan}{}\n",
            side_by_side(&view.facts, used, paint)
        ));
        if let Some(left_out) = &view.left_out {
            wrapped(&mut out, paint, ("", Tone::Plain), (left_out, Tone::Dim));
        }
        table(&mut out, &view.rows, paint);
        if !view.rows.is_empty() {
            wrapped(&mut out, paint, ("  ", Tone::Plain), (LEGEND, Tone::Dim));
        }
        for drift in &view.drifts {
            wrapped(&mut out, paint, ("▲ ", Tone::Warn), (drift, Tone::Plain));
        }
        wrapped(&mut out, paint, ("", Tone::Plain), (&conclusion, view.tone));
    }
    out
}

fn table(out: &mut String, rows: &[TrendRow], paint: Paint) {
    if rows.is_empty() {
        return;
    }
    let compared = rows.iter().any(|row| !row.drift.is_empty());
    let only = |name: &'static str| if compared { name } else { "" };
    let mut grid = Grid::new(0, &[0, 8, 9]);
    let names = [
        "metric",
        "sessions",
        "first",
        "last",
        only("baseline"),
        only("change"),
        "slope",
        "p",
        only("drift"),
        "",
    ];
    grid.row(names.map(|name| GridCell::new(Tone::Dim, name)));
    for row in rows {
        let plain = |text: &str| GridCell::new(Tone::Plain, text);
        grid.row([
            plain(&row.metric),
            plain(&row.sessions),
            plain(&row.first),
            plain(&row.last),
            plain(&row.baseline),
            plain(&row.change),
            plain(&row.slope),
            plain(&row.p),
            GridCell::new(if row.drifts { Tone::Warn } else { Tone::Dim }, &row.drift),
            GridCell::new(Tone::Dim, &row.chart),
        ]);
    }
    grid.print(out, paint);
}
