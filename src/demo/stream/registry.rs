//! All streams of a target: who is let in, on which worker, and what became of them.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value, json};

use super::pacing::Pacing;
use super::record::{Fate, Record, worker_name};
use crate::clock::{RealClock, Tick};
use crate::units::{Count, Duration};

/// So many streams are kept with all their moments.
const KEPT: usize = 1_000;

/// The streams of a target.
#[derive(Debug)]
pub(crate) struct StreamRegistry {
    clock: RealClock,
    entries: Mutex<Entries>,
}

#[derive(Debug)]
struct Entries {
    slots: u64,
    workers: Vec<StreamWorker>,
    begun: u64,
    now: u64,
    most: u64,
    well: u64,
    broken: u64,
    live: BTreeMap<u64, (usize, Tick, Arc<Mutex<Record>>)>,
    recent: VecDeque<Arc<Mutex<Record>>>,
    ended: Totals,
}

#[derive(Debug)]
struct StreamWorker {
    share: i64,
    /// How far it is behind its share.
    credit: i64,
    begun: u64,
    refused: u64,
    now: u64,
    most: u64,
}

#[derive(Debug, Clone, Default)]
struct Totals {
    frames: u64,
    results: u64,
    audio: Duration,
    pacing: Pacing,
    slowest: Option<f64>,
    fastest: Option<f64>,
}

/// A worker has no room.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Full {
    /// How long its oldest session has lasted.
    pub(crate) oldest: Duration,
}

impl StreamRegistry {
    pub(crate) fn new(clock: RealClock, slots: u64, workers: u64, shares: &[Count]) -> Self {
        let share = |n: u64| {
            shares
                .get(n as usize)
                .map_or(1, |share| i64::try_from(share.0).unwrap_or(1))
        };
        let worker = |n| StreamWorker {
            share: share(n),
            credit: 0,
            begun: 0,
            refused: 0,
            now: 0,
            most: 0,
        };
        let entries = Entries {
            slots,
            workers: (0..workers).map(worker).collect(),
            begun: 0,
            now: 0,
            most: 0,
            well: 0,
            broken: 0,
            live: BTreeMap::new(),
            recent: VecDeque::new(),
            ended: Totals::default(),
        };
        Self {
            clock,
            entries: Mutex::new(entries),
        }
    }

    /// The worker that the next session goes to, as a balancer with weights deals them: the same order in every run.
    pub(crate) fn next_worker(&self) -> usize {
        let workers = &mut self.entries().workers;
        let all: i64 = workers.iter().map(|worker| worker.share).sum();
        workers
            .iter_mut()
            .for_each(|worker| worker.credit += worker.share);
        // The first of equals: `max_by_key` alone would take the last.
        let next = workers
            .iter()
            .enumerate()
            .rev()
            .max_by_key(|(_, worker)| worker.credit)
            .map_or(0, |(n, _)| n);
        if let Some(worker) = workers.get_mut(next) {
            worker.credit -= all;
        }
        next
    }

    /// A place for a session on this worker.
    pub(crate) fn enter(
        &self,
        worker: usize,
        now: Tick,
    ) -> Result<(u64, Arc<Mutex<Record>>), Full> {
        let mut entries = self.entries();
        let slots = entries.slots;
        if let Some(full) = entries
            .workers
            .get_mut(worker)
            .filter(|worker| worker.now >= slots)
        {
            full.refused += 1;
            let begun = entries
                .live
                .values()
                .filter(|(on, ..)| *on == worker)
                .map(|(_, begun, _)| *begun)
                .min();
            return Err(Full {
                oldest: begun.map_or(Duration::ZERO, |begun| now.since(begun)),
            });
        }
        entries.begun += 1;
        entries.now += 1;
        entries.most = entries.most.max(entries.now);
        if let Some(worker) = entries.workers.get_mut(worker) {
            worker.begun += 1;
            worker.now += 1;
            worker.most = worker.most.max(worker.now);
        }
        let number = entries.begun;
        let record = Arc::new(Mutex::new(Record::new(number, worker, now)));
        entries
            .live
            .insert(number, (worker, now, Arc::clone(&record)));
        if entries.recent.len() == KEPT {
            entries.recent.pop_front();
        }
        entries.recent.push_back(Arc::clone(&record));
        Ok((number, record))
    }

    /// A session is over.
    pub(crate) fn leave(&self, number: u64) {
        let now = self.clock.now();
        let mut entries = self.entries();
        let Some((worker, _, record)) = entries.live.remove(&number) else {
            return;
        };
        entries.now -= 1;
        if let Some(worker) = entries.workers.get_mut(worker) {
            worker.now -= 1;
        }
        let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
        record.end(now);
        match record.fate {
            Fate::Well => entries.well += 1,
            Fate::Open | Fate::Broken => entries.broken += 1,
        }
        entries.ended.add(&record);
        // It stays among the recent ones for its moments alone.
        record.pacing = Pacing::default();
    }

    /// How many sessions there are.
    pub(crate) fn active(&self) -> u64 {
        self.entries().now
    }

    /// The part of `/truth` about streams.
    pub(crate) fn report(&self) -> Value {
        let entries = self.entries();
        let mut totals = entries.ended.clone();
        for (.., record) in entries.live.values() {
            totals.add(&record.lock().unwrap_or_else(PoisonError::into_inner));
        }
        let workers: Map<String, Value> = entries
            .workers
            .iter()
            .enumerate()
            .map(|(n, StreamWorker { begun, refused, now, most, .. })| {
                (worker_name(n), json!({ "begun": begun, "refused": refused, "now": now, "max_at_once": most }))
            })
            .collect();
        json!({
            "begun": entries.begun,
            "refused": entries.workers.iter().map(|worker| worker.refused).sum::<u64>(),
            "ended_well": entries.well,
            "broken": entries.broken,
            "now": entries.now,
            "max_at_once": entries.most,
            "frames": totals.frames,
            "audio_seconds": totals.audio.as_secs_f64(),
            "results": totals.results,
            "workers": workers,
            "pacing": totals.pacing.report(),
            "pace": { "min": totals.slowest, "max": totals.fastest },
        })
    }

    /// The last streams, each with its moments, oldest first.
    ///
    /// One after the other: to write all of them at once would keep every stream waiting.
    pub(crate) fn recent(&self) -> impl Iterator<Item = Value> + Send + 'static {
        let recent: Vec<_> = self.entries().recent.iter().cloned().collect();
        recent.into_iter().map(|record| {
            record
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .report()
        })
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Totals {
    fn add(&mut self, record: &Record) {
        self.frames += record.frames;
        self.results += record.results;
        self.audio = self.audio + record.audio;
        self.pacing.add(&record.pacing);
        if let Some(pace) = record.pace() {
            self.slowest = Some(self.slowest.map_or(pace, |slowest| slowest.min(pace)));
            self.fastest = Some(self.fastest.map_or(pace, |fastest| fastest.max(pace)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::stream::{StreamService, StreamSlot};

    fn at(millis: u64) -> Tick {
        Tick::ZERO + Duration::from_millis(millis)
    }

    #[test]
    fn each_worker_gets_its_share_of_the_sessions() {
        let deal = |shares: &[u64], count: usize| {
            let shares: Vec<_> = shares.iter().copied().map(Count).collect();
            let roll = StreamRegistry::new(RealClock::start(), 1_000, 3, &shares);
            (0..count).map(|_| roll.next_worker()).collect::<Vec<_>>()
        };
        assert_eq!(deal(&[], 6), [0, 1, 2, 0, 1, 2]);
        let dealt = deal(&[8, 1, 1], 100);
        assert_eq!(
            [0, 1, 2].map(|n| dealt.iter().filter(|on| **on == n).count()),
            [80, 10, 10]
        );
        assert!(
            dealt[..10].contains(&1) && dealt[..10].contains(&2),
            "they are spread: {dealt:?}"
        );
        assert_eq!(deal(&[0, 1, 0], 3), [1, 1, 1]);
    }

    #[test]
    fn a_full_worker_refuses_until_someone_leaves() {
        let roll = Arc::new(StreamRegistry::new(RealClock::start(), 1, 2, &[]));
        let one = StreamSlot::enter(&roll, 0, at(0)).expect("room");
        let _other = StreamSlot::enter(&roll, 1, at(0)).expect("room on the other");
        assert_eq!(
            StreamSlot::enter(&roll, 0, at(50)).err(),
            Some(Full {
                oldest: Duration::from_millis(50)
            })
        );
        drop(one);
        let third = StreamSlot::enter(&roll, 0, at(60)).expect("room again");
        third.frame(at(70), Duration::from_secs(1));
        third.sent(at(80), Duration::from_secs(1), StreamService::Final);
        third.well();
        assert_eq!(roll.report()["frames"], 1, "of a stream under way");
        drop(third);
        let truth = roll.report();
        for (key, count) in [
            ("begun", 3),
            ("refused", 1),
            ("ended_well", 1),
            ("broken", 1),
            ("now", 1),
            ("max_at_once", 2),
        ] {
            assert_eq!(truth[key], count, "{key}");
        }
        assert_eq!(
            (&truth["frames"], &truth["results"], &truth["audio_seconds"]),
            (&1.into(), &1.into(), &1.0.into())
        );
        assert_eq!(
            truth["workers"]["worker-1"],
            json!({ "begun": 2, "refused": 1, "now": 0, "max_at_once": 1 })
        );
        let ends: Vec<_> = roll.recent().map(|mut one| one["end"].take()).collect();
        assert_eq!(ends, ["broken", "open", "well"]);
    }
}
