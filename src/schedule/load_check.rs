//! What is wrong with a load.

use super::PerVu;
use super::load::{ArrivalKind, Load};
use crate::diag::Problem;
use crate::units::Duration;

/// Arrivals a second beyond which no generator keeps its clock.
const MOST_RATE: f64 = 1e6;
/// Users beyond which memory, not the target, would be tested.
const MOST_USERS: u64 = 1_000_000;

impl Load {
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
