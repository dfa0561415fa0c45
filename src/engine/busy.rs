//! How busy a worker's own thread is: what the generator distrusts itself by.

use rustix::time::{ClockId, clock_gettime};

use crate::clock::{Clock, Tick};

/// Looks at the thread's CPU time over its wall time.
#[derive(Debug)]
pub(crate) struct BusyMeter {
    real: bool,
    mark: (Tick, u64),
    share: f64,
}

/// A look at less than this says nothing.
const SHORTEST_NANOS: u64 = 20_000_000;

impl BusyMeter {
    pub(crate) fn new(clock: &Clock) -> Self {
        let real = matches!(clock, Clock::Real(_));
        Self {
            real,
            mark: (clock.now(), thread_nanos(real)),
            share: 0.0,
        }
    }

    /// The share of one core that this thread used since the last look; virtual workers are never busy.
    pub(crate) fn look(&mut self, now: Tick) -> f64 {
        let wall = now.since(self.mark.0).as_nanos();
        if wall >= SHORTEST_NANOS {
            let cpu = thread_nanos(self.real);
            self.share = (cpu - self.mark.1) as f64 / wall as f64;
            self.mark = (now, cpu);
        }
        self.share
    }
}

fn thread_nanos(real: bool) -> u64 {
    if !real {
        return 0;
    }
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec.unsigned_abs() * 1_000_000_000 + time.tv_nsec.unsigned_abs()
}
