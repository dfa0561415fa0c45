//! What the generator's own lateness has added to the times of an iteration.

use super::Measurement::Known;
use super::whole::{WholeValues, without_own_delay};
use super::{LoadStats, Recorder, Ticket};
use crate::clock::{Tick, lateness};
use crate::metric::MetricId;
use crate::units::Duration;

impl LoadStats {
    /// Notes what the generator's own lateness has added to an iteration and to its steps.
    pub(super) fn correct(
        &mut self,
        ticket: &Ticket,
        end: Tick,
        measured: &WholeValues,
        recorder: &Recorder,
    ) {
        let read_late = lateness();
        let own = without_own_delay(&self.ids, ticket, end, read_late, recorder);
        for (measured, own) in measured.iter().zip(own.iter().flatten()) {
            if let (Some((id, Known(measured))), Some((_, Known(own)))) = (measured, own) {
                self.record_corrected(*id, *measured, *own);
            }
        }
        let mut begin = 0;
        for row in &recorder.rows {
            let values = &recorder.values[begin..row.values_end as usize];
            begin = row.values_end as usize;
            // The first step of an open load counts from its due time.
            let start_late = if row.start <= ticket.due {
                ticket.start.since(row.start)
            } else {
                Duration::ZERO
            };
            let delay = (row.late + start_late).as_nanos();
            if delay == 0 {
                continue;
            }
            for (id, value) in values {
                if let Known(measured) = value
                    && self.lengthened[usize::from(id.0)]
                {
                    self.record_corrected(*id, *measured, measured.saturating_sub(delay));
                }
            }
        }
    }

    fn record_corrected(&mut self, id: MetricId, measured: u64, corrected: u64) {
        if let Some(distribution) = &mut self.distributions[usize::from(id.0)] {
            distribution.correct(measured, corrected);
        }
    }
}
