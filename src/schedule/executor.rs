//! Which of k6's executors a load is, and when its iterations start.

use super::closed::ClosedSchedule;
use super::load::Load;
use super::open::OpenSchedule;
use super::per_vu::PerVu;

/// A load ready to be carried out.
#[derive(Debug, Clone)]
pub enum Schedule {
    /// Iterations start by the clock.
    Open(OpenSchedule),
    /// Virtual users start iterations one after the other.
    Closed(ClosedSchedule),
}

impl Load {
    /// k6's name of the executor that this load is.
    #[must_use]
    pub fn executor(&self) -> &'static str {
        let ramps = self.stages.is_some() || !self.ramp_up.is_zero() || !self.ramp_down.is_zero();
        match (self.is_open(), ramps) {
            (true, false) => "constant-arrival-rate",
            (true, true) => "ramping-arrival-rate",
            (false, _) if self.iterations.is_some() => "shared-iterations",
            (false, _) if matches!(self.iterations_per_vu, Some(PerVu::Times(_))) => {
                "per-vu-iterations"
            }
            (false, true) => "ramping-vus",
            (false, false) => "constant-vus",
        }
    }

    /// The schedule of a load that [`Load::check`] finds nothing wrong with. `seed` orders Poisson arrivals.
    #[must_use]
    pub fn schedule(&self, seed: u64) -> Schedule {
        if self.is_open() {
            Schedule::Open(OpenSchedule::new(self, seed))
        } else {
            Schedule::Closed(ClosedSchedule::new(self))
        }
    }
}
