//! What a person may want to see while a session runs.

use crate::measure::SecondSlot;
use crate::plan::Phase;
use crate::summary::Aborted;
use crate::units::Duration;

#[derive(Debug)]
pub(crate) enum RunEvent<'a> {
    /// A command of the plan is run.
    Hook {
        /// The key of the plan: `before`, `after`, `on_failure`.
        when: &'static str,
        /// The phase; none of the plan itself.
        phase: Option<&'a str>,
        /// What is run.
        command: &'a str,
    },
    /// What a command printed that was run because something failed.
    HookOutput(&'a [String]),
    /// The target is probed.
    Waiting(&'a str),
    /// A run begins.
    RunBegins {
        /// Its number, from 1.
        number: u64,
        /// Of how many.
        of: u64,
    },
    /// One side of a pair begins.
    SideBegins {
        /// `base` or `head`.
        side: &'static str,
        /// The pair's number, from 1.
        number: u64,
        /// Of how many.
        of: u64,
    },
    /// A phase begins.
    PhaseBegins {
        /// The phase; one without a name is the plan itself.
        phase: &'a Phase,
        /// Its number, from 1.
        number: usize,
        /// Of how many.
        of: usize,
    },
    /// The pause between readiness and load.
    Resting(Duration),
    /// A rule of `abort` has ended a load.
    EndedEarly(&'a Aborted),
    /// Where the run is; a few times a second.
    Progress(&'a Progress),
    /// An error that is the first of its kind.
    FirstError {
        /// Since time zero.
        elapsed: Duration,
        /// The step it happened in.
        step: Option<&'a str>,
        /// What went wrong.
        message: &'a str,
    },
    /// Another session comes after this pause.
    Between {
        /// Its number, from 1.
        number: u64,
        /// The pause before it.
        wait: Duration,
        /// It is to confirm what was suspected.
        suspected: bool,
    },
    /// A first signal came: nothing more is started.
    Draining,
    /// A second signal came.
    Aborting,
}

#[derive(Debug, Clone)]
pub(crate) struct Progress {
    pub(crate) elapsed: Duration,
    /// How long the loads last without their drain, where a time ends them.
    pub(crate) total: Option<Duration>,
    /// When measuring begins, as far as it is known.
    pub(crate) measured_from: Duration,
    /// Planned arrivals a second at the peak, of open loads.
    pub(crate) planned_rate: Option<f64>,
    pub(crate) started: u64,
    pub(crate) dropped: u64,
    pub(crate) ok: u64,
    /// Iterations that the target refused as the plan expects until now.
    pub(crate) rejected: u64,
    /// Iterations that ended in another way until now.
    pub(crate) not_ok: u64,
    pub(crate) in_flight: u64,
    recent: Vec<SecondSlot>,
}

impl Progress {
    pub(crate) fn new(
        total: Option<Duration>,
        measured_from: Duration,
        planned_rate: Option<f64>,
    ) -> Self {
        Self {
            elapsed: Duration::ZERO,
            total,
            measured_from,
            planned_rate,
            started: 0,
            dropped: 0,
            ok: 0,
            rejected: 0,
            not_ok: 0,
            in_flight: 0,
            recent: Vec::new(),
        }
    }

    /// One more second of some load on some worker.
    pub(crate) fn add(&mut self, slot: &SecondSlot) {
        self.started += slot.started;
        self.dropped += slot.dropped;
        self.ok += slot.ended[0];
        self.rejected += slot.ended[2];
        self.not_ok += slot.ended[1..].iter().sum::<u64>() - slot.ended[2];
        let newest = slot
            .second
            .max(self.recent.last().map_or(0, |last| last.second));
        self.recent.retain(|kept| kept.second + KEPT > newest);
        self.recent.push(slot.clone());
    }

    /// Latency in seconds below which 95 % of the iterations of the last `seconds` lie; `None` without any.
    pub(crate) fn recent_p95(&self, seconds: u64) -> Option<f64> {
        let mut all = SecondSlot::new(0);
        self.of_last(seconds).for_each(|slot| all.merge(slot));
        all.latency_s(0.95)
    }

    /// Iterations started a second, over the last `seconds`.
    pub(crate) fn recent_rate(&self, seconds: u64) -> f64 {
        let window = seconds.min(self.elapsed.as_nanos() / 1_000_000_000).max(1);
        self.of_last(seconds).map(|slot| slot.started).sum::<u64>() as f64 / window as f64
    }

    fn of_last(&self, seconds: u64) -> impl Iterator<Item = &SecondSlot> {
        let newest = self
            .recent
            .iter()
            .map(|slot| slot.second)
            .max()
            .unwrap_or(0);
        self.recent
            .iter()
            .filter(move |slot| slot.second + seconds > newest)
    }
}

/// Seconds kept for the numbers of the last interval.
const KEPT: u64 = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_yet_is_no_error() {
        let progress = Progress::new(None, Duration::ZERO, None);
        assert_eq!(progress.recent_p95(5), None);
        assert!(progress.recent_rate(5).abs() < f64::EPSILON);
    }

    #[test]
    fn the_last_seconds_count() {
        let mut progress = Progress::new(None, Duration::ZERO, None);
        progress.elapsed = Duration::from_secs(60);
        for second in 0..60 {
            let mut slot = SecondSlot::new(second);
            slot.started = second;
            slot.ended[0] = second;
            slot.record(second * 1_000_000);
            progress.add(&slot);
        }
        assert_eq!((progress.started, progress.ok), (1770, 1770));
        assert!((progress.recent_rate(2) - 58.5).abs() < 1e-9);
        assert!((progress.recent_p95(1).unwrap() - 0.059).abs() < 0.001);
        assert!(progress.recent.len() <= KEPT as usize);
    }
}
