//! Shows where a run is: a bar for who watches, lines for a log.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::arguments::ProgressKind;
use super::console::Console;
use crate::document::Mask;
use crate::report::live::{Live, RunStage, ended_early_line, first_error_line};
use crate::run::{Progress, RunEvent};
use crate::units::Duration;

/// The first line of a log comes this early, so that a reader sees that something happens.
const FIRST_LINE: Duration = Duration::from_secs(5);
/// Numbers of the bar are those of so many last seconds.
const BAR_SECONDS: u64 = 5;

/// What is shown while a session runs.
pub(crate) struct Show {
    console: Console,
    bar: Option<ProgressBar>,
    plain: bool,
    interval: Duration,
    next_line: Duration,
    draining: bool,
    runs: u64,
    mask: Mask,
}

impl Show {
    pub(crate) fn new(
        console: Console,
        kind: ProgressKind,
        interval: Duration,
        mask: Mask,
    ) -> Self {
        let (bar, plain) = match kind {
            _ if console.quiet => (false, false),
            ProgressKind::Auto => (console.watched, !console.watched),
            ProgressKind::Bar => (true, false),
            ProgressKind::Plain => (false, true),
            ProgressKind::None => (false, false),
        };
        let bar = bar.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(4));
            bar.set_style(
                ProgressStyle::with_template("{msg}")
                    .unwrap_or_else(|_| ProgressStyle::default_bar()),
            );
            bar
        });
        let interval = if interval.is_zero() {
            Duration::from_secs(1)
        } else {
            interval
        };
        Self {
            console,
            bar,
            plain,
            interval,
            next_line: FIRST_LINE.min(interval),
            draining: false,
            runs: 1,
            mask,
        }
    }

    pub(crate) fn event(&mut self, event: &RunEvent<'_>) {
        match event {
            RunEvent::Hook {
                when,
                phase,
                command,
            } => {
                let place = phase.map_or_else(String::new, |phase| format!(" {phase}"));
                self.line(&format!("hook {when}{place}: {command}"));
            }
            RunEvent::HookOutput(lines) => {
                for line in *lines {
                    self.line(&format!("  {line}"));
                }
            }
            RunEvent::Waiting(probe) => self.line(&format!("waiting for {probe}")),
            RunEvent::RunBegins { number, of } => {
                self.runs = *of;
                self.draining = false;
                self.next_line = FIRST_LINE.min(self.interval);
                if *of > 1 {
                    self.line(&format!("run {number} of {of}"));
                }
            }
            RunEvent::SideBegins { side, number, of } => {
                self.runs = *of;
                self.draining = false;
                self.next_line = FIRST_LINE.min(self.interval);
                self.line(&format!("pair {number} of {of}: {side}"));
            }
            RunEvent::PhaseBegins { phase, number, of } => {
                self.draining = false;
                self.next_line = FIRST_LINE.min(self.interval);
                if let Some(name) = &phase.name {
                    let loads: Vec<&str> =
                        phase.loads.iter().map(|(name, _)| name.as_str()).collect();
                    self.line(&format!(
                        "phase {name} ({number} of {of}): {}",
                        loads.join(", ")
                    ));
                }
            }
            RunEvent::Between {
                number,
                wait,
                suspected,
            } => {
                let why = if *suspected {
                    ", to confirm what is suspected"
                } else {
                    ""
                };
                let when = if wait.is_zero() {
                    String::new()
                } else {
                    format!(" in {wait}")
                };
                self.line(&format!("session {number}{when}{why}"));
            }
            RunEvent::Resting(time) => self.line(&format!("resting for {time}")),
            RunEvent::EndedEarly(aborted) => self.line(&ended_early_line(aborted)),
            RunEvent::Progress(progress) => self.progress(progress),
            RunEvent::FirstError {
                elapsed,
                step,
                message,
            } => {
                let line = first_error_line(*elapsed, *step, &self.mask.text(message));
                self.line(line.trim_start_matches("perfgate "));
            }
            RunEvent::Draining => {
                self.draining = true;
                self.line(
                    "stopping: what is under way has 5 s to finish; a second signal cuts it off",
                );
            }
            RunEvent::Aborting => self.line("cutting off what is under way"),
        }
    }

    /// Takes the bar away, so that results begin on a line of their own.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    /// A line of talk that a bar does not overwrite.
    pub(crate) fn line(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.console.say(&format!("perfgate {text}"))),
            None if self.plain => self.console.say(&format!("perfgate {text}")),
            None => {}
        }
    }

    fn progress(&mut self, progress: &Progress) {
        if let Some(bar) = &self.bar {
            bar.set_message(
                self.live(progress, BAR_SECONDS)
                    .bar_line(terminal_width() - 1),
            );
            bar.tick();
        } else if self.plain && progress.elapsed >= self.next_line {
            let seconds = (self.interval.as_nanos() / 1_000_000_000).max(1);
            self.console.say(&self.live(progress, seconds).plain_line());
            self.next_line = if self.next_line < self.interval {
                self.interval
            } else {
                self.next_line + self.interval
            };
        }
    }

    fn live(&self, progress: &Progress, seconds: u64) -> Live {
        let over = progress
            .total
            .is_some_and(|total| progress.elapsed >= total);
        Live {
            elapsed: progress.elapsed,
            total: progress.total,
            stage: match () {
                () if self.draining || over => RunStage::Drain,
                () if progress.elapsed < progress.measured_from => RunStage::WarmUp,
                () => RunStage::Measured,
            },
            started: progress.started,
            ok: progress.ok,
            failed: progress.not_ok,
            rejected: progress.rejected,
            dropped: progress.dropped,
            in_flight: progress.in_flight,
            planned_rate: progress.planned_rate,
            started_rate: progress.recent_rate(seconds),
            p95: progress.recent_p95(seconds),
            lag: None,
        }
    }
}

/// Columns of the terminal behind standard error.
fn terminal_width() -> usize {
    rustix::termios::tcgetwinsize(std::io::stderr())
        .map_or(80, |size| usize::from(size.ws_col).max(20))
}
