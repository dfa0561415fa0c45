//! When work begins and ends: so many slots, and one line in front of them.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::clock::Tick;
use crate::units::Duration;

/// The schedule of a server with slots. It is computed as work arrives, so it is exact whatever timers do.
#[derive(Debug)]
pub(super) struct Slots {
    free: BinaryHeap<Reverse<Tick>>,
    starts: VecDeque<Tick>,
    queue: Option<u64>,
    max_active: usize,
}

/// When one piece of work begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Turn {
    pub(super) start: Tick,
    pub(super) finish: Tick,
}

impl Slots {
    pub(super) fn new(slots: u64, queue: Option<u64>) -> Self {
        Self {
            free: (0..slots).map(|_| Reverse(Tick::ZERO)).collect(),
            starts: VecDeque::new(),
            queue,
            max_active: 0,
        }
    }

    /// Takes work that arrives now, first come first served; `None` where the queue is full.
    pub(super) fn admit(&mut self, now: Tick, length: Duration) -> Option<Turn> {
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
        Some(Turn {
            start,
            finish: start + length,
        })
    }

    /// How many wait for a slot.
    pub(super) fn waiting(&mut self, now: Tick) -> u64 {
        while self.starts.front().is_some_and(|start| *start <= now) {
            self.starts.pop_front();
        }
        self.starts.len() as u64
    }

    /// How many slots are in use.
    pub(super) fn active(&self, now: Tick) -> usize {
        self.free.iter().filter(|Reverse(free)| *free > now).count()
    }

    /// The most slots that were in use at once.
    pub(super) fn max_active(&self) -> usize {
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
        let mut slots = Slots::new(2, None);
        let turns = [(0, 100), (10, 20), (15, 50), (20, 10), (200, 10)].map(|(now, length)| {
            slots
                .admit(at(now), Duration::from_millis(length))
                .expect("no limit")
        });
        let expected = [(0, 100), (10, 30), (30, 80), (80, 90), (200, 210)];
        assert_eq!(
            turns,
            expected.map(|(start, finish)| Turn {
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
    fn a_full_queue_refuses_until_someone_starts() {
        let mut slots = Slots::new(1, Some(1));
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
            Slots::new(1, Some(0))
                .admit(at(0), Duration::ZERO)
                .map(|turn| turn.start),
            Some(at(0))
        );
    }
}
