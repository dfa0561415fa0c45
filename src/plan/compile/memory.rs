//! How much memory a plan can take, known before it runs.

use crate::plan::compile::prepared::Prepared;
use crate::schedule::Schedule;

/// A histogram of three digits over every magnitude: 2048 counts, then 1024 for each of 53 doublings, of 4 bytes each.
const HISTOGRAM: u64 = (53 * 1024 + 2048) * 4;
/// 64 batches of 256 samples on their way to the disk.
const SAMPLES: u64 = 64 * 256 * 200;
/// One second of one load.
const SECOND: u64 = 8_000;
/// One virtual user with its connection.
const USER: u64 = 25_000;
/// The program itself.
const PROGRAM: u64 = 15_000_000;
/// How long a load without an end in time is taken to be.
const WITHOUT_END: u64 = 3600 * 1_000_000_000;

impl Prepared {
    /// Bytes at most, however many requests are made.
    #[must_use]
    pub fn memory_bound(&self) -> u64 {
        let nanos = |schedule: &Schedule| match schedule {
            Schedule::Open(open) => open.end().as_nanos(),
            Schedule::Closed(closed) => closed.measured().as_nanos(),
        };
        let seconds = self
            .loads()
            .map(|load| match nanos(&load.load.schedule(0)) {
                u64::MAX => WITHOUT_END / 1_000_000_000,
                nanos => nanos / 1_000_000_000,
            });
        let users: u64 = self.loads().map(|load| load.load.most_users()).sum();
        PROGRAM
            + users * USER
            + self.catalog.len() as u64 * HISTOGRAM
            + SAMPLES
            + seconds.sum::<u64>() * SECOND
    }
}
