//! Sessions that lie in folders, side by side.

use std::fs;
use std::path::{Path, PathBuf};

use super::store::{is_session, judgement, session_folder, sessions_below, stored};
use crate::measure::fold;
use crate::report::JudgedSession;

#[derive(Debug, Default)]
pub(crate) struct SideBySide {
    /// Sessions of one plan, or of plans whose names differ in their numbers alone; each with where it is.
    pub(crate) families: Vec<Vec<(PathBuf, JudgedSession)>>,
    /// What could not be read, a sentence each.
    pub(crate) errors: Vec<String>,
}

impl SideBySide {
    /// Reads sessions, and folders that hold sessions at any depth or summaries as files (`run_5.json`, `run_10.json`). The same
    /// session twice is one; the sides of a comparison are none.
    pub(crate) fn from(paths: &[PathBuf]) -> Self {
        let mut lineup = Self::default();
        for path in paths {
            match sessions_below(path) {
                Ok(sessions) => sessions.iter().for_each(|session| lineup.session(session)),
                Err(error) => lineup.errors.push(error.to_string()),
            }
            summaries(path).iter().for_each(|file| lineup.summary(file));
        }
        lineup
    }

    fn session(&mut self, path: &Path) {
        match stored(path) {
            Ok(summary) => self.add(path, summary),
            Err(error) => self.errors.push(error.to_string()),
        }
    }

    /// A file beside sessions may be anything.
    fn summary(&mut self, file: &Path) {
        if let Ok(summary) = stored(file) {
            self.add(file, summary);
        }
    }

    fn add(&mut self, path: &Path, summary: crate::summary::Summary) {
        if summary.side.is_some() {
            return;
        }
        let verdict = match judgement(session_folder(path), &summary) {
            Ok((verdict, _)) => verdict,
            Err(error) => return self.errors.push(error.to_string()),
        };
        let name = fold(&summary.plan.name);
        let family = self
            .families
            .iter_mut()
            .find(|family| fold(&family[0].1.summary.plan.name) == name);
        match family {
            Some(own) if own.iter().any(|(_, known)| same(known, &summary)) => {}
            Some(own) => own.push((path.to_owned(), JudgedSession { summary, verdict })),
            None => self
                .families
                .push(vec![(path.to_owned(), JudgedSession { summary, verdict })]),
        }
    }
}

fn same(known: &JudgedSession, other: &crate::summary::Summary) -> bool {
    let known = &known.summary;
    (&known.plan.name, &known.session, &known.started)
        == (&other.plan.name, &other.session, &other.started)
}

/// The JSON files of a folder that is no session.
fn summaries(folder: &Path) -> Vec<PathBuf> {
    if is_session(folder) {
        return Vec::new();
    }
    let entries = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
                && path.is_file()
        })
        .collect();
    files.sort();
    files
}
