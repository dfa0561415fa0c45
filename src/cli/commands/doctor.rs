//! `perfgate doctor`.

use crate::cli::arguments::Doctor;
use crate::cli::console::Console;
use crate::cli::doctor::{Finding, FindingMark, machine, pacing};
use crate::cli::failure::{CommandFailure, Ended};
use crate::gate::ExitCode;

pub(crate) fn doctor(arguments: &Doctor, console: Console) -> Ended {
    let mut findings = machine(&arguments.out);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(CommandFailure::could_not_run)?;
    findings.extend(runtime.block_on(pacing())?);
    let worst = findings.iter().map(|finding| finding.mark).max();
    let (sentence, code) = match worst {
        Some(FindingMark::Bad) => ("This machine cannot measure as it is", ExitCode::NoEvidence),
        Some(FindingMark::Doubtful) => (
            "This machine can measure; see the marks above",
            ExitCode::Success,
        ),
        Some(FindingMark::Good) | None => ("This machine can measure", ExitCode::Success),
    };
    let mut lines: Vec<String> = findings.iter().map(Finding::line).collect();
    lines.push(String::new());
    lines.push(format!("{sentence} (exit {code})"));
    if !console.result(&lines.join("\n")) {
        return Ok(ExitCode::CouldNotRun);
    }
    Ok(code)
}
