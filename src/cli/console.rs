//! Results to standard output, talk to standard error, colours as the reader wants them.

use std::borrow::Cow;
use std::io::{ErrorKind, IsTerminal, Write};

use super::arguments::{Colour, Output};
use super::failure::Ended;
use crate::gate::ExitCode;
use crate::report::terminal::{Detail, Paint};

#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    pub(crate) detail: Detail,
    pub(crate) quiet: bool,
    /// How much of every iteration is shown as it ends: nothing, itself, or each of its steps too.
    pub(crate) each_iteration: u8,
    colour_out: bool,
    colour_err: bool,
    pub(crate) watched: bool,
}

impl Console {
    pub(crate) fn new(output: &Output) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let wanted = |terminal: bool| match output.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto if set("NO_COLOR") => false,
            Colour::Auto => (terminal && !dumb) || set("CLICOLOR_FORCE"),
        };
        let err = std::io::stderr().is_terminal();
        Self {
            detail: match (output.quiet, output.verbose) {
                (true, _) => Detail::Quiet,
                (false, 0) => Detail::Normal,
                (false, _) => Detail::Verbose,
            },
            quiet: output.quiet,
            each_iteration: output.verbose,
            colour_out: wanted(std::io::stdout().is_terminal()),
            colour_err: wanted(err),
            watched: err && !dumb && !set("CI"),
        }
    }

    /// The same, saying errors and verdicts alone.
    pub(crate) const fn silent(self) -> Self {
        Self {
            quiet: true,
            ..self
        }
    }

    /// How results are shown: in colours or without, within the columns of a terminal.
    pub(crate) fn paint_out(self) -> Paint {
        let paint = Paint::from(self.colour_out);
        let columns = rustix::termios::tcgetwinsize(std::io::stdout()).map(|size| size.ws_col);
        match columns {
            Ok(columns) if columns > 0 => paint.within(usize::from(columns)),
            _ => paint,
        }
    }

    pub(crate) const fn colour_out(self) -> bool {
        self.colour_out
    }

    pub(crate) const fn colour_err(self) -> bool {
        self.colour_err
    }

    /// A result; `false` where it could not be printed. A reader that has gone away is no error of ours.
    pub(crate) fn result(self, text: &str) -> bool {
        self.commands(&without_commands(text))
    }

    /// The same with lines that a runner of workflows carries out.
    pub(crate) fn commands(self, text: &str) -> bool {
        let mut out = std::io::stdout().lock();
        let end = if text.ends_with('\n') { "" } else { "\n" };
        let printed = write!(out, "{text}{end}").and_then(|()| out.flush());
        match printed {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                self.error(&format!("cannot print the result: {error}"));
                false
            }
            _ => true,
        }
    }

    /// A result that is all there is to a command.
    pub(crate) fn print(self, text: &str) -> ExitCode {
        self.ended(self.result(text))
    }

    /// How a command ends whose results could be `printed`.
    pub(crate) const fn ended(self, printed: bool) -> ExitCode {
        if printed {
            ExitCode::Success
        } else {
            ExitCode::CouldNotRun
        }
    }

    /// Says why a command has failed, if it has; the exit code.
    pub(crate) fn settle(self, ended: Ended) -> ExitCode {
        ended.unwrap_or_else(|failure| {
            if !failure.message.is_empty() {
                self.error(&failure.message);
            }
            failure.code
        })
    }

    pub(crate) fn say(self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{}", without_commands(text));
    }

    pub(crate) fn error(self, text: &str) {
        let word = if self.colour_err {
            "\u{1b}[1;31merror\u{1b}[0m"
        } else {
            "error"
        };
        self.say(&format!("{word}: {text}"));
    }
}

/// What begins a command to a runner of workflows: GitHub Actions carries such a line out, whoever has said it.
const COMMANDS: [&str; 2] = ["::", "##["];

/// The text with a space of no width before what would be a command: a target may say anything, and a long text is wrapped anywhere.
fn without_commands(text: &str) -> Cow<'_, str> {
    let is_command = |line: &str| COMMANDS.iter().any(|begin| line.starts_with(begin));
    let is_one = |line: &str| is_command(line.trim_start());
    if !text.split(['\n', '\r']).any(is_one) {
        return Cow::Borrowed(text);
    }
    let lines = text.split_inclusive(['\n', '\r']).map(|line| {
        let begin = line.len() - line.trim_start().len();
        if is_one(line) {
            format!("{}\u{200b}{}", &line[..begin], &line[begin..])
        } else {
            line.to_owned()
        }
    });
    Cow::Owned(lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_foreign_text_is_a_command() {
        for (text, printed) in [
            ("HTTP 500: ::add-mask::x", "HTTP 500: ::add-mask::x"),
            ("::stop-commands::x", "\u{200b}::stop-commands::x"),
            (
                "a\n   ::error::x\nb\r##[group]c\n",
                "a\n   \u{200b}::error::x\nb\r\u{200b}##[group]c\n",
            ),
            ("# heading\n#[x]", "# heading\n#[x]"),
        ] {
            assert_eq!(without_commands(text), printed);
        }
    }
}
