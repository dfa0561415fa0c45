//! Where a worker leaves its reports and samples.

use std::cell::RefCell;
use std::sync::mpsc::SyncSender;

use tokio::sync::mpsc;

use super::report::WorkerReport;
use crate::measure::Batch;

/// Where a worker leaves what it has to say. Nothing here ever holds the load up.
#[derive(Debug, Clone)]
pub struct WorkerOutbox {
    /// To the control thread.
    pub reports: mpsc::Sender<WorkerReport>,
    /// Raw samples to their writer, where they are kept.
    pub samples: Option<SyncSender<Batch>>,
}

/// What is on its way out of one worker.
pub(crate) struct ReportQueue {
    outbox: WorkerOutbox,
    /// Reports that found no room yet.
    pub(crate) unsent: Vec<WorkerReport>,
    pub(crate) samples_lost: u64,
}

impl ReportQueue {
    pub(crate) const fn new(outbox: WorkerOutbox) -> Self {
        Self {
            outbox,
            unsent: Vec::new(),
            samples_lost: 0,
        }
    }

    /// Reports are few and must arrive; one that finds the channel full waits for the next.
    pub(crate) fn report(&mut self, report: WorkerReport) {
        self.unsent.push(report);
        while !self.unsent.is_empty() {
            let report = self.unsent.remove(0);
            let sent = self.outbox.reports.try_send(report);
            if let Err(mpsc::error::TrySendError::Full(report)) = sent {
                self.unsent.insert(0, report);
                return;
            }
        }
    }

    /// Hands the samples so far to their writer; what it cannot take is lost and counted.
    pub(crate) fn send_samples(&mut self, samples: &RefCell<Batch>) {
        let batch = std::mem::take(&mut *samples.borrow_mut());
        let count = batch.samples.len() as u64;
        let writer = self.outbox.samples.as_ref();
        if count > 0 && writer.is_some_and(|writer| writer.try_send(batch).is_err()) {
            self.samples_lost += count;
        }
    }
}
