//! The raw samples of a session, written by a thread of their own for as long as one catalog holds.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use crate::document::Mask;
use crate::measure::Batch;
use crate::metric::Catalog;
use crate::summary::{SampleWriter, Watcher};

pub(super) struct SampleFile {
    pub(super) path: PathBuf,
    pub(super) watcher: Option<Watcher>,
    pub(super) mask: Mask,
    writer: Option<SampleWriter>,
}

impl SampleFile {
    pub(super) const fn new(path: PathBuf, watcher: Option<Watcher>, mask: Mask) -> Self {
        Self {
            path,
            watcher,
            mask,
            writer: None,
        }
    }

    /// Goes on with the samples of a run; what could not be written, as a sentence.
    pub(super) fn open(&mut self, run: u64, catalog: &Arc<Catalog>) -> Option<String> {
        let before = self.close();
        let (watcher, mask) = (self.watcher.clone(), self.mask.clone());
        match SampleWriter::start(&self.path, run, Arc::clone(catalog), watcher, mask) {
            Ok(writer) => {
                self.writer = Some(writer);
                before
            }
            Err(error) => Some(self.cannot(&error)),
        }
    }

    /// Where workers send their samples. Every sender has to be gone before the file is closed.
    pub(super) fn sender(&self) -> Option<SyncSender<Batch>> {
        self.writer.as_ref().map(|writer| writer.sender().clone())
    }

    /// Waits until everything is on disk; what could not be written, as a sentence.
    pub(super) fn close(&mut self) -> Option<String> {
        let written = self.writer.take()?.finish();
        written.err().map(|error| self.cannot(&error))
    }

    /// Takes the file away: an empty one would make a session of what was none.
    pub(super) fn discard(&mut self) {
        drop(self.writer.take().map(SampleWriter::finish));
        let _ = std::fs::remove_file(&self.path);
    }

    fn cannot(&self, error: &io::Error) -> String {
        format!("cannot write `{}`: {error}", self.path.display())
    }
}
