//! Where a worker leaves word for one of its virtual users.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Poll, Waker};

use crate::clock::{Clock, Tick};
use crate::schedule::Arrival;

/// The in-tray of one virtual user. The user sleeps on it, the worker on the same thread writes to it.
#[derive(Debug, Default)]
pub(crate) struct VuMailbox {
    arrival: Cell<Option<Arrival>>,
    started: Cell<Option<Tick>>,
    stopped: Cell<bool>,
    cut: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl VuMailbox {
    /// Hands over an arrival.
    pub(crate) fn give(&self, arrival: Arrival) {
        self.arrival.set(Some(arrival));
        self.wake();
    }

    /// Says when time zero is.
    pub(crate) fn start(&self, zero: Tick) {
        self.started.set(Some(zero));
        self.wake();
    }

    /// Nothing more is to be started.
    pub(crate) fn stop(&self) {
        self.stopped.set(true);
        self.wake();
    }

    /// What is under way is to be cut off.
    pub(crate) fn cut(&self) {
        self.cut.set(true);
        self.stop();
    }

    /// Waits for an arrival; `None` where nothing more comes.
    pub(crate) async fn arrival(&self) -> Option<Arrival> {
        poll_fn(|cx| match self.arrival.take() {
            Some(arrival) => Poll::Ready(Some(arrival)),
            None if self.stopped.get() => Poll::Ready(None),
            None => {
                self.remember(cx.waker());
                Poll::Pending
            }
        })
        .await
    }

    /// Waits for time zero; `None` where it never comes.
    pub(crate) async fn zero(&self) -> Option<Tick> {
        poll_fn(|cx| match self.started.get() {
            Some(zero) => Poll::Ready(Some(zero)),
            None if self.stopped.get() => Poll::Ready(None),
            None => {
                self.remember(cx.waker());
                Poll::Pending
            }
        })
        .await
    }

    /// Waits for `work` while anything may still start; `None` where the load was stopped first.
    pub(crate) async fn unless_stopped<F: Future>(&self, work: F) -> Option<F::Output> {
        self.unless(&self.stopped, work).await
    }

    /// Waits for `work` until it is done or cut off; `None` where it was cut off.
    pub(crate) async fn unless_cut<F: Future>(&self, work: F) -> Option<F::Output> {
        self.unless(&self.cut, work).await
    }

    /// Sleeps until `at`; `false` where the load was stopped first.
    pub(crate) async fn sleep_until(&self, clock: &Clock, at: Tick) -> bool {
        if clock.now() >= at {
            return !self.stopped.get();
        }
        self.unless_stopped(clock.sleep_until(at)).await.is_some()
    }

    async fn unless<F: Future>(&self, flag: &Cell<bool>, work: F) -> Option<F::Output> {
        let mut work = pin!(work);
        poll_fn(|cx| {
            if flag.get() {
                return Poll::Ready(None);
            }
            self.remember(cx.waker());
            work.as_mut().poll(cx).map(Some)
        })
        .await
    }

    fn remember(&self, waker: &Waker) {
        let mut kept = self.waker.borrow_mut();
        if !kept.as_ref().is_some_and(|own| own.will_wake(waker)) {
            *kept = Some(waker.clone());
        }
    }

    fn wake(&self) {
        if let Some(waker) = &*self.waker.borrow() {
            waker.wake_by_ref();
        }
    }
}
