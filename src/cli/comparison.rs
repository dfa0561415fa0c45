//! `perfgate report A B` and `perfgate report FOLDER`: sessions held against each other.

use std::path::Path;

use super::arguments::{Format, Report};
use super::commands::WRONG;
use super::commands::graver;
use super::console::Console;
use super::sheets::{Sheets, shown};
use crate::report::{Sequence, sequence_html, versus, versus_html};
use crate::run::Lineup;
use crate::summary::Summary;

/// The files that are written beside the later session.
const FILES: [&str; 2] = ["comparison.html", "comparison.md"];

/// Shows what changed from the first to the second; `place` is where the second one is.
pub(crate) fn compared(
    then: &Summary,
    now: &Summary,
    place: &Path,
    arguments: &Report,
    console: Console,
) -> u8 {
    let sheet = versus(then, now);
    let html = || versus_html(then, now).map_err(|error| error.to_string());
    shown(
        &Sheets {
            sheet: &sheet,
            html: &html,
            files: FILES.map(str::to_owned),
            place,
        },
        arguments,
        console,
    )
}

/// Shows sessions over time, or over the variable in which they differ, plan by plan.
pub(crate) fn side_by_side(lineup: &Lineup, arguments: &Report, console: Console) -> u8 {
    lineup.errors.iter().for_each(|error| console.error(error));
    let mut worst = if lineup.errors.is_empty() { 0 } else { WRONG };
    let families: Vec<_> = lineup
        .families
        .iter()
        .filter(|family| family.len() > 1)
        .collect();
    for family in lineup.families.iter().filter(|family| family.len() == 1) {
        console.say(&format!(
            "note: `{}` is the only session of its plan",
            family[0].0.display()
        ));
    }
    let place = arguments
        .sessions
        .iter()
        .find(|path| path.is_dir() && !path.join("summary.json").is_file());
    let place = place.map_or(Path::new("."), |path| path.as_path());
    for family in &families {
        let name = |end: &str| match families.len() {
            1 => format!("sessions.{end}"),
            _ => format!(
                "sessions-{}.{end}",
                family[0].1.summary.plan.name.replace(['/', '\\'], "-")
            ),
        };
        let all = Sequence::of(family.iter().map(|(_, own)| own.clone()).collect());
        let html = || sequence_html(&all).map_err(|error| error.to_string());
        let sheets = Sheets {
            sheet: &all.sheet,
            html: &html,
            files: [name("html"), name("md")],
            place,
        };
        worst = graver(worst, shown(&sheets, arguments, console));
    }
    worst
}

impl Report {
    /// Whether what was asked for can be said of several sessions.
    pub(crate) fn fits_several(&self) -> Result<(), String> {
        match self.format {
            Some(Format::Json | Format::Clients | Format::Junit | Format::Metrics | Format::Annotations) => {
                Err("of several sessions there is text, HTML and Markdown; --together judges them as one".to_owned())
            }
            _ if self.baseline.is_some() => {
                Err("--baseline judges sessions: several of them only with --together".to_owned())
            }
            _ => Ok(()),
        }
    }
}
