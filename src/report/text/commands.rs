//! The command lines that run, judge and record a session again.

use super::clean::clean;
use crate::diag::shell_word;
use crate::summary::Summary;

/// What they are made of. Sessions are named as `perfgate run` lays them down, from the folder in which it was run.
#[derive(Debug)]
pub(crate) struct Commands {
    plan: String,
    /// What was said of the plan's values: its presets, and what was set by hand.
    values: String,
    sessions: String,
    /// How sessions are made: where they are put, and how many.
    run_options: String,
    /// The baseline that was named by hand.
    baseline: Option<String>,
}

impl Commands {
    /// Those of a session that is judged together with `sessions`. `None` where there is no plan, or where it is no session to
    /// be run or recorded by itself: one side of a comparison.
    pub(crate) fn of(
        summary: &Summary,
        sessions: &[String],
        baseline: Option<&str>,
    ) -> Option<Self> {
        let baseline = baseline.filter(|file| *file != summary.comparison.file);
        if summary.origin.is_some() || summary.side.is_some() || summary.plan.file.is_empty() {
            return None;
        }
        let out = summary.out.as_deref().unwrap_or("results");
        let folder = |session: &String| word(&format!("{out}/{}/{session}", summary.plan.name));
        let mut run_options = String::new();
        if let Some(out) = &summary.out {
            run_options.push_str(&format!(" --out {}", word(out)));
        }
        if sessions.len() > 1 {
            run_options.push_str(&format!(" --sessions {}", sessions.len()));
        }
        Some(Self {
            plan: word(&summary.plan.file),
            values: summary
                .said()
                .map(|said| format!(" {}", word(said)))
                .collect(),
            sessions: sessions.iter().map(folder).collect::<Vec<_>>().join(" "),
            run_options,
            baseline: baseline.map(word),
        })
    }

    /// `perfgate run plans/nightly.toml --preset quick`, with `rest` behind it.
    pub(crate) fn run(&self, rest: &str) -> String {
        format!(
            "perfgate run {}{}{}{rest}",
            self.plan, self.values, self.run_options
        )
    }

    /// `perfgate check results/nightly/20261122T020000Z`.
    pub(crate) fn check(&self, rest: &str) -> String {
        let baseline = self.option("--baseline");
        format!("perfgate check {}{rest}{baseline}", self.sessions)
    }

    /// `perfgate update-baseline plans/nightly.toml --from results/nightly/20261122T020000Z`.
    pub(crate) fn update(&self, rest: &str) -> String {
        format!(
            "perfgate update-baseline {}{}{} --from {}{rest}",
            self.plan,
            self.values,
            self.option("--file"),
            self.sessions
        )
    }

    fn option(&self, name: &str) -> String {
        let file = self.baseline.as_ref();
        file.map_or(String::new(), |file| format!(" {name} {file}"))
    }
}

fn word(text: &str) -> String {
    shell_word(&clean(text)).into_owned()
}

/// A command in the pieces that stay together where its line breaks: an option with its value, any other word by itself.
pub(crate) fn pieces(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for letter in command.chars() {
        quoted ^= letter == '\'' && !escaped;
        escaped = letter == '\\' && !quoted;
        if letter == ' ' && !quoted {
            words.push(String::new());
        } else if let Some(last) = words.last_mut() {
            last.push(letter);
        }
    }
    let mut pieces: Vec<String> = Vec::new();
    for word in words {
        match pieces.last_mut() {
            Some(last)
                if last.starts_with("--") && !last.contains(' ') && !word.starts_with("--") =>
            {
                last.push(' ');
                last.push_str(&word);
            }
            _ => pieces.push(word),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_breaks_between_its_options() {
        let line = "perfgate update-baseline p.toml --from 'a b' c --replace --force --reason 'the first one'";
        let wanted = [
            "perfgate",
            "update-baseline",
            "p.toml",
            "--from 'a b'",
            "c",
            "--replace",
            "--force",
            "--reason 'the first one'",
        ];
        assert_eq!(pieces(line), wanted);
        assert_eq!(pieces(line).join(" "), line);
        assert_eq!(pieces(r"run 'it'\'' s' x"), ["run", r"'it'\'' s'", "x"]);
    }
}
