//! One metric of a summary of k6, whatever the shape of the file.

use serde_json::Value;

use super::address::{statistic, suffixes};
use super::numbers::{Numbers, whole};
use crate::metric::Address;
use crate::summary::Told;

/// k6's types of metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum K6Kind {
    /// A sum.
    Counter,
    /// The last value, with the lowest and the highest.
    Gauge,
    /// How many of how many.
    Rate,
    /// Statistics of many values.
    Trend,
}

/// One metric, or one part of it (`http_req_duration{name:login}`).
#[derive(Debug)]
pub(super) struct K6Metric<'a> {
    pub(super) name: &'a str,
    pub(super) kind: K6Kind,
    /// `time`, `data` or `default`; `None` where the file does not say.
    pub(super) contains: Option<&'a str>,
    pub(super) values: Numbers<'a>,
    /// Each expression, and whether k6 says that it held.
    pub(super) thresholds: Vec<(&'a str, Option<Told>)>,
}

impl K6Kind {
    /// The type as the file names it, else the one that has such statistics.
    pub(super) fn of(word: Option<&Value>, values: Numbers<'_>) -> Self {
        let trend = || {
            values
                .names()
                .any(|name| !["count", "min", "max"].contains(&name) && statistic(name).is_some())
        };
        match word.and_then(Value::as_str) {
            Some("counter") => Self::Counter,
            Some("gauge") => Self::Gauge,
            Some("rate") => Self::Rate,
            Some("trend") => Self::Trend,
            _ if ["passes", "fails", "matches"]
                .iter()
                .any(|name| values.has(name)) =>
            {
                Self::Rate
            }
            _ if values.has("value") => Self::Gauge,
            _ if values.has("count") && !trend() => Self::Counter,
            _ => Self::Trend,
        }
    }
}

impl K6Metric<'_> {
    /// The metric's name without the tags of a part of it.
    pub(super) fn base(&self) -> &str {
        self.name.split('{').next().unwrap_or(self.name)
    }

    /// Whether there is any data. A trend without samples has zeros for statistics, a rate has no exchanges.
    pub(super) fn has_data(&self) -> bool {
        match self.kind {
            K6Kind::Counter => self.values.get("count").is_some(),
            K6Kind::Gauge => self.values.get("value").is_some(),
            K6Kind::Rate => {
                self.values.first(&["rate", "value"]).is_some()
                    && self.counted() != Some((0.0, 0.0))
            }
            K6Kind::Trend => {
                let statistics =
                    suffixes(self.values).filter_map(|(name, _)| self.values.get(name));
                statistics.into_iter().any(|number| number != 0.0)
            }
        }
    }

    /// Whether it shows that anything was done: users that stand ready and iterations that were dropped do not.
    pub(super) fn shows_work(&self) -> bool {
        match self.kind {
            K6Kind::Counter => {
                self.base() != "dropped_iterations"
                    && self.values.get("count").is_some_and(|n| n > 0.0)
            }
            K6Kind::Gauge => false,
            K6Kind::Rate | K6Kind::Trend => self.has_data(),
        }
    }

    /// Of a rate: how many went that way, and how many there were.
    pub(super) fn counted(&self) -> Option<(f64, f64)> {
        let part = self.values.first(&["passes", "matches"])?;
        let whole = match self.values.get("total") {
            Some(total) => total,
            None => part + self.values.get("fails")?,
        };
        (part >= 0.0 && whole >= part && whole.is_finite()).then_some((part, whole))
    }

    /// The samples behind a rate; 0 where the file does not say, or contradicts itself.
    pub(super) fn rate_samples(&self, rate: f64) -> u64 {
        let agrees = |(part, whole): &(f64, f64)| (part / whole - rate).abs() <= 1e-6;
        self.counted()
            .filter(agrees)
            .map_or(0, |(_, total)| whole(total))
    }
}

impl K6Metric<'_> {
    pub(super) fn whole(&self) -> Address {
        Address::foreign(self.name, None)
    }

    /// The address of one of its statistics.
    pub(super) fn with_stat(&self, stat: &str) -> Address {
        Address::foreign(self.name, Some(stat))
    }

    /// The address of what k6 calls `aggregation` in a threshold; `None` where this kind of metric has no such thing.
    pub(super) fn address(&self, aggregation: &str) -> Option<Address> {
        match (self.kind, aggregation) {
            (K6Kind::Counter, "count") | (K6Kind::Gauge, "value") => Some(self.whole()),
            (K6Kind::Counter | K6Kind::Rate, "rate") => Some(self.with_stat("rate")),
            (K6Kind::Trend, _) => Some(self.with_stat(&statistic(aggregation)?)),
            _ => None,
        }
    }
}
