//! A kernel timer that learns how late it is.

use std::io;
use std::os::fd::OwnedFd;
use std::task::{Context, Poll};

use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
    timerfd_settime,
};
use tokio::io::unix::AsyncFd;

use super::wait::Wait;
use crate::clock::{RealClock, Tick};
use crate::units::Duration;

/// So near a moment is waited for awake: a look at the sockets takes as long.
const AWAKE: Duration = Duration::from_micros(3);
/// A moment that is nearer than this is not worth a timer: setting one so shortly ahead costs half of it.
const ARMING: Duration = Duration::from_micros(60);

/// A timerfd on the worker's own event loop. Waking an idle processor takes as good as constant time, 60 to 90 µs on a
/// virtual machine: the timer is set that much earlier, and what is left of the wait is spent looking at the sockets.
pub(crate) struct Timer {
    clock: RealClock,
    fd: AsyncFd<OwnedFd>,
    /// What is waited for, and when the kernel is to wake this thread for it.
    armed: Option<(Tick, Tick)>,
    lead: Lead,
}

impl Timer {
    pub(crate) fn new(clock: RealClock) -> io::Result<Self> {
        let fd = timerfd_create(
            TimerfdClockId::Monotonic,
            TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC,
        )?;
        #[expect(
            deprecated,
            reason = "its safe form; the descriptor is owned and outlives the registration"
        )]
        let fd = AsyncFd::new(fd)?;
        Ok(Self {
            clock,
            fd,
            armed: None,
            lead: Lead::default(),
        })
    }

    /// Waits for `at`, which has not come `now`.
    pub(crate) fn poll_until(&mut self, at: Tick, now: Tick, cx: &mut Context<'_>) -> Wait {
        let left = at.since(now);
        if left <= AWAKE {
            self.wait_awake(at);
            return Wait::Over;
        }
        self.take_expiry(cx);
        if left <= self.lead.now().max(ARMING) {
            return Wait::Soon;
        }
        if self.armed.is_none_or(|(due, _)| due != at) {
            self.arm(at);
        }
        Wait::Later
    }

    /// Reads what the kernel has to say, learns from it, and has this task woken for the next.
    fn take_expiry(&mut self, cx: &mut Context<'_>) {
        while let Poll::Ready(Ok(mut ready)) = self.fd.poll_read_ready(cx) {
            let mut count = [0u8; 8];
            let fired = rustix::io::read(ready.get_inner(), &mut count).is_ok();
            ready.clear_ready();
            if fired && let Some((_, set)) = self.armed.take() {
                self.lead.learn(self.clock.now().since(set));
            }
        }
    }

    /// Never longer than [`AWAKE`].
    fn wait_awake(&self, at: Tick) {
        while self.clock.now() < at {
            std::hint::spin_loop();
        }
    }

    fn arm(&mut self, at: Tick) {
        let set = Tick::from_nanos(at.as_nanos().saturating_sub(self.lead.now().as_nanos()));
        let nanos = self.clock.absolute_nanos(set);
        let value = Timespec {
            tv_sec: (nanos / 1_000_000_000) as i64,
            tv_nsec: (nanos % 1_000_000_000) as _,
        };
        let once = Itimerspec {
            it_interval: Timespec {
                tv_sec: 0,
                tv_nsec: 0,
            },
            it_value: value,
        };
        // A descriptor of our own and a valid time: the kernel has no reason to refuse.
        let _ = timerfd_settime(self.fd.get_ref(), TimerfdTimerFlags::ABSTIME, &once);
        self.armed = Some((at, set));
    }
}

/// How much earlier the timer is set: the median of how late it was, found by steps up and down.
#[derive(Debug, Default)]
struct Lead {
    nanos: u64,
}

impl Lead {
    const STEP: u64 = 2_000;
    /// Beyond this a wake-up is an accident of the machine, not its habit, and waiting awake would cost too much.
    const LONGEST: u64 = 150_000;

    const fn now(&self) -> Duration {
        Duration::from_nanos(self.nanos)
    }

    fn learn(&mut self, late: Duration) {
        self.nanos = if late.as_nanos() > self.nanos {
            (self.nanos + Self::STEP).min(Self::LONGEST)
        } else {
            self.nanos.saturating_sub(Self::STEP)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lead_settles_at_the_median_and_has_an_end() {
        let mut lead = Lead::default();
        for n in 0..1000u64 {
            // Half a little over 70 µs, half a little under, and now and then an accident.
            let late = if n % 50 == 0 {
                5_000_000
            } else {
                62_000 + n * 7919 % 17 * 1_000
            };
            lead.learn(Duration::from_nanos(late));
        }
        assert!((58_000..=84_000).contains(&lead.nanos), "{}", lead.nanos);
        (0..1000).for_each(|_| lead.learn(Duration::from_secs(1)));
        assert_eq!(lead.nanos, Lead::LONGEST);
    }
}
