//! In which unit k6 counts a metric, and which direction of it is good.

use super::entry::{K6Kind, K6Metric};
use crate::metric::Better;
use crate::units::Unit;

/// A unit of k6: how many of it are one of the base unit, and how people write it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Measure {
    /// The base unit of what is made of it.
    pub(super) unit: Unit,
    /// So many are one of the base unit.
    pub(super) each: f64,
    /// What stands behind a number in a bound.
    pub(super) suffix: &'static str,
}

/// Trends that k6 makes itself: milliseconds, also where the file does not say so.
const MILLISECONDS: [&str; 19] = [
    "http_req_duration",
    "http_req_blocked",
    "http_req_connecting",
    "http_req_tls_handshaking",
    "http_req_sending",
    "http_req_waiting",
    "http_req_receiving",
    "iteration_duration",
    "group_duration",
    "grpc_req_duration",
    "ws_connecting",
    "ws_session_duration",
    "ws_ping",
    "browser_http_req_duration",
    "browser_web_vital_fcp",
    "browser_web_vital_fid",
    "browser_web_vital_inp",
    "browser_web_vital_lcp",
    "browser_web_vital_ttfb",
];

impl Measure {
    pub(super) const MILLISECONDS: Self = Self {
        unit: Unit::Seconds,
        each: 1000.0,
        suffix: "ms",
    };
    pub(super) const SECONDS: Self = Self {
        unit: Unit::Seconds,
        each: 1.0,
        suffix: "s",
    };
    pub(super) const BYTES: Self = Self {
        unit: Unit::Bytes,
        each: 1.0,
        suffix: "B",
    };
    pub(super) const COUNT: Self = Self {
        unit: Unit::Count,
        each: 1.0,
        suffix: "",
    };
    pub(super) const PLAIN: Self = Self {
        unit: Unit::Factor,
        each: 1.0,
        suffix: "",
    };
    pub(super) const EACH_SECOND: Self = Self {
        unit: Unit::PerSecond,
        each: 1.0,
        suffix: "/s",
    };
    pub(super) const SHARE: Self = Self {
        unit: Unit::Ratio,
        each: 1.0,
        suffix: "%",
    };

    /// The unit of a metric's values; `PLAIN` where nobody says.
    pub(super) fn of(entry: &K6Metric<'_>) -> Self {
        let base = entry.base();
        let counts = entry.kind == K6Kind::Counter || ["vus", "vus_max"].contains(&base);
        match (entry.kind, entry.contains) {
            (K6Kind::Rate, _) => Self::SHARE,
            (_, Some("time")) => Self::MILLISECONDS,
            (_, Some("data")) => Self::BYTES,
            (_, None) if MILLISECONDS.contains(&base) => Self::MILLISECONDS,
            (_, None) if ["data_sent", "data_received"].contains(&base) => Self::BYTES,
            _ if counts => Self::COUNT,
            _ if base.ends_with("_seconds") => Self::SECONDS,
            _ if base.ends_with("_ms") => Self::MILLISECONDS,
            _ => Self::PLAIN,
        }
    }

    /// A number of k6 in the base unit.
    pub(super) fn base(self, number: f64) -> f64 {
        number / self.each
    }
}

/// Which direction of an address is good; for what people have named themselves only where the name says it.
pub(super) fn better(entry: &K6Metric<'_>, unit: Unit) -> Better {
    let base = entry.base();
    let says = |words: &[&str]| words.iter().any(|word| base.contains(word));
    match unit {
        Unit::Seconds => Better::Lower,
        Unit::PerSecond if ["http_reqs", "iterations"].contains(&base) => Better::Higher,
        Unit::Ratio | Unit::Count | Unit::PerSecond
            if base == "dropped_iterations" || says(&["error", "fail"]) =>
        {
            Better::Lower
        }
        Unit::Ratio | Unit::Count | Unit::PerSecond
            if base.starts_with("checks") || says(&["success"]) =>
        {
            Better::Higher
        }
        _ => Better::Neither,
    }
}
