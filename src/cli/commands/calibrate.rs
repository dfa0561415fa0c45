//! `perfgate calibrate`: whether tolerances are above the noise of a target that does not change.

use std::path::PathBuf;

use super::check::by_plan;
use super::run::COULD_NOT_RUN;
use super::validate::WRONG;
use crate::cli::arguments::Calibrate;
use crate::cli::console::Console;
use crate::gate::baseline::Compared;
use crate::gate::calibrate::Calibration;
use crate::report::{CalibrationView, terminal};
use crate::run::{Reference, sessions_below};
use crate::summary::Summary;

/// Where sessions are looked for when nobody says.
const RESULTS: &str = "results";
/// The exit code where there are too few sessions to say anything.
const NOT_USABLE: u8 = 4;

pub(crate) fn calibrate(arguments: &Calibrate, console: Console) -> u8 {
    let paths = if arguments.paths.is_empty() {
        vec![PathBuf::from(RESULTS)]
    } else {
        arguments.paths.clone()
    };
    let mut sessions = Vec::new();
    for path in paths
        .iter()
        .filter(|path| !arguments.paths.is_empty() || path.is_dir())
    {
        match sessions_below(path) {
            Ok(found) => sessions.extend(found),
            Err(error) => {
                console.error(&error.to_string());
                return WRONG;
            }
        }
    }
    let (mut plans, mut worst) = by_plan(&sessions, console);
    // One of two targets that were compared is no session of its own.
    plans
        .iter_mut()
        .for_each(|sessions| sessions.retain(|own| own.side.is_none() && own.origin.is_none()));
    plans.retain(|sessions| !sessions.is_empty());
    if plans.is_empty() && worst == 0 {
        console.error(
            "there is no session: make some with `perfgate run PLAN --sessions 8 --every 1h`",
        );
        return WRONG;
    }
    let codes: Vec<u8> = plans
        .iter()
        .map(|sessions| one(sessions, arguments, console))
        .collect();
    // Of several plans those that can be calibrated are enough.
    let enough = codes.contains(&0);
    worst = codes
        .into_iter()
        .filter(|code| !(enough && *code == NOT_USABLE))
        .fold(worst, u8::max);
    worst
}

/// The sessions of one plan; the exit code.
fn one(sessions: &[Summary], arguments: &Calibrate, console: Console) -> u8 {
    let newest = &sessions[sessions.len() - 1];
    let reference = match Reference::find(
        &newest.plan.name,
        &newest.yardstick,
        arguments.baseline.as_deref(),
    ) {
        Ok(reference) => reference,
        Err(error) => {
            console.error(&error.to_string());
            return WRONG;
        }
    };
    let of_plan = Compared::of_plan(newest);
    let (compared, file) = match &reference {
        Reference::Baseline(file, baseline) => (&baseline.metrics, Some(file.as_str())),
        Reference::Nothing | Reference::Absent(_) | Reference::Guide(..) => (&of_plan, None),
    };
    let Some(calibration) = Calibration::of(compared, sessions, &newest.yardstick.r#match) else {
        console.say(&format!(
            "two sessions of `{}` that did the same work on the same class of machine are the least: `perfgate run {} --sessions 8 --every 1h` makes some",
            newest.plan.name, newest.plan.file
        ));
        return NOT_USABLE;
    };
    let view = CalibrationView::of(&newest.plan.name, &newest.plan.file, file, &calibration);
    if console.result(&terminal::calibration(&view, console.colour_out())) {
        0
    } else {
        COULD_NOT_RUN
    }
}
