//! Sessions of many folders and files, each reduced to what a history keeps of it.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use super::discover::{session_folder, sessions_below};
use super::read::stored;
use crate::document::{ReadError, read};
use crate::gate::{self, Against, ExitCode, Overall, Verdict, judge};
use crate::history::{History, HistoryEntry};
use crate::run::reference::Reference;
use crate::summary::{ComparisonPolicy, Summary};

#[derive(Debug, Default)]
pub(crate) struct CollectedSessions {
    pub(crate) lines: Vec<HistoryEntry>,
    pub(crate) notes: Vec<String>,
    /// What could not be read, a sentence each.
    pub(crate) errors: Vec<String>,
    /// The baseline that somebody named.
    named: Option<PathBuf>,
    /// Baselines that were read, by plan and file.
    references: BTreeMap<(String, String), Reference>,
    known: HashSet<(String, String, String)>,
}

impl CollectedSessions {
    /// Reads session folders, `summary.json` files, histories (`.jsonl`), and folders that hold sessions at any depth. The
    /// metrics of `baseline`, or of the baseline that each session names, are kept. One summary at a time is in memory.
    pub(crate) fn from(paths: &[PathBuf], baseline: Option<&Path>) -> Self {
        let mut gathered = Self {
            named: baseline.map(Path::to_owned),
            ..Self::default()
        };
        for path in paths {
            if path
                .extension()
                .is_some_and(|extension| extension == "jsonl")
            {
                gathered.history(path);
            } else {
                match sessions_below(path) {
                    Ok(sessions) => sessions
                        .iter()
                        .for_each(|session| gathered.session(session)),
                    Err(error) => gathered.errors.push(error.to_string()),
                }
            }
        }
        gathered.lines.sort_by(|a, b| {
            (&a.plan, &a.started, &a.session).cmp(&(&b.plan, &b.started, &b.session))
        });
        gathered
    }

    /// What sessions of a plan are judged against that names this baseline file.
    pub(crate) fn reference(&mut self, plan: &str, file: &str) -> &Reference {
        let key = (plan.to_owned(), file.to_owned());
        self.references.entry(key).or_insert_with(|| {
            let comparison = ComparisonPolicy {
                file: file.to_owned(),
                ..ComparisonPolicy::default()
            };
            Reference::find(plan, &comparison, self.named.as_deref()).unwrap_or_else(|error| {
                self.errors.push(error.to_string());
                Reference::Nothing
            })
        })
    }

    fn history(&mut self, path: &Path) {
        if !path.exists() {
            return self.errors.push(format!(
                "cannot read `{}`: there is no such file",
                path.display()
            ));
        }
        match History::open(path) {
            Ok(history) => {
                self.notes.extend(history.gaps(path));
                history.lines.into_iter().for_each(|line| self.add(line));
            }
            Err(error) => self.errors.push(error.to_string()),
        }
    }

    fn session(&mut self, path: &Path) {
        let summary = match stored(path) {
            Ok(summary) => summary,
            Err(error) => return self.errors.push(error.to_string()),
        };
        if summary.side.is_some() {
            // One of two targets that were compared is no night of its own.
            return;
        }
        match judgement(session_folder(path), &summary) {
            Ok((verdict, exit_code)) => {
                let reference = self.reference(&summary.plan.name, &summary.comparison.file);
                let line = match reference {
                    Reference::Guide(..) => {
                        let fitting = reference
                            .clone()
                            .fitting(std::slice::from_ref(&summary))
                            .ok();
                        HistoryEntry::of(
                            &summary,
                            verdict,
                            exit_code,
                            fitting.as_ref().and_then(Reference::baseline),
                        )
                    }
                    other => HistoryEntry::of(&summary, verdict, exit_code, other.baseline()),
                };
                self.add(line);
            }
            Err(error) => self.errors.push(error.to_string()),
        }
    }

    fn add(&mut self, line: HistoryEntry) {
        if self.known.insert((
            line.plan.clone(),
            line.session.clone(),
            line.started.clone(),
        )) {
            self.lines.push(line);
        }
    }
}

/// How a session was judged: as its folder says, else by its thresholds alone.
pub(crate) fn judgement(
    folder: &Path,
    summary: &Summary,
) -> Result<(Overall, ExitCode), ReadError> {
    let file = folder.join("verdict.json");
    if file.is_file() {
        let verdict: Verdict = read(&file, gate::SCHEMA, gate::VERSION)?;
        if verdict.sessions.contains(&summary.session) {
            return Ok((verdict.verdict, verdict.exit_code));
        }
    }
    let verdict = judge(std::slice::from_ref(summary), Against::Nothing);
    Ok((verdict.verdict, verdict.exit_code))
}
