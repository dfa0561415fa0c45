//! `perfgate calibrate`: whether tolerances are above the noise of a target that does not change.

use std::path::PathBuf;

use crate::cli::arguments::Calibrate;
use crate::cli::console::Console;
use crate::cli::failure::{CommandFailure, Ended};
use crate::cli::stored_sessions::by_plan;
use crate::gate::ExitCode;
use crate::gate::baseline::MetricPolicy;
use crate::gate::calibrate::Calibration;
use crate::report::{CalibrationView, terminal};
use crate::run::{Reference, sessions_below};
use crate::summary::Summary;

/// Where sessions are looked for when nobody says.
const RESULTS: &str = "results";

pub(crate) fn calibrate(arguments: &Calibrate, console: Console) -> Ended {
    let mut paths = arguments.paths.clone();
    if paths.is_empty() {
        paths.extend(Some(PathBuf::from(RESULTS)).filter(|path| path.is_dir()));
    }
    let mut sessions = Vec::new();
    for path in &paths {
        sessions.extend(sessions_below(path).map_err(CommandFailure::usage)?);
    }
    let (mut plans, mut worst) = by_plan(&sessions, console);
    // One of two targets that were compared is no session of its own.
    for sessions in &mut plans {
        sessions.retain(|session| session.side.is_none() && session.origin.is_none());
    }
    plans.retain(|sessions| !sessions.is_empty());
    if plans.is_empty() && worst == ExitCode::Success {
        return Err(CommandFailure::usage(
            "there is no session: make some with `perfgate run PLAN --sessions 8 --every 1h`",
        ));
    }
    let codes: Vec<ExitCode> = plans
        .iter()
        .map(|sessions| console.settle(of_plan(sessions, arguments, console)))
        .collect();
    // Of several plans those that can be calibrated are enough.
    let enough = codes.contains(&ExitCode::Success);
    for code in codes {
        if !(enough && code == ExitCode::NoEvidence) {
            worst = worst.graver(code);
        }
    }
    Ok(worst)
}

fn of_plan(sessions: &[Summary], arguments: &Calibrate, console: Console) -> Ended {
    let newest = &sessions[sessions.len() - 1];
    let named = arguments.baseline.as_deref();
    let reference = Reference::find(&newest.plan.name, &newest.comparison, named)
        .map_err(CommandFailure::usage)?;
    let of_plan = MetricPolicy::of_plan(newest);
    let (compared, file) = match &reference {
        Reference::Baseline(file, baseline) => (&baseline.metrics, Some(file.as_str())),
        Reference::Nothing | Reference::Absent(_) | Reference::Guide(..) => (&of_plan, None),
    };
    let Some(calibration) = Calibration::of(compared, sessions, &newest.comparison.r#match) else {
        console.say(&format!(
            "two sessions of `{}` that did the same work on the same class of machine are the least: `perfgate run {} --sessions 8 --every 1h` makes some",
            newest.plan.name, newest.plan.file
        ));
        return Ok(ExitCode::NoEvidence);
    };
    let view = CalibrationView::of(&newest.plan.name, &newest.plan.file, file, &calibration);
    Ok(console.print(&terminal::calibration(&view, console.paint_out())))
}
