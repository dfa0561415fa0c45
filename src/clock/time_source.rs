//! One clock to ask, whether the time is real or virtual.

use std::future::Future;

use super::{RealClock, Sleep, Tick, VirtualClock};

/// The time a run lives by.
#[derive(Debug, Clone)]
pub enum Clock {
    /// The machine's monotonic clock.
    Real(RealClock),
    /// A clock that moves only when everything waits.
    Virtual(VirtualClock),
}

impl Clock {
    /// The machine's clock, starting at zero now.
    #[must_use]
    pub fn real() -> Self {
        Self::Real(RealClock::start())
    }

    /// Nanoseconds since the clock was made.
    #[must_use]
    pub fn now(&self) -> Tick {
        match self {
            Self::Real(clock) => clock.now(),
            Self::Virtual(clock) => clock.now(),
        }
    }

    /// Waits until `at`; ready at once where that has passed. Real waits end up to about 1 ms late (tokio's timer wheel).
    #[must_use]
    pub fn sleep_until(&self, at: Tick) -> Sleep {
        match self {
            Self::Real(clock) => {
                Sleep::Real(Box::pin(tokio::time::sleep(at.since(clock.now()).into())))
            }
            Self::Virtual(clock) => Sleep::Virtual(clock.sleep_until(at)),
        }
    }

    /// Runs `work`, but no longer than until `deadline`; `None` where the deadline came first.
    pub async fn until<F: Future>(&self, deadline: Tick, work: F) -> Option<F::Output> {
        let work = std::pin::pin!(work);
        let sleep = std::pin::pin!(self.sleep_until(deadline));
        match futures_util::future::select(work, sleep).await {
            futures_util::future::Either::Left((done, _)) => Some(done),
            futures_util::future::Either::Right(_) => None,
        }
    }
}
