//! The `[load.NAME]` section of a plan.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Closed, Open, PerVu, WarmUp};
use crate::diag::{Problem, Spanned};
use crate::units::{Count, Duration, DurationRange, Flag, Rate};

/// Arrivals a second beyond which no generator keeps its clock.
const MOST_RATE: f64 = 1e6;
/// Users beyond which memory, not the target, would be tested.
const MOST_USERS: u64 = 1_000_000;

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
    pub warm_up: WarmUp,
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

/// A load ready to be carried out.
#[derive(Debug, Clone)]
pub enum Schedule {
    /// Iterations start by the clock.
    Open(Open),
    /// Virtual users start iterations one after the other.
    Closed(Closed),
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

    /// The schedule of a load that [`Load::check`] finds nothing wrong with. `seed` orders Poisson arrivals.
    #[must_use]
    pub fn schedule(&self, seed: u64) -> Schedule {
        if self.is_open() {
            Schedule::Open(Open::new(self, seed))
        } else {
            Schedule::Closed(Closed::new(self))
        }
    }

    /// What is wrong with the load.
    #[must_use]
    pub fn check(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        self.check_kind(&mut found);
        self.check_ends(&mut found);
        if self.is_open() {
            self.check_open(&mut found);
        } else {
            self.check_closed(&mut found);
        }
        found
    }

    fn check_kind(&self, found: &mut Vec<Problem>) {
        let kinds = [
            ("rate", self.rate.is_some()),
            ("vus", self.vus.is_some()),
            ("stages", self.stages.is_some()),
        ];
        let given: Vec<_> = kinds
            .iter()
            .filter(|(_, given)| *given)
            .map(|(key, _)| *key)
            .collect();
        match given[..] {
            [] => found.push(Problem::error(
                "",
                "a load needs one of `rate`, `vus` and `stages`",
                "`rate = \"3/s\"` starts iterations by the clock, `vus = 4` keeps four users busy",
            )),
            [_] => {}
            [_, second, ..] => found.push(Problem::error(
                second,
                format!(
                    "a load has exactly one of `rate`, `vus` and `stages`, this one has `{}`",
                    given.join("` and `")
                ),
                "keep one of them; another load stands beside it under its own name, as [load.NAME]",
            )),
        }
        let Some(stages) = &self.stages else { return };
        if stages.is_empty() {
            found.push(Problem::error(
                "stages",
                "a load with `stages` needs at least one",
                "stages = [{ duration = \"1m\", rate = \"5/s\" }]",
            ));
        }
        for (at, stage) in stages.iter().enumerate() {
            if stage.rate.is_some() == stage.vus.is_some() {
                found.push(Problem::error(
                    format!("stages.{at}"),
                    "a stage has exactly one of `rate` and `vus`",
                    "{ duration = \"1m\", rate = \"5/s\" } or { duration = \"1m\", vus = 10 }",
                ));
            }
        }
        if stages.iter().any(|s| s.rate.is_some()) && stages.iter().any(|s| s.vus.is_some()) {
            found.push(Problem::error(
                "stages",
                "all stages of a load have `rate`, or all have `vus`",
                "put those of the other kind into a load of their own",
            ));
        }
    }

    fn check_ends(&self, found: &mut Vec<Problem>) {
        let counted =
            self.iterations.is_some() || matches!(self.iterations_per_vu, Some(PerVu::Times(_)));
        if self.stages.is_none() && self.duration.is_none() && !counted {
            found.push(Problem::error(
                "",
                "the load never ends",
                "give it a `duration` or a number of `iterations`",
            ));
        }
        if self.stages.is_some() && self.duration.is_some() {
            found.push(Problem::error(
                "duration",
                "`stages` already say how long the load lasts",
                "leave `duration` out",
            ));
        }
        for (key, zero) in [
            ("duration", self.duration.is_some_and(Duration::is_zero)),
            ("iterations", self.iterations.is_some_and(|n| n.0 == 0)),
            ("vus", self.vus.is_some_and(|n| n.0 == 0)),
            ("rate", self.rate.is_some_and(|r| r.count == 0.0)),
            ("max_vus", self.max_vus.is_some_and(|n| n.0 == 0)),
            (
                "iterations_per_vu",
                self.iterations_per_vu == Some(PerVu::Times(0)),
            ),
        ] {
            if zero {
                found.push(
                    Problem::error(
                        key,
                        format!("`{key}` is zero: nothing would run"),
                        "give it a value above zero, or leave the load out",
                    )
                    .at_value(),
                );
            }
        }
        if self.peak_rate() > MOST_RATE {
            found.push(
                Problem::error(
                    "rate",
                    format!(
                        "{}/s is beyond what one machine can start",
                        self.peak_rate()
                    ),
                    format!("at most {MOST_RATE}/s"),
                )
                .at_value(),
            );
        }
        if self.most_users() > MOST_USERS {
            found.push(
                Problem::error(
                    "vus",
                    format!(
                        "{} users are beyond what one machine can be",
                        self.most_users()
                    ),
                    format!("at most {MOST_USERS}"),
                )
                .at_value(),
            );
        }
        if self.ends_by_count() && !self.ramp_down.is_zero() {
            found.push(Problem::error(
                "ramp_down",
                "a load that ends by count has no end to ramp down from",
                "give it a `duration`",
            ));
        }
    }

    fn peak_rate(&self) -> f64 {
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

    fn check_open(&self, found: &mut Vec<Problem>) {
        let closed_only = [
            ("think", !self.think.is_zero()),
            ("backoff", self.backoff.is_some()),
            ("iterations_per_vu", self.iterations_per_vu.is_some()),
            (
                "connect_over",
                self.connect_over.is_some_and(|over| !over.is_zero()),
            ),
        ];
        for (key, given) in closed_only {
            if given {
                found.push(Problem::error(
                    key,
                    format!("`{key}` is for loads of virtual users; this one starts iterations by the clock"),
                    "use `vus` in place of `rate`, or leave it out",
                ));
            }
        }
        if self.pre_allocated_vus.0 > self.in_flight_limit() {
            found.push(Problem::error(
                "pre_allocated_vus",
                format!(
                    "`pre_allocated_vus` is more than `max_vus` ({})",
                    self.in_flight_limit()
                ),
                "raise `max_vus`, or make fewer of them before",
            ));
        }
    }

    fn check_closed(&self, found: &mut Vec<Problem>) {
        let open_only = [
            ("arrivals", self.arrivals != ArrivalKind::Uniform),
            ("max_vus", self.max_vus.is_some()),
            ("pre_allocated_vus", self.pre_allocated_vus.0 > 0),
        ];
        for (key, given) in open_only {
            if given && (self.vus.is_some() || self.stages.is_some()) {
                found.push(Problem::error(
                    key,
                    format!(
                        "`{key}` is for loads with an arrival `rate`; this one has virtual users"
                    ),
                    "use `rate` in place of `vus`, or leave it out",
                ));
            }
        }
        if self.iterations.is_some() && matches!(self.iterations_per_vu, Some(PerVu::Times(_))) {
            found.push(Problem::error(
                "iterations_per_vu",
                "`iterations` and `iterations_per_vu` exclude each other",
                "keep one of them",
            ));
        }
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
