//! Waiting for the next arrival: a kernel timer where there is one, because tokio's own rounds up to a millisecond.

use std::pin::Pin;
use std::task::{Context, Poll};

use super::wait::Wait;
use crate::clock::{Clock, Sleep, Tick};

/// The alarm clock of one worker.
pub(crate) struct Pacer {
    clock: Clock,
    #[cfg(target_os = "linux")]
    timer: Option<super::timer::Timer>,
    /// For virtual time, and where the kernel has no such timer.
    sleep: Option<(Tick, Sleep)>,
}

impl Pacer {
    pub(crate) fn new(clock: &Clock) -> Self {
        Self {
            clock: clock.clone(),
            #[cfg(target_os = "linux")]
            timer: match clock {
                Clock::Real(real) => super::timer::Timer::new(*real).ok(),
                Clock::Virtual(_) => None,
            },
            sleep: None,
        }
    }

    /// Waits for `at`.
    pub(crate) fn poll_until(&mut self, at: Tick, cx: &mut Context<'_>) -> Wait {
        let now = self.clock.now();
        if now >= at {
            return Wait::Over;
        }
        #[cfg(target_os = "linux")]
        if let Some(timer) = &mut self.timer {
            return timer.poll_until(at, now, cx);
        }
        if self.sleep.as_ref().is_none_or(|(armed, _)| *armed != at) {
            self.sleep = Some((at, self.clock.sleep_until(at)));
        }
        match &mut self.sleep {
            Some((_, sleep)) => match std::future::Future::poll(Pin::new(sleep), cx) {
                Poll::Ready(()) => Wait::Over,
                Poll::Pending => Wait::Later,
            },
            None => Wait::Over,
        }
    }
}
