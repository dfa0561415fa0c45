//! A hook is run: bounded in time and in what is kept of its output.

use std::fmt;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use rustix::process::{Pid, Signal, kill_process_group};

use super::capture::OutputCapture;
use super::spec::{HookCommand, HookSpec};
use crate::clock::RealClock;
use crate::units::Duration;

/// A hook with the folder that it is run in.
#[derive(Debug, Clone, PartialEq)]
pub struct Hook {
    /// What is run.
    pub spec: HookSpec,
    /// Where: the folder of the file that says it.
    pub folder: PathBuf,
}

/// How a hook ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HookEnd {
    /// With this exit code.
    Exited(i32),
    /// By a signal.
    Killed(i32),
    /// It took longer than it may.
    TimedOut,
    /// The session was told to end.
    Stopped,
    /// It could not be started.
    NotStarted(String),
}

/// What became of a hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookOutcome {
    /// How it ended.
    pub end: HookEnd,
    /// How long it took.
    pub took: Duration,
    /// The end of what it printed, errors included.
    pub output: String,
    /// Bytes of output before that.
    pub beyond: u64,
    /// Its standard output without blanks around it; `None` where that is too long to be a value.
    pub printed: Option<String>,
}

/// How often it is looked whether the command has ended.
const LOOK: std::time::Duration = std::time::Duration::from_millis(10);
/// Between asking a command to end and ending it.
const POLITE: Duration = Duration::from_secs(2);
/// How long output is waited for that something left running may still print.
const GRACE: Duration = Duration::from_nanos(200_000_000);

impl Hook {
    /// Runs it to its end, or until `stop` says so. Blocks.
    #[must_use]
    pub fn run(&self, stop: &AtomicBool) -> HookOutcome {
        let clock = RealClock::start();
        let started = clock.now();
        let mut child = match self.command().spawn() {
            Ok(child) => child,
            Err(error) => {
                return HookOutcome {
                    end: HookEnd::NotStarted(format!("{}: {error}", self.program())),
                    took: clock.now().since(started),
                    output: String::new(),
                    beyond: 0,
                    printed: None,
                };
            }
        };
        let mut capture = OutputCapture::new();
        if let Some(pipe) = child.stdout.take() {
            capture.read(pipe, true);
        }
        if let Some(pipe) = child.stderr.take() {
            capture.read(pipe, false);
        }
        let within = self.spec.within;
        let end = loop {
            match child.try_wait() {
                Ok(Some(status)) => break ended(status),
                Err(error) => break HookEnd::NotStarted(error.to_string()),
                Ok(None) if clock.now().since(started) >= within => {
                    kill(&mut child);
                    break HookEnd::TimedOut;
                }
                Ok(None) if stop.load(Ordering::Relaxed) => {
                    kill(&mut child);
                    break HookEnd::Stopped;
                }
                Ok(None) => thread::sleep(LOOK),
            }
        };
        let took = clock.now().since(started);
        let captured = capture.end(GRACE);
        HookOutcome {
            end,
            took,
            output: captured.all,
            beyond: captured.beyond,
            printed: captured.printed.map(|text| text.trim().to_owned()),
        }
    }

    fn program(&self) -> &str {
        match &self.spec.run {
            HookCommand::Shell(_) => "sh",
            HookCommand::Program(words) => words.first().map_or("", String::as_str),
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(self.program());
        match &self.spec.run {
            HookCommand::Shell(text) => command.args(["-c", text]),
            HookCommand::Program(words) => command.args(&words[1..]),
        };
        if !self.folder.as_os_str().is_empty() {
            command.current_dir(&self.folder);
        }
        // So that a plan may start and scale the embedded target wherever the program is.
        if let Ok(program) = std::env::current_exe() {
            command.env("PERFGATE", program);
        }
        // In a group of its own Ctrl-C does not reach it, and everything that it starts can be ended with it.
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        command
    }
}

fn ended(status: ExitStatus) -> HookEnd {
    match (status.code(), status.signal()) {
        (Some(code), _) => HookEnd::Exited(code),
        (None, signal) => HookEnd::Killed(signal.unwrap_or_default()),
    }
}

/// Asks the command and all that it has started to end, and ends them.
fn kill(child: &mut Child) {
    let group = Pid::from_child(child);
    let _ = kill_process_group(group, Signal::TERM);
    let clock = RealClock::start();
    let deadline = clock.now() + POLITE;
    while clock.now() < deadline && matches!(child.try_wait(), Ok(None)) {
        thread::sleep(LOOK);
    }
    let _ = kill_process_group(group, Signal::KILL);
    let _ = child.wait();
}

impl HookOutcome {
    /// Whether it did what it should.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.end == HookEnd::Exited(0)
    }

    /// The last so many lines of its output.
    #[must_use]
    pub fn last_lines(&self, count: usize) -> Vec<&str> {
        let lines: Vec<&str> = self.output.lines().collect();
        lines[lines.len().saturating_sub(count)..].to_vec()
    }
}

impl fmt::Display for HookEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(0) => f.write_str("ended well"),
            Self::Exited(code) => write!(f, "ended with exit code {code}"),
            Self::Killed(signal) => write!(f, "was killed by signal {signal}"),
            Self::TimedOut => f.write_str("took too long and was ended"),
            Self::Stopped => f.write_str("was ended because the session was told to end"),
            Self::NotStarted(why) => write!(f, "could not be started: {why}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Flag;

    fn run(command: HookCommand, within_ms: u64) -> HookOutcome {
        let hook = Hook {
            spec: HookSpec {
                run: command,
                within: Duration::from_nanos(within_ms * 1_000_000),
                r#as: None,
                optional: Flag(false),
            },
            folder: PathBuf::from("/"),
        };
        hook.run(&AtomicBool::new(false))
    }

    fn shell(text: &str) -> HookOutcome {
        run(HookCommand::Shell(text.to_owned()), 20_000)
    }

    #[test]
    fn output_and_exit_code_are_kept() {
        let done = shell("echo one; echo two >&2; echo three; exit 3");
        assert_eq!(done.end, HookEnd::Exited(3));
        let mut lines = done.last_lines(9);
        lines.sort_unstable();
        assert_eq!(lines, ["one", "three", "two"]);
        assert_eq!(done.printed.as_deref(), Some("one\nthree"));
        assert_eq!(shell("pwd").printed.as_deref(), Some("/"));
        assert!(matches!(shell("kill -9 $$").end, HookEnd::Killed(9)));
        let words = ["printf", "%s|", "a b", "$HOME"]
            .map(str::to_owned)
            .to_vec();
        assert_eq!(
            run(HookCommand::Program(words), 20_000).printed.as_deref(),
            Some("a b|$HOME|")
        );
        let absent = run(
            HookCommand::Program(vec!["/no/such/program".to_owned()]),
            20_000,
        );
        assert!(
            matches!(&absent.end, HookEnd::NotStarted(why) if why.contains("/no/such/program"))
        );
    }

    #[test]
    fn a_flood_is_bounded_and_what_is_left_running_is_not_waited_for() {
        let flood = shell("yes 0123456789 | head -c 20000000; echo end");
        assert!(
            flood.is_ok() && flood.output.len() <= 64 * 1024 && flood.output.ends_with("end\n")
        );
        assert!(flood.beyond > 19_000_000);
        assert_eq!(flood.printed, None);
        let child = shell("sleep 30 & echo started");
        assert!(child.is_ok() && child.took < Duration::from_secs(10));
        assert_eq!(child.printed.as_deref(), Some("started"));
    }

    #[test]
    fn what_takes_too_long_is_ended_with_all_that_it_has_started() {
        let slow = run(
            HookCommand::Shell("(sleep 30; echo late) & sleep 30".to_owned()),
            100,
        );
        assert_eq!(slow.end, HookEnd::TimedOut);
        assert!(slow.took < Duration::from_secs(10));
        let hook = Hook {
            spec: HookSpec {
                run: HookCommand::Shell("sleep 30".to_owned()),
                within: Duration::from_secs(60),
                r#as: None,
                optional: Flag(false),
            },
            folder: PathBuf::new(),
        };
        assert_eq!(hook.run(&AtomicBool::new(true)).end, HookEnd::Stopped);
    }
}
