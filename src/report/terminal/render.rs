//! The order of the blocks.

use super::block::{side_by_side, wrapped};
use super::comparisons::comparisons;
use super::conversations::conversations;
use super::detail::Detail;
use super::grid::{Grid, GridCell};
use super::load::load;
use super::metrics::metrics;
use super::monitors::monitors;
use super::paint::Paint;
use super::sweeps::sweeps;
use crate::gate::{ExitCode, Mark};
use crate::report::text::Tone;
use crate::report::view::{ErrorsView, HooksView, ValidityView, View};

/// Up to so many thresholds are all listed.
const LISTED: usize = 8;
/// More groups of errors than this are only counted, unless all are wanted.
const GROUPS: usize = 10;

/// Lines of what a hook printed, unless all are wanted.
const LINES: usize = 10;

/// The view as lines, the last one is the verdict. `paint`: whether ANSI colours repeat what words and shapes say, and how wide lines are.
#[must_use]
pub fn render(view: &View, detail: Detail, paint: impl Into<Paint>) -> String {
    let paint: Paint = paint.into();
    let mut out = String::new();
    if detail != Detail::Quiet {
        title(&mut out, view, paint);
        sweeps(&mut out, &view.sweeps, paint);
        let listed = view
            .loads
            .iter()
            .filter(|load| !load.is_point || detail == Detail::Verbose);
        for measured in listed {
            out.push('\n');
            if let Some(heading) = &measured.heading {
                wrapped(&mut out, paint, ("── ", Tone::Dim), (heading, Tone::Strong));
            }
            load(&mut out, measured, view.loads.len() > 1, detail, paint);
        }
        metrics(&mut out, &view.metrics, detail, paint);
        monitors(&mut out, &view.monitors, paint);
        if let (Some(all), Detail::Verbose) = (&view.conversations, detail) {
            conversations(&mut out, all, paint);
        }
        errors(&mut out, &view.errors, detail, paint);
        hooks(&mut out, &view.hooks, detail, paint);
        comparisons(&mut out, view, detail, paint);
        thresholds(&mut out, view, detail, paint);
        out.push('\n');
        validity(&mut out, &view.validity, paint);
        for diagnosis in &view.diagnoses {
            let line = diagnosis.line();
            wrapped(&mut out, paint, ("→ ", Tone::Warn), (&line, Tone::Plain));
        }
        for warning in &view.warnings {
            wrapped(&mut out, paint, ("▲ ", Tone::Warn), (warning, Tone::Plain));
        }
        out.push('\n');
        next(&mut out, view, paint);
    }
    verdict_line(&mut out, view, paint);
    out
}

/// What several sessions come to when they are judged together, without what each of them measured.
pub(crate) fn judgement(view: &View, detail: Detail, paint: impl Into<Paint>) -> String {
    let paint: Paint = paint.into();
    let mut out = String::new();
    if detail != Detail::Quiet {
        wrapped(
            &mut out,
            paint,
            ("", Tone::Plain),
            (&view.baseline, Tone::Strong),
        );
        comparisons(&mut out, view, detail, paint);
        thresholds(&mut out, view, detail, paint);
        out.push('\n');
        next(&mut out, view, paint);
    }
    verdict_line(&mut out, view, paint);
    out
}

/// What may be typed next, of a verdict that asks for something.
fn next(out: &mut String, view: &View, paint: Paint) {
    if view.verdict.exit_code == ExitCode::Success || view.verdict.only.is_some() {
        return;
    }
    let asked = view
        .next
        .iter()
        .filter(|step| step.asked && !step.command.is_empty());
    let mut any = false;
    for step in asked {
        wrapped(out, paint, ("", Tone::Plain), (&step.why, Tone::Dim));
        out.push_str(&format!("  {}\n", step.command));
        any = true;
    }
    if any {
        out.push('\n');
    }
}

fn verdict_line(out: &mut String, view: &View, paint: Paint) {
    let verdict = &view.verdict;
    let line = verdict.line();
    let rest = line.strip_prefix(verdict.word).unwrap_or(&line);
    out.push_str(&format!("{}{rest}\n", paint.on(verdict.tone, verdict.word)));
}

fn title(out: &mut String, view: &View, paint: Paint) {
    let mark = format!("{} {}", view.verdict.shape, view.verdict.word);
    let used = mark.chars().count() + 2 + view.plan.chars().count();
    let (mark, plan) = (
        paint.on(view.verdict.tone, &mark),
        paint.on(Tone::Strong, &view.plan),
    );
    out.push_str(&format!(
        "{mark}  {plan}{}\n",
        side_by_side(&view.facts, used, paint)
    ));
    if !view.description.is_empty() {
        wrapped(
            out,
            paint,
            ("", Tone::Plain),
            (&view.description, Tone::Plain),
        );
    }
    if !view.labels.is_empty() {
        wrapped(out, paint, ("", Tone::Plain), (&view.labels, Tone::Dim));
    }
    wrapped(out, paint, ("", Tone::Plain), (&view.baseline, Tone::Dim));
    if let Some(why) = &view.interrupted {
        wrapped(out, paint, ("▲ ", Tone::Warn), (why, Tone::Plain));
    }
}

fn errors(out: &mut String, errors: &ErrorsView, detail: Detail, paint: Paint) {
    if errors.groups.is_empty() && errors.beyond.is_none() {
        return;
    }
    out.push_str(&format!("\n{}\n", paint.on(Tone::Strong, "errors")));
    let every = detail == Detail::Verbose;
    let shown = if every {
        errors.groups.len()
    } else {
        GROUPS.min(errors.groups.len())
    };
    for group in &errors.groups[..shown] {
        let (count, message) = group.line.split_once(' ').unwrap_or((&group.line, ""));
        let lead = format!("  {count} ");
        wrapped(out, paint, (&lead, Tone::Bad), (message, Tone::Plain));
        out.push_str(&format!(
            "{}{}\n",
            " ".repeat(lead.chars().count()),
            paint.on(Tone::Dim, &group.place)
        ));
    }
    if shown < errors.groups.len() {
        out.push_str(&format!(
            "  {} more kinds (-v lists them)\n",
            errors.groups.len() - shown
        ));
    }
    if let Some(beyond) = &errors.beyond {
        out.push_str(&format!("  {beyond}\n"));
    }
}

/// What hooks printed about a failure.
fn hooks(out: &mut String, hooks: &HooksView, detail: Detail, paint: Paint) {
    for output in &hooks.outputs {
        out.push_str(&format!("\n{}\n", paint.on(Tone::Strong, &output.title)));
        let most = if detail == Detail::Verbose {
            output.lines.len()
        } else {
            LINES
        };
        let left_out = output.lines.len().saturating_sub(most);
        if left_out > 0 {
            out.push_str(&format!("  {left_out} lines before (-v shows them)\n"));
        }
        for line in &output.lines[left_out..] {
            out.push_str(&format!("  {line}\n"));
        }
    }
}

fn thresholds(out: &mut String, view: &View, detail: Detail, paint: Paint) {
    let all = view.thresholds.as_slice();
    out.push('\n');
    if all.is_empty() {
        out.push_str(&paint.on(Tone::Dim, "no thresholds: nothing to judge\n"));
        return;
    }
    let every = detail == Detail::Verbose || all.len() <= LISTED;
    let mut grid = Grid::new(0, &[0, 1, 3, 4, 5]);
    grid.row(["", "threshold", "value", "bound"].map(|name| GridCell::new(Tone::Dim, name)));
    for one in all.iter().filter(|one| every || one.mark != Mark::Pass) {
        let mut notes = one.notes.clone();
        notes.extend(one.place.clone().filter(|_| detail == Detail::Verbose));
        grid.row([
            GridCell::new(one.tone, one.shape),
            GridCell::new(Tone::Plain, &one.metric),
            GridCell::new(Tone::Plain, &one.value),
            GridCell::new(Tone::Plain, &one.bound),
            GridCell::new(one.tone, one.word),
            GridCell::new(Tone::Dim, notes.join(", ")),
        ]);
    }
    let held = all.iter().filter(|one| one.mark == Mark::Pass).count();
    // Without a row there is nothing for a heading to head.
    if every || held < all.len() {
        grid.print(out, paint);
    }
    if !every && held > 0 {
        let more = if held < all.len() { " more" } else { "" };
        out.push_str(&format!(
            "{} {held}{more} hold (-v lists them)\n",
            paint.on(Tone::Good, "✓")
        ));
    }
    let shown = all.iter().filter(|one| every || one.mark != Mark::Pass);
    let mut footnotes: Vec<&String> = Vec::new();
    for note in shown.filter_map(|one| one.footnote.as_ref()) {
        if !footnotes.contains(&note) {
            footnotes.push(note);
            wrapped(out, paint, ("   ", Tone::Plain), (note, Tone::Dim));
        }
    }
}

fn validity(out: &mut String, validity: &ValidityView, paint: Paint) {
    wrapped(
        out,
        paint,
        (&format!("{} ", validity.shape), validity.tone),
        (&validity.line, Tone::Plain),
    );
    for reason in &validity.reasons {
        wrapped(out, paint, ("  - ", Tone::Bad), (reason, Tone::Plain));
    }
    for note in &validity.notes {
        wrapped(out, paint, ("  note: ", Tone::Dim), (note, Tone::Plain));
    }
}
