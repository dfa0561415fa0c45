//! A session's folder: `results/<plan>/<UTC time>/`, and the link to the newest.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::run::error::RunError;

/// The folder of one session; without anything in it, it is taken away again.
#[derive(Debug)]
pub(crate) struct SessionFolder {
    /// The session's name: its start as UTC time, with `-2`, `-3` behind it where there was one in the same second.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// `base` or `head`: one side of a comparison.
    pub(crate) side: Option<&'static str>,
}

impl SessionFolder {
    /// Makes the folder of a session that begins now.
    pub(crate) fn create(
        results: &Path,
        plan: &str,
        begin: jiff::Timestamp,
    ) -> Result<Self, RunError> {
        let parent = results.join(plan);
        let fail = |source| RunError::Folder {
            path: parent.clone(),
            source,
        };
        fs::create_dir_all(&parent).map_err(fail)?;
        let time = begin.strftime("%Y%m%dT%H%M%SZ").to_string();
        for number in 1.. {
            let name = if number == 1 {
                time.clone()
            } else {
                format!("{time}-{number}")
            };
            let path = parent.join(&name);
            match fs::create_dir(&path) {
                Ok(()) => {
                    return Ok(Self {
                        name,
                        path,
                        side: None,
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(fail(error)),
            }
        }
        Err(fail(io::Error::other("no free name")))
    }

    /// The folder of one side of a comparison that has this folder.
    pub(crate) fn side(&self, side: &'static str) -> Result<Self, RunError> {
        let path = self.path.join(side);
        fs::create_dir(&path).map_err(|source| RunError::Folder {
            path: path.clone(),
            source,
        })?;
        Ok(Self {
            name: format!("{}/{side}", self.name),
            path,
            side: Some(side),
        })
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Lets `latest` point here; one side of a comparison is not what somebody looks for there.
    pub(crate) fn mark_latest(&self) -> Result<(), RunError> {
        if self.side.is_some() {
            return Ok(());
        }
        let link = self.path.with_file_name("latest");
        let beside = self.path.with_file_name(format!(".latest-{}", self.name));
        let fail = |source| RunError::Folder {
            path: link.clone(),
            source,
        };
        let _ = fs::remove_file(&beside);
        std::os::unix::fs::symlink(&self.name, &beside).map_err(fail)?;
        fs::rename(&beside, &link).map_err(fail)
    }
}

impl Drop for SessionFolder {
    fn drop(&mut self) {
        // A folder that holds something stays.
        let _ = fs::remove_dir(&self.path);
        if let Some(plan) = self.path.parent() {
            let _ = fs::remove_dir(plan);
        }
    }
}

/// The newest session of every plan below `results`.
pub(crate) fn newest(results: &Path) -> Vec<PathBuf> {
    let plans = fs::read_dir(results).into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = plans
        .map(|plan| plan.path().join("latest"))
        .filter(|latest| latest.join("summary.json").is_file())
        .collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sessions_of_one_second_have_names_of_their_own_and_latest_follows() {
        let results = tempfile::tempdir().unwrap();
        let begin: jiff::Timestamp = "2026-11-22T02:00:00Z".parse().unwrap();
        let make = || SessionFolder::create(results.path(), "nightly", begin).unwrap();
        let (one, two) = (make(), make());
        assert_eq!(
            (one.name.as_str(), two.name.as_str()),
            ("20261122T020000Z", "20261122T020000Z-2")
        );
        one.mark_latest().unwrap();
        two.mark_latest().unwrap();
        let latest = results.path().join("nightly/latest");
        assert_eq!(
            fs::read_link(&latest).unwrap(),
            Path::new("20261122T020000Z-2")
        );
        assert!(
            newest(results.path()).is_empty(),
            "without a summary there is nothing to judge"
        );
        fs::write(two.file("summary.json"), "{}").unwrap();
        assert_eq!(newest(results.path()), [latest]);
    }
}
