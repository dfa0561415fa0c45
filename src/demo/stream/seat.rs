//! The place of one session. It is free again when this is dropped, however the session ended.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::kind::Kind;
use super::record::{Fate, Record};
use super::roll::{Roll, worker_name};
use crate::clock::Tick;
use crate::units::Duration;

/// A session that was let in, and what is noted of it. Its lock is its own: nobody waits for it but who asks for the truth.
#[derive(Debug)]
pub(in crate::demo) struct Seat {
    roll: Arc<Roll>,
    number: u64,
    worker: usize,
    record: Arc<Mutex<Record>>,
}

impl Seat {
    pub(super) fn new(
        roll: Arc<Roll>,
        number: u64,
        worker: usize,
        record: Arc<Mutex<Record>>,
    ) -> Self {
        Self {
            roll,
            number,
            worker,
            record,
        }
    }

    /// Its number, from 1.
    pub(in crate::demo) fn number(&self) -> u64 {
        self.number
    }

    /// The worker that serves it.
    pub(in crate::demo) fn worker(&self) -> String {
        worker_name(self.worker)
    }

    /// A frame of so much audio has arrived.
    pub(in crate::demo) fn frame(&self, now: Tick, audio: Duration) {
        self.record().frame(now, audio);
    }

    /// A result was sent that covers so much audio.
    pub(in crate::demo) fn sent(&self, now: Tick, covers: Duration, kind: Kind) {
        self.record().sent(now, covers, kind);
    }

    /// All of it was heard, and all results were sent.
    pub(in crate::demo) fn well(&self) {
        self.record().fate = Fate::Well;
    }

    fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.roll.leave(self.number);
    }
}
