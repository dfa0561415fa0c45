//! Hooks of a session: run in order, recorded, and those that clean up on every way out.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::control::Control;
use super::progress::RunEvent;
use super::signals::Signals;
use crate::document::Mask;
use crate::hook::{Hook, HookEnd, HookOutcome};
use crate::summary::{HookRun, HookTime, Interruption};

/// Lines of a failed hook that are kept.
const OF_FAILURE: usize = 20;
/// Lines of a hook that is run because something failed.
const ON_FAILURE: usize = 100;

/// Where a hook stands in a session.
#[derive(Debug, Clone)]
pub(crate) struct HookPlace {
    pub(crate) run: u64,
    pub(crate) phase: Option<String>,
    pub(crate) when: HookTime,
}

/// What came of one hook.
pub(crate) struct HookDone {
    pub(crate) record: HookRun,
    pub(crate) signal: Option<Interruption>,
    /// Why the session cannot go on, with the last lines that the hook printed.
    pub(crate) failure: Option<String>,
}

/// Runs the hooks of a session and writes down what they print.
pub(crate) struct HookRunner<'a> {
    pub(crate) mask: &'a Mask,
    /// What hooks print, all of it that is kept.
    pub(crate) log: Option<PathBuf>,
}

impl HookRunner<'_> {
    /// Runs one hook to its end; a signal ends it.
    pub(crate) async fn run(
        &self,
        hook: &Hook,
        place: &HookPlace,
        control: &mut Control<'_>,
    ) -> HookDone {
        self.run_with(hook, place, &mut control.signals, control.tell)
            .await
    }

    /// The same outside a session.
    pub(crate) async fn run_with(
        &self,
        hook: &Hook,
        place: &HookPlace,
        signals: &mut Signals,
        tell: &mut dyn FnMut(&RunEvent<'_>),
    ) -> HookDone {
        let command = self.mask.text(&hook.spec.run.to_string());
        tell(&RunEvent::Hook {
            when: place.when.key(),
            phase: place.phase.as_deref(),
            command: &command,
        });
        let (outcome, signal) = execute(hook, signals).await;
        let record = self.record(hook, place, command, &outcome);
        self.write_down(&record, &outcome);
        let failure = (!record.ok && !record.optional).then(|| sentence(&record));
        HookDone {
            record,
            signal,
            failure,
        }
    }

    fn record(
        &self,
        hook: &Hook,
        place: &HookPlace,
        command: String,
        outcome: &HookOutcome,
    ) -> HookRun {
        let variable = hook.spec.r#as.as_ref().filter(|_| outcome.is_ok());
        let value = outcome.printed.as_ref();
        let (ok, end) = match (variable, value) {
            (Some(name), None) => (
                false,
                format!("printed more than a value of `{name}` can be"),
            ),
            _ => (outcome.is_ok(), outcome.end.to_string()),
        };
        let kept = match place.when {
            HookTime::OnFailure => ON_FAILURE,
            HookTime::Before | HookTime::After if ok => 0,
            HookTime::Before | HookTime::After => OF_FAILURE,
        };
        let lines = outcome.last_lines(kept).into_iter();
        HookRun {
            run: place.run,
            phase: place.phase.clone(),
            when: place.when,
            command,
            end,
            ok,
            optional: hook.spec.optional.0 || place.when == HookTime::OnFailure,
            took_s: outcome.took.as_secs_f64(),
            set: variable
                .zip(value)
                .map(|(name, value)| (name.clone(), value.clone())),
            output: lines.map(|line| self.mask.text(line)).collect(),
        }
    }

    /// Adds the output to the log. It is no evidence: a disk that is full costs nothing else.
    fn write_down(&self, record: &HookRun, outcome: &HookOutcome) {
        let Some(log) = &self.log else { return };
        let cut = match outcome.beyond {
            0 => String::new(),
            bytes => format!("({bytes} bytes before this are left out)\n"),
        };
        let text = format!(
            "== {} ({}, {:.1} s)\n{cut}{}\n",
            record.name(),
            record.end,
            record.took_s,
            self.mask.text(outcome.output.trim_end())
        );
        let file = OpenOptions::new().create(true).append(true).open(log);
        let _ = file.and_then(|mut file| file.write_all(text.as_bytes()));
    }
}

async fn execute(hook: &Hook, signals: &mut Signals) -> (HookOutcome, Option<Interruption>) {
    let stop = Arc::new(AtomicBool::new(false));
    let (hook, flag) = (hook.clone(), Arc::clone(&stop));
    let mut task = tokio::task::spawn_blocking(move || hook.run(&flag));
    let mut signal = None;
    loop {
        tokio::select! {
            done = &mut task => {
                let failed = |error: tokio::task::JoinError| HookOutcome {
                    end: HookEnd::NotStarted(error.to_string()),
                    took: crate::units::Duration::ZERO,
                    output: String::new(),
                    beyond: 0,
                    printed: None,
                };
                return (done.unwrap_or_else(failed), signal);
            }
            came = signals.next(), if signal.is_none() => {
                signal = Some(came);
                stop.store(true, Ordering::Relaxed);
            }
        }
    }
}

/// Why a session ends, in the hook's own words.
fn sentence(record: &HookRun) -> String {
    let mut text = format!("the hook `{}` {}", record.name(), record.end);
    for line in &record.output {
        text.push_str("\n  ");
        text.push_str(line);
    }
    text
}

/// Hooks that are still to be run when their part of a session is over, the last that was added first. Where the session is left
/// in any other way, they are run as this is dropped.
#[derive(Default)]
pub(crate) struct PendingHooks {
    hooks: Vec<(HookPlace, Hook)>,
}

impl PendingHooks {
    /// How many there are: what [`PendingHooks::back_to`] takes.
    pub(crate) const fn mark(&self) -> usize {
        self.hooks.len()
    }

    /// Adds the hooks that are due after a part that begins now.
    pub(crate) fn add(&mut self, hooks: &[Hook], place: &HookPlace) {
        // They are run in the order of the plan.
        let hooks = hooks.iter().rev();
        self.hooks
            .extend(hooks.map(|hook| (place.clone(), hook.clone())));
    }

    /// The next hook of those that were added since the mark.
    pub(crate) fn back_to(&mut self, mark: usize) -> Option<(HookPlace, Hook)> {
        if self.hooks.len() > mark {
            self.hooks.pop()
        } else {
            None
        }
    }
}

impl Drop for PendingHooks {
    fn drop(&mut self) {
        while let Some((_, hook)) = self.hooks.pop() {
            let _ = hook.run(&AtomicBool::new(false));
        }
    }
}
