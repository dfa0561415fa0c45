//! What to do about a gate that flaps, or misses.

use std::collections::BTreeMap;

use super::nights::Nights;
use super::noise::{Noise, Placed};
use crate::gate::baseline::{Baseline, Recorded, Severity};
use crate::metric::{Address, Stat};
use crate::summary::SAMPLES_BEYOND;
use crate::units::{Unit, print};

/// A baseline of so many sessions is a good one.
const ENOUGH: usize = 8;
/// With fewer than these the spread is hardly known.
pub(super) const FEW: usize = 5;
/// A metric that needs a wider tolerance than this says little.
const WIDE: f64 = 0.25;
/// A tolerance of more than this would allow anything.
const ABSURD: f64 = 1.0;
/// Nobody believes a gate that is red more often without a reason.
const RED: f64 = 0.02;
/// A tolerance below this is not recommended.
const LEAST: f64 = 0.05;
const LEAST_POINTS: f64 = 0.005;

/// What to do about one metric, or about all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recommendation {
    /// The metric's full address; `None` where it is about all.
    pub metric: Option<Address>,
    /// What to do and why, in a sentence.
    pub sentence: String,
    /// A tolerance that noise alone does not break.
    pub tolerance: Option<String>,
}

impl Recommendation {
    /// What to do about tolerances of a baseline that the noise of its own sessions breaks: those of the class of machine with
    /// most sessions. Nothing is said of fewer than five.
    #[must_use]
    pub fn of_baseline(baseline: &Baseline) -> Vec<Self> {
        let mut classes: BTreeMap<String, Vec<&Recorded>> = BTreeMap::new();
        for recorded in baseline
            .sessions
            .iter()
            .filter(|recorded| recorded.set_aside.is_none())
        {
            classes
                .entry(baseline.class(recorded))
                .or_default()
                .push(recorded);
        }
        let Some(sessions) = classes
            .into_values()
            .max_by_key(Vec::len)
            .filter(|own| own.len() >= FEW)
        else {
            return Vec::new();
        };
        let placed = baseline
            .metrics
            .iter()
            .filter_map(|(metric, compared)| Placed::of(metric, compared, &sessions));
        let placed: Vec<Placed<'_>> = placed.collect();
        let failing = placed
            .iter()
            .filter(|own| own.compared.severity == Severity::Fail)
            .count();
        let noises = placed
            .iter()
            .filter_map(|own| Noise::of(own, &sessions, failing));
        noises
            .filter_map(|own| about(&own, sessions.len()))
            .collect()
    }
}

pub(super) fn advice(
    metrics: &[Noise],
    nights: Option<&Nights>,
    sessions: usize,
) -> Vec<Recommendation> {
    let about_all = |sentence: String| Recommendation {
        metric: None,
        sentence,
        tolerance: None,
    };
    let mut all: Vec<Recommendation> = metrics
        .iter()
        .filter_map(|own| about(own, sessions))
        .collect();
    if sessions < ENOUGH {
        let how = if sessions < FEW {
            "hardly known"
        } else {
            "known roughly"
        };
        all.push(about_all(format!(
            "from {sessions} sessions the spread between sessions is {how}: {ENOUGH} are enough (`perfgate run PLAN --sessions {} --every 1h`)",
            ENOUGH - sessions
        )));
    }
    let wide = metrics
        .iter()
        .any(|own| own.severity == Severity::Fail && own.is_beyond_tolerance());
    if let Some(red) = nights.map(|own| own.red).filter(|red| *red > RED && !wide) {
        all.push(about_all(format!(
            "{} of the nights would be red although each tolerance is above its noise: let metrics that say the same as another one \
             only warn, or run more sessions for the baseline",
            print(red, Unit::Ratio)
        )));
    }
    all
}

/// What to do about one metric; nothing where its tolerance is above its noise.
pub(super) fn about(noise: &Noise, sessions: usize) -> Option<Recommendation> {
    let metric = Some(noise.metric.clone());
    if noise.severity != Severity::Fail {
        return None;
    }
    if let Some(needed) = noise
        .needed_samples()
        .filter(|needed| noise.samples < *needed)
    {
        let sentence = format!(
            "{} samples in a run are too few for this percentile: {needed} are needed, or it is not judged. Run longer, or compare a \
             lower percentile",
            noise.samples
        );
        return Some(Recommendation {
            metric,
            sentence,
            tolerance: None,
        });
    }
    if !noise.is_beyond_tolerance() {
        return None;
    }
    if sessions < FEW || (noise.relative && noise.noise > ABSURD) {
        let sentence = format!(
            "noise alone may reach {}, where {} is allowed, as far as {sessions} sessions can tell: record more before its \
             tolerance is changed, and look what differs between these",
            noise.drift(noise.noise),
            noise.drift(noise.allowed)
        );
        return Some(Recommendation {
            metric,
            sentence,
            tolerance: None,
        });
    }
    let tolerance = noise.recommended();
    let what = match (noise.sessions_dominate, noise.within) {
        (_, None) => {
            "more runs in a session (`session.repeats`) would show whether its runs or its sessions differ"
        }
        (true, _) => {
            "its sessions differ by more than their runs explain, so more runs would not help: record more sessions, or find what differs between them"
        }
        (false, _) => {
            "its runs differ more than its sessions: more runs in a session (`session.repeats`) or more requests in a run make it sharper"
        }
    };
    let warn = if noise.relative && noise.noise > WIDE {
        ", or let it only warn (`severity`)"
    } else {
        ""
    };
    let sentence = format!(
        "noise alone reaches {}, where {} is allowed: allow {tolerance}{warn}; {what}",
        noise.drift(noise.noise),
        noise.drift(noise.allowed)
    );
    Some(Recommendation {
        metric,
        sentence,
        tolerance: Some(tolerance),
    })
}

impl Noise {
    /// How many samples a run needs for the percentile to be judged.
    fn needed_samples(&self) -> Option<u64> {
        match self.metric.statistic()? {
            Stat::Percentile(share) => Some((SAMPLES_BEYOND / (1.0 - share)).round() as u64),
            _ => None,
        }
    }

    /// A drift as people write it: a share, percentage points, or an amount.
    #[must_use]
    pub fn drift(&self, drift: f64) -> String {
        match (self.relative, self.unit) {
            (true, _) => print(drift, Unit::Ratio),
            (false, Unit::Ratio) => format!("{} points", print(drift * 100.0, Unit::Count)),
            (false, unit) => print(drift, unit),
        }
    }

    /// The smallest round tolerance that noise alone does not break.
    fn recommended(&self) -> String {
        // What is computed as 0.18000000000000002 is 18 %.
        let up = |value: f64, step: f64| (value / step - 1e-9).ceil() * step;
        match (self.relative, self.unit) {
            (true, _) => format!("{:.0}%", up(self.noise.max(LEAST), 0.01) * 100.0),
            (false, Unit::Ratio) => {
                format!("{:.1}%", up(self.noise.max(LEAST_POINTS), 0.001) * 100.0)
            }
            (false, Unit::Seconds) => format!("{:.0}ms", up(self.noise, 1e-3) * 1e3),
            (false, Unit::PerSecond) => format!("{:.2}/s", up(self.noise, 0.01)),
            (false, Unit::Bytes) => format!("{:.0}B", up(self.noise, 1.0)),
            (false, Unit::Factor) => format!("{:.2}x", up(self.noise, 0.01)),
            (false, Unit::Count) => format!("{:.0}", up(self.noise, 1.0)),
        }
    }
}
