//! Stored sessions that were named on the command line.

use std::path::PathBuf;

use super::console::Console;
use crate::gate::ExitCode;
use crate::run::stored;
use crate::summary::Summary;

/// The sessions that can be read, by plan, each plan's in the order of their start; and how reading them ended.
pub(crate) fn by_plan(paths: &[PathBuf], console: Console) -> (Vec<Vec<Summary>>, ExitCode) {
    let (mut plans, mut worst): (Vec<Vec<Summary>>, _) = (Vec::new(), ExitCode::Success);
    for path in paths {
        let summary = match stored(path) {
            Ok(summary) => summary,
            Err(error) => {
                console.error(&error.to_string());
                worst = ExitCode::Usage;
                continue;
            }
        };
        let same_plan = |plan: &&mut Vec<Summary>| plan[0].plan.name == summary.plan.name;
        match plans.iter_mut().find(same_plan) {
            // The same session twice is one session.
            Some(plan) if plan.iter().any(|known| known.is_same_session(&summary)) => {}
            Some(plan) => plan.push(summary),
            None => plans.push(vec![summary]),
        }
    }
    for plan in &mut plans {
        plan.sort_by(|a, b| a.started.cmp(&b.started));
    }
    (plans, worst)
}
