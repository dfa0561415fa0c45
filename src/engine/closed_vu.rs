//! A virtual user of a closed load: starts its next iteration when the last is done.

use std::rc::Rc;

use super::load_state::{LoadState, until_tick};
use super::mailbox::VuMailbox;
use super::open_vu::prepare;
use crate::clock::Tick;
use crate::measure::{Recorder, Ticket, Vu};
use crate::metric::{LoadPart, Outcome};
use crate::schedule::{ClosedSchedule, ThinkTimes, WarmUpSpec};
use crate::units::{Duration, DurationRange};

/// A user that is turned away sooner than this, and does not pause, does nothing but knock.
const HURRY: Duration = Duration::from_millis(100);

/// Lives until its load is over. `index` is its number in the load, from 0.
pub(crate) async fn live<V: Vu>(
    vu: V,
    index: u64,
    closed: Rc<ClosedSchedule>,
    desk: Rc<VuMailbox>,
    load: Rc<LoadState>,
) {
    let think = ThinkTimes::new(load.share.seed, index);
    let notes = Recorder::default();
    let mut user = ClosedVu {
        vu,
        index,
        closed,
        desk,
        load: Rc::clone(&load),
        think,
        notes,
        ready: false,
    };
    user.prepare().await;
    load.live.set(load.live.get() - 1);
    if let Some(zero) = user.desk.zero().await {
        user.follow_schedule(zero).await;
    }
    load.live.set(load.live.get().saturating_sub(1));
}

struct ClosedVu<V> {
    vu: V,
    index: u64,
    closed: Rc<ClosedSchedule>,
    desk: Rc<VuMailbox>,
    load: Rc<LoadState>,
    think: ThinkTimes,
    notes: Recorder,
    /// Whether what comes once before its iterations has been done.
    ready: bool,
}

impl<V: Vu> ClosedVu<V> {
    async fn prepare(&mut self) {
        self.ready = prepare(&mut self.vu, &self.desk, &self.load, &mut self.notes).await;
    }

    /// Whether there is time for another iteration before `end`. What comes once before the first is made up for here, because
    /// an iteration belongs where its own start falls.
    async fn is_ready_before(&mut self, end: Tick) -> bool {
        if !self.ready && self.now() < end {
            self.prepare().await;
        }
        self.now() < end
    }

    /// Returns when nothing more is to be started: `None` is the early end, by word of the worker.
    async fn follow_schedule(&mut self, zero: Tick) -> Option<()> {
        if !self.closed.opening_is_empty() {
            self.open(zero).await?;
        }
        let from = match self.closed.warm_up {
            WarmUpSpec::For(time) => zero + self.closed.ramp_up + time,
            WarmUpSpec::Iterations(0) => zero + self.closed.ramp_up,
            WarmUpSpec::Iterations(_) => {
                self.desk
                    .unless_stopped(self.load.share.budget.measured_from())
                    .await??
            }
        };
        let until = until_tick(from, self.closed.measured());
        self.load.open_window(from, until);
        self.measure(from, until).await
    }

    /// What comes before measuring.
    async fn open(&mut self, zero: Tick) -> Option<()> {
        let Some(start) = self.closed.opening_start(self.index) else {
            return Some(());
        };
        self.sleep_until(zero + start).await?;
        let ramped = zero + self.closed.ramp_up;
        while self.is_ready_before(ramped).await {
            self.iterate(LoadPart::RampUp).await?;
        }
        match self.closed.warm_up {
            WarmUpSpec::For(time) => {
                while self.is_ready_before(ramped + time).await {
                    self.iterate(LoadPart::WarmUp).await?;
                }
            }
            WarmUpSpec::Iterations(_) => {
                let load = Rc::clone(&self.load);
                while self.is_ready_before(Tick::NEVER).await && load.share.budget.take_warm_up() {
                    let outcome = self.run(LoadPart::WarmUp).await;
                    load.share.budget.finish_warm_up(self.now());
                    if outcome?.is_turned_away() {
                        self.pause(self.closed.backoff).await?;
                    }
                }
            }
        }
        Some(())
    }

    async fn measure(&mut self, from: Tick, until: Tick) -> Option<()> {
        let active = self.closed.active(self.index);
        let end = active
            .iter()
            .map(|span| span.1)
            .max()
            .unwrap_or(Duration::ZERO);
        // The newest users end first: the load's own deadline is that of its oldest.
        let last = self.closed.active(0).last().map_or(end, |span| span.1);
        if last != Duration::MAX {
            let deadline = from + last + self.load.share.drain;
            self.load
                .deadline
                .set(self.load.deadline.get().min(deadline));
        }
        let mut done = 0;
        for (on, off) in active {
            self.sleep_until(from + on).await?;
            while self.is_ready_before(until_tick(from, off)).await {
                let part = if self.now() < until {
                    LoadPart::Measured
                } else {
                    LoadPart::RampDown
                };
                if part == LoadPart::Measured {
                    if done >= self.closed.iterations_per_vu
                        || !self.load.share.budget.take_measured()
                    {
                        self.load.by_count.set(true);
                        return None;
                    }
                    done += 1;
                }
                self.iterate(part).await?;
            }
        }
        None
    }

    /// One iteration and the pause after it.
    async fn iterate(&mut self, part: LoadPart) -> Option<()> {
        let began = self.now();
        let turned_away = self.run(part).await?.is_turned_away();
        let pause = if turned_away {
            self.closed.backoff
        } else {
            self.closed.think
        };
        if turned_away && pause.is_zero() && self.now().since(began) < HURRY {
            self.load.hurry();
        }
        self.pause(pause).await
    }

    async fn pause(&mut self, range: DurationRange) -> Option<()> {
        if range.is_zero() {
            return Some(());
        }
        let pause = self.think.pause(range);
        self.load.think(pause);
        let at = self.now() + pause;
        self.sleep_until(at).await
    }

    /// One iteration and how it ended; `None` where nothing more is to be started after it.
    async fn run(&mut self, part: LoadPart) -> Option<Outcome> {
        self.desk.unless_stopped(std::future::ready(())).await?;
        let start = self.now();
        let budget = &self.load.share.budget;
        let n = budget.number();
        if n >= self.closed.at_most {
            self.load.by_count.set(true);
            return None;
        }
        budget.enter();
        let ticket = Ticket {
            n,
            vu: self.index + 1,
            due: start,
            start,
            part,
        };
        let outcome = self
            .load
            .run(&mut self.vu, &self.desk, ticket, &mut self.notes)
            .await;
        self.load.share.budget.leave();
        self.desk.unless_stopped(std::future::ready(outcome)).await
    }

    async fn sleep_until(&self, at: Tick) -> Option<()> {
        self.desk
            .sleep_until(&self.load.clock, at)
            .await
            .then_some(())
    }

    fn now(&self) -> Tick {
        self.load.clock.now()
    }
}
