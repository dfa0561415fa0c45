//! What a plan was read from: enough to read it again although its files or the environment have changed since.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::plan::load_options::LoadOptions;

/// The texts, the environment and the words of the command line that a plan was read with.
#[derive(Debug, Clone, Default)]
pub(crate) struct PlanSource {
    pub(in crate::plan) path: PathBuf,
    pub(in crate::plan) files: BTreeMap<PathBuf, String>,
    pub(in crate::plan) environment: BTreeMap<String, Option<String>>,
    pub(in crate::plan) presets: Vec<String>,
    /// Names and values of `--set`.
    pub(in crate::plan) set: Vec<(String, String)>,
    pub(in crate::plan) only: Vec<String>,
    pub(in crate::plan) seed: Option<u64>,
    /// `--vus`, `--rate`, `--duration`.
    pub(in crate::plan) load: LoadOptions,
    /// The option and the address of a target in place of the plan's own.
    pub(in crate::plan) aim: Option<(String, String)>,
}

/// Files as they were when they were first read.
#[derive(Debug, Default)]
pub(in crate::plan) struct FilesRead {
    texts: RefCell<BTreeMap<PathBuf, String>>,
}

impl FilesRead {
    pub(in crate::plan) fn of(texts: BTreeMap<PathBuf, String>) -> Self {
        Self {
            texts: RefCell::new(texts),
        }
    }

    /// The text of a file.
    pub(in crate::plan) fn text(&self, path: &Path) -> io::Result<String> {
        if let Some(text) = self.texts.borrow().get(path) {
            return Ok(text.clone());
        }
        let text = fs::read_to_string(path)?;
        self.texts
            .borrow_mut()
            .insert(path.to_owned(), text.clone());
        Ok(text)
    }

    pub(in crate::plan) fn into_texts(self) -> BTreeMap<PathBuf, String> {
        self.texts.into_inner()
    }
}
