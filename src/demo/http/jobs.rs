//! Jobs, whose state follows from the clock alone.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::clock::Tick;
use crate::demo::slots::SlotGuard;
use crate::units::Duration;

/// Finished jobs beyond this many are forgotten, the oldest first.
pub(crate) const KEPT: usize = 100_000;

/// One job.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) filename: String,
    pub(crate) model: String,
    pub(crate) submitted: Tick,
    pub(crate) turn: SlotGuard,
    pub(crate) fails: bool,
    pub(crate) transcript: &'static str,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JobStage {
    Queued,
    Processing,
    Enriching,
    Completed,
    Failed,
}

impl JobStage {
    pub(crate) const fn status(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Processing => "processing",
            Self::Enriching => "enriching",
            Self::Completed => "completed",
            Self::Failed => "failed_whisper_error",
        }
    }

    /// What the queue behind the service calls it.
    pub(crate) const fn queue_status(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Processing | Self::Enriching => "started",
            Self::Completed => "finished",
            Self::Failed => "failed",
        }
    }
}

impl Job {
    /// How far it is: the first 80 % of its work are processing, the rest enriching.
    pub(crate) fn stage(&self, now: Tick) -> JobStage {
        let SlotGuard { start, finish } = self.turn;
        let work = finish.since(start).as_nanos();
        match now {
            now if now >= finish && self.fails => JobStage::Failed,
            now if now >= finish => JobStage::Completed,
            now if now < start => JobStage::Queued,
            now if now < start + Duration::from_nanos(work - work / 5) => JobStage::Processing,
            _ => JobStage::Enriching,
        }
    }
}

/// All jobs that are not finished, and the newest that are.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    kept: VecDeque<Job>,
    forgotten: u64,
    running: BinaryHeap<Reverse<(Tick, bool, Duration)>>,
}

impl Jobs {
    /// How many there were.
    pub(crate) fn submitted(&self) -> u64 {
        self.forgotten + self.kept.len() as u64
    }

    /// Adds a job and returns its number, from 1.
    pub(crate) fn add(&mut self, job: Job) -> u64 {
        while self.kept.len() >= KEPT
            && self
                .kept
                .front()
                .is_some_and(|old| old.turn.finish <= job.submitted)
        {
            self.kept.pop_front();
            self.forgotten += 1;
        }
        self.running.push(Reverse((
            job.turn.finish,
            job.fails,
            job.turn.finish.since(job.turn.start),
        )));
        self.kept.push_back(job);
        self.submitted()
    }

    /// The job of a number.
    pub(crate) fn get(&self, number: u64) -> Option<&Job> {
        let place = number.checked_sub(self.forgotten + 1)?;
        self.kept.get(usize::try_from(place).ok()?)
    }

    /// The next job that is finished by now and was not told yet: whether it failed, and how long it was worked on.
    pub(crate) fn finished(&mut self, now: Tick) -> Option<(bool, Duration)> {
        self.running
            .peek()
            .filter(|Reverse((finish, ..))| *finish <= now)?;
        self.running
            .pop()
            .map(|Reverse((_, failed, work))| (failed, work))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Tick {
        Tick::ZERO + Duration::from_millis(millis)
    }

    fn job(start: u64, finish: u64, fails: bool) -> Job {
        let turn = SlotGuard {
            start: at(start),
            finish: at(finish),
        };
        Job {
            filename: String::new(),
            model: String::new(),
            submitted: at(start),
            turn,
            fails,
            transcript: "text",
        }
    }

    #[test]
    fn a_job_goes_through_its_stages() {
        let stages = [
            (9, JobStage::Queued),
            (10, JobStage::Processing),
            (89, JobStage::Processing),
            (90, JobStage::Enriching),
        ];
        for (now, stage) in stages
            .into_iter()
            .chain([(109, JobStage::Enriching), (110, JobStage::Completed)])
        {
            assert_eq!(job(10, 110, false).stage(at(now)), stage, "{now}");
        }
        assert_eq!(job(10, 110, true).stage(at(110)), JobStage::Failed);
    }

    #[test]
    fn every_job_is_told_once_when_it_is_finished() {
        let mut jobs = Jobs::default();
        assert_eq!(
            (jobs.add(job(0, 50, false)), jobs.add(job(0, 20, true))),
            (1, 2)
        );
        assert_eq!(jobs.finished(at(19)), None);
        assert_eq!(
            jobs.finished(at(100)),
            Some((true, Duration::from_millis(20)))
        );
        assert_eq!(
            jobs.finished(at(100)),
            Some((false, Duration::from_millis(50)))
        );
        assert_eq!(jobs.finished(at(100)), None);
    }

    #[test]
    fn only_the_newest_finished_jobs_are_kept() {
        let mut jobs = Jobs::default();
        for n in 0..KEPT as u64 + 5 {
            assert_eq!(jobs.add(job(n, n, false)), n + 1);
            jobs.finished(at(n));
        }
        assert!(
            jobs.get(5).is_none() && jobs.get(6).is_some() && jobs.get(KEPT as u64 + 5).is_some()
        );
        assert!(jobs.get(0).is_none() && jobs.get(KEPT as u64 + 6).is_none());
        assert_eq!(jobs.submitted(), KEPT as u64 + 5);
    }
}
