//! The `[load.NAME]` section of a plan.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{PerVu, WarmUpSpec};
use crate::diag::Spanned;
use crate::units::{Count, Duration, DurationRange, Flag, Rate};

/// When iterations of a flow start. Its keys say which of k6's executors it is.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Load {
    /// The flow whose iterations it starts; by default the one of the load's own name.
    pub flow: Option<String>,
    /// A control, measured beside the others to recognise a slow machine; judged by nothing.
    pub canary: Flag,
    /// Reported apart by this name: a capture, a column, or POOL.name, POOL.length.
    #[schemars(with = "Option<String>")]
    pub split_by: Option<Spanned<String>>,
    /// Closed loads: the first starts are spread over this time; by default 0s, and one chunk where audio is paced.
    pub connect_over: Option<Duration>,
    /// Open load: iterations start by the clock, so many a second, minute or hour.
    pub rate: Option<Rate>,
    /// Closed load: so many virtual users, each starting its next iteration when the last is done.
    pub vus: Option<Count>,
    /// From nothing linearly to each level in turn.
    pub stages: Option<Vec<Stage>>,
    /// The measured time at the full level; warm-up and ramps come on top.
    pub duration: Option<Duration>,
    /// Measured iterations in all.
    pub iterations: Option<Count>,
    /// Measured iterations of each virtual user, or "unlimited".
    pub iterations_per_vu: Option<PerVu>,
    /// The time in which the load rises to its level.
    pub ramp_up: Duration,
    /// The time in which the load falls from its level.
    pub ramp_down: Duration,
    /// A time, or "N iterations", at the full level before measuring.
    pub warm_up: WarmUpSpec,
    /// Closed loads: a pause after each iteration, outside its latency.
    pub think: DurationRange,
    /// Closed loads: the pause after an iteration that the target refused, answered with an error, broke off or could not be reached for; by default `think`.
    pub backoff: Option<DurationRange>,
    /// Open loads: "uniform" or "poisson".
    pub arrivals: ArrivalKind,
    /// Open loads: at most so many iterations in flight; an arrival that finds none free is dropped and counted. 1000 unless it is said.
    pub max_vus: Option<Count>,
    /// Open loads: so many virtual users are made before the first arrival.
    pub pre_allocated_vus: Count,
    /// How long iterations in flight may take to finish after the last start; by default what the flow allows.
    pub drain: Option<Duration>,
    /// Iterations of every part together, where something else runs out: clips that are each sent once.
    #[serde(skip)]
    #[schemars(skip)]
    pub at_most: Option<u64>,
}

/// One stage of a load: the level it moves to, and the time it takes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// How long the change takes; "0s" is at once.
    pub duration: Duration,
    /// The arrival rate at its end.
    pub rate: Option<Rate>,
    /// The virtual users at its end.
    pub vus: Option<Count>,
}

/// How arrivals of an open load follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ArrivalKind {
    /// Evenly, on the clock.
    #[default]
    Uniform,
    /// At random, independent of each other: the exponential gaps of a Poisson process.
    Poisson,
}

impl Load {
    /// Whether iterations start by the clock.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let by_rate = self
            .stages
            .as_ref()
            .is_some_and(|stages| stages.iter().any(|stage| stage.rate.is_some()));
        self.rate.is_some() || by_rate
    }

    /// Iterations in flight at most, in an open load.
    #[must_use]
    pub fn in_flight_limit(&self) -> u64 {
        self.max_vus.map_or(1000, |count| count.0)
    }

    /// Whether the load ends by a count alone, without any time.
    #[must_use]
    pub const fn ends_by_count(&self) -> bool {
        self.duration.is_none() && self.stages.is_none()
    }

    pub(super) fn peak_rate(&self) -> f64 {
        let stages = self.stages.iter().flatten().filter_map(|stage| stage.rate);
        self.rate
            .into_iter()
            .chain(stages)
            .map(Rate::each_second)
            .fold(0.0, f64::max)
    }

    /// The most users that the load can make.
    #[must_use]
    pub fn most_users(&self) -> u64 {
        let stages = self.stages.iter().flatten().filter_map(|stage| stage.vus);
        self.vus
            .into_iter()
            .chain(stages)
            .chain(self.max_vus)
            .map(|count| count.0)
            .max()
            .unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Load {
        toml::from_str(text).expect(text)
    }

    #[test]
    fn the_keys_say_which_executor_it_is() {
        for (text, name) in [
            ("rate = '3/s'\nduration = '2m'", "constant-arrival-rate"),
            (
                "rate = '3/s'\nduration = '2m'\nramp_up = '5s'",
                "ramping-arrival-rate",
            ),
            (
                "stages = [{ duration = '10s', rate = '10/s' }]",
                "ramping-arrival-rate",
            ),
            ("vus = 4\nduration = '10s'", "constant-vus"),
            ("stages = [{ duration = '10s', vus = 4 }]", "ramping-vus"),
            ("vus = 4\niterations = 10", "shared-iterations"),
            ("vus = 4\niterations_per_vu = 10", "per-vu-iterations"),
            (
                "vus = 4\niterations_per_vu = 'unlimited'\nduration = '1m'\nramp_up = '1s'",
                "ramping-vus",
            ),
        ] {
            let load = load(text);
            assert_eq!((load.executor(), load.check()), (name, vec![]), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_at_its_key() {
        for (text, key) in [
            ("duration = '1s'", ""),
            ("rate = '3/s'\nvus = 4\nduration = '1s'", "vus"),
            ("rate = '3/s'", ""),
            ("vus = 4", ""),
            ("rate = '3/s'\nduration = '1s'\nthink = '1s'", "think"),
            ("vus = 3\nduration = '1s'\nmax_vus = 4", "max_vus"),
            ("vus = 0\nduration = '1s'", "vus"),
            ("vus = 20000000\nduration = '1s'", "vus"),
            ("rate = '1000000000/s'\nduration = '1s'", "rate"),
            ("stages = [{ duration = '1s' }]", "stages.0"),
            ("vus = 1\niterations = 4\nramp_down = '1s'", "ramp_down"),
        ] {
            let found = load(text).check();
            assert!(found.iter().any(|p| p.key == key), "{text}: {found:?}");
        }
    }
}
