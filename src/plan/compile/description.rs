//! A load in the words of documents.

use crate::plan::compile::prepared::PreparedLoad;
use crate::summary::{LoadDescription, SplitDescription};

impl PreparedLoad {
    /// The load in words.
    #[must_use]
    pub fn describe(&self) -> LoadDescription {
        let load = &self.load;
        let mut words = Vec::new();
        if let Some(rate) = load.rate {
            words.push(format!("{rate}"));
        }
        if let Some(vus) = load.vus {
            words.push(if vus.0 == 1 {
                "1 user".to_owned()
            } else {
                format!("{vus} users")
            });
        }
        for stage in load.stages.iter().flatten() {
            let level = stage.rate.map_or_else(
                || stage.vus.map_or(String::new(), |n| format!("{n} users")),
                |rate| rate.to_string(),
            );
            words.push(format!("to {level} in {}", stage.duration));
        }
        if let Some(duration) = load.duration {
            words.push(format!("for {duration}"));
        }
        if let Some(iterations) = load.iterations {
            words.push(format!("{iterations} iterations"));
        }
        if load.is_open() {
            words.push(format!("at most {} in flight", load.in_flight_limit()));
        }
        if !load.ramp_up.is_zero() {
            words.push(format!("ramp-up {}", load.ramp_up));
        }
        if !load.warm_up.is_none() {
            words.push(format!("warm-up {}", load.warm_up));
        }
        let users = match load.schedule(0) {
            crate::schedule::Schedule::Closed(closed) => Some(closed.vus),
            crate::schedule::Schedule::Open(_) => None,
        };
        LoadDescription {
            phase: self.phase.clone(),
            name: self.name.clone(),
            executor: load.executor().to_owned(),
            plan: words.join(", "),
            open: load.is_open(),
            users,
            canary: load.canary.0,
            split: load.split_by.as_ref().map(|name| SplitDescription {
                by: name.get_ref().clone(),
                captured: self.flow.is_split_by_capture(),
            }),
        }
    }
}
