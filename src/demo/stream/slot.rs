//! The place of one session. It is free again when this is dropped, however the session ended.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::kind::StreamService;
use super::record::{Fate, Record, worker_name};
use super::registry::{Full, StreamRegistry};
use crate::clock::Tick;
use crate::units::Duration;

/// A session that was let in, and what is noted of it. Its lock is its own: nobody waits for it but who asks for the truth.
#[derive(Debug)]
pub(crate) struct StreamSlot {
    registry: Arc<StreamRegistry>,
    number: u64,
    worker: usize,
    record: Arc<Mutex<Record>>,
}

impl StreamSlot {
    /// Lets a session in, on one of the workers.
    ///
    /// # Errors
    /// When the worker has no place left.
    pub(crate) fn enter(
        registry: &Arc<StreamRegistry>,
        worker: usize,
        now: Tick,
    ) -> Result<Self, Full> {
        let (number, record) = registry.enter(worker, now)?;
        Ok(Self {
            registry: Arc::clone(registry),
            number,
            worker,
            record,
        })
    }

    /// Its number, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// The worker that serves it.
    pub(crate) fn worker(&self) -> String {
        worker_name(self.worker)
    }

    /// A frame of so much audio has arrived.
    pub(crate) fn frame(&self, now: Tick, audio: Duration) {
        self.record().frame(now, audio);
    }

    /// A result was sent that covers so much audio.
    pub(crate) fn sent(&self, now: Tick, covers: Duration, kind: StreamService) {
        self.record().sent(now, covers, kind);
    }

    /// All of it was heard, and all results were sent.
    pub(crate) fn well(&self) {
        self.record().fate = Fate::Well;
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for StreamSlot {
    fn drop(&mut self) {
        self.registry.leave(self.number);
    }
}
