//! Sessions that could not be run, and what may help.

use super::console::Console;
use super::failure::CommandFailure;
use crate::document::Mask;
use crate::endpoint::NotReady;
use crate::run::RunError;

/// Why a session could not be run; says how the target may become ready, where that is it.
pub(crate) fn failure_of_run(error: &RunError, mask: &Mask, console: Console) -> CommandFailure {
    if let RunError::NotReady(not_ready) = error {
        console.error(&mask.text(&error.to_string()));
        hint(not_ready, mask, console);
        return CommandFailure::said(error.exit_code());
    }
    CommandFailure::new(error.exit_code(), mask.text(&error.to_string()))
}

/// Says how a target may become ready.
pub(crate) fn hint(not_ready: &NotReady, mask: &Mask, console: Console) {
    console.say(&mask.text(&match &not_ready.hint {
        Some(hint) => format!("hint: start it: {hint}"),
        None => format!(
            "hint: is the service running, and is {} its address?",
            not_ready.probed
        ),
    }));
}
