//! When work begins and ends: so many slots, and one line in front of them.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::clock::Tick;
use crate::units::Duration;

/// The schedule of a server with slots. It is computed as work arrives, so it is exact whatever timers do.
#[derive(Debug)]
pub(crate) struct WorkerSlots {
    free: BinaryHeap<Reverse<Tick>>,
    starts: VecDeque<Tick>,
    queue: Option<u64>,
    max_active: usize,
}

/// When one piece of work begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SlotGuard {
    pub(crate) start: Tick,
    pub(crate) finish: Tick,
}

impl WorkerSlots {
    pub(crate) fn new(slots: u64, queue: Option<u64>) -> Self {
        Self {
            free: (0..slots).map(|_| Reverse(Tick::ZERO)).collect(),
            starts: VecDeque::new(),
            queue,
            max_active: 0,
        }
    }

    /// Takes work that arrives now, first come first served; `None` where the queue is full.
    pub(crate) fn admit(&mut self, now: Tick, length: Duration) -> Option<SlotGuard> {
        let Reverse(earliest) = *self.free.peek()?;
        let start = earliest.max(now);
        if start > now {
            if self.queue.is_some_and(|most| self.waiting(now) >= most) {
                return None;
            }
            self.starts.push_back(start);
        }
        self.free.pop();
        self.free.push(Reverse(start + length));
        self.max_active = self.max_active.max(self.active(start));
        Some(SlotGuard {
            start,
            finish: start + length,
        })
    }

    /// Gives it another number of slots. Work under way is finished, by slots that are then taken away.
    pub(crate) fn resize(&mut self, slots: u64) {
        let slots = slots as usize;
        let mut free = std::mem::take(&mut self.free).into_sorted_vec();
        // The latest come first: what is idle, or idle first, goes.
        free.truncate(slots);
        free.resize(slots, Reverse(Tick::ZERO));
        self.free = free.into();
    }

    /// How many wait for a slot.
    pub(crate) fn waiting(&mut self, now: Tick) -> u64 {
        while self.starts.front().is_some_and(|start| *start <= now) {
            self.starts.pop_front();
        }
        self.starts.len() as u64
    }

    /// How many slots are in use.
    pub(crate) fn active(&self, now: Tick) -> usize {
        self.free.iter().filter(|Reverse(free)| *free > now).count()
    }

    /// The most slots that were in use at once.
    pub(crate) fn max_active(&self) -> usize {
        self.max_active
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Tick {
        Tick::ZERO + Duration::from_millis(millis)
    }

    #[test]
    fn work_waits_in_the_order_of_its_arrival() {
        let mut slots = WorkerSlots::new(2, None);
        let turns = [(0, 100), (10, 20), (15, 50), (20, 10), (200, 10)].map(|(now, length)| {
            slots
                .admit(at(now), Duration::from_millis(length))
                .expect("no limit")
        });
        let expected = [(0, 100), (10, 30), (30, 80), (80, 90), (200, 210)];
        assert_eq!(
            turns,
            expected.map(|(start, finish)| SlotGuard {
                start: at(start),
                finish: at(finish)
            })
        );
        assert_eq!(
            (
                slots.max_active(),
                slots.active(at(205)),
                slots.active(at(210))
            ),
            (2, 1, 0)
        );
    }

    #[test]
    fn more_slots_take_more_at_once_and_fewer_fewer() {
        let mut slots = WorkerSlots::new(1, None);
        let starts = |slots: &mut WorkerSlots, now: u64| {
            let turn = slots.admit(at(now), Duration::from_millis(100));
            turn.expect("no limit").start
        };
        assert_eq!(starts(&mut slots, 0), at(0));
        slots.resize(2);
        assert_eq!(starts(&mut slots, 1), at(1));
        assert_eq!(starts(&mut slots, 2), at(100));
        slots.resize(1);
        assert_eq!(
            starts(&mut slots, 3),
            at(200),
            "the slot that is busy longest stays"
        );
    }

    #[test]
    fn a_full_queue_refuses_until_someone_starts() {
        let mut slots = WorkerSlots::new(1, Some(1));
        let mut admit = |now| {
            slots
                .admit(at(now), Duration::from_millis(100))
                .map(|turn| turn.start)
        };
        assert_eq!(admit(0), Some(at(0)));
        assert_eq!(admit(1), Some(at(100)));
        assert_eq!(admit(2), None);
        assert_eq!(admit(100), Some(at(200)));
        assert_eq!(slots.waiting(at(100)), 1);
        assert_eq!(slots.waiting(at(200)), 0);
        assert_eq!(
            WorkerSlots::new(1, Some(0))
                .admit(at(0), Duration::ZERO)
                .map(|turn| turn.start),
            Some(at(0))
        );
    }
}
