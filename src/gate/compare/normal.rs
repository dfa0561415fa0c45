//! How far a single session is from what was normal: the numbers that a history adds up.

use super::contrast::{Candidate, Contrast};
use super::transformed_samples::TransformedSamples;
use crate::gate::baseline::{Baseline, MetricScale, Recorded, Setting, middle};
use crate::metric::Address;
use crate::summary::MetricValue;

/// A baseline made ready to look at many sessions one by one.
#[derive(Debug)]
pub struct Normal<'a> {
    baseline: &'a Baseline,
    /// Sessions that count, each with its work and the class of its machine.
    recorded: Vec<(Setting, String, &'a Recorded)>,
}

/// One metric of one session against its baseline, on the scale that is compared: logarithms where the tolerance is a share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deviation {
    /// What was normal for the session's machine class, in the metric's base unit.
    pub normal: f64,
    /// The change from it; positive is worse, infinite where the session is worse than any number.
    pub change: f64,
    /// The standard deviation between sessions, shrunk towards what is usual (`s_eff` of `docs/design/gate.md`).
    pub spread: f64,
    /// The change that leaves the tolerance.
    pub bound: f64,
    /// Whether the scale is logarithmic, so that changes are shares.
    pub relative: bool,
    /// 1 where more is worse, −1 where less is.
    sign: f64,
}

impl<'a> Normal<'a> {
    /// The sessions of a baseline, sorted by what `words` (`[baseline] match`) say makes them comparable.
    #[must_use]
    pub fn of(baseline: &'a Baseline, words: &[String]) -> Self {
        let counting = baseline
            .sessions
            .iter()
            .filter(|recorded| recorded.set_aside.is_none());
        let sorted = counting.map(|recorded| {
            let setting = Setting::of_recorded(words, recorded);
            let class = setting.class();
            (setting, class, recorded)
        });
        Self {
            baseline,
            recorded: sorted.collect(),
        }
    }

    /// Whether a session of the same work on the same class of machine is recorded.
    #[must_use]
    pub fn knows(&self, setting: &Setting) -> bool {
        let class = setting.class();
        self.recorded
            .iter()
            .any(|(other, own, _)| other.same_work(setting) && *own == class)
    }

    /// How far the `runs` of a session in this `setting` are from what was normal. `None` where the metric is not compared by
    /// its drift, the session has not measured it in every run, or nothing recorded is comparable.
    #[must_use]
    pub fn deviation(
        &self,
        metric: &Address,
        setting: &Setting,
        runs: &[MetricValue],
    ) -> Option<Deviation> {
        let compared = self
            .baseline
            .metrics
            .get(metric)
            .filter(|compared| compared.bound.is_none())?;
        let scale = MetricScale::of(metric, compared).ok()?;
        let value = scale.measured(runs)?;
        let mut classes: Vec<(&str, Vec<&Recorded>)> = Vec::new();
        for (_, class, one) in self
            .recorded
            .iter()
            .filter(|(other, ..)| other.same_work(setting))
        {
            match classes.iter_mut().find(|(name, _)| name == class) {
                Some((_, known)) => known.push(one),
                None => classes.push((class, vec![one])),
            }
        }
        let own = setting.class();
        let class = classes.iter().position(|(name, _)| *name == own)?;
        let places = TransformedSamples::of(
            metric,
            &scale,
            classes.iter().map(|(_, known)| known.as_slice()),
        );
        let centre = middle(&places.classes[class])?;
        let prior = places.prior(&scale, centre, Some(runs.len()));
        let contrast = Contrast::of(
            &places.classes,
            &[Candidate { value, class }],
            scale.sign,
            prior,
        )?;
        Some(Deviation {
            normal: scale.value(centre),
            change: contrast.change,
            spread: contrast.shrunk,
            bound: scale.bound(centre),
            relative: scale.logarithmic,
            sign: scale.sign,
        })
    }
}

impl Deviation {
    /// The change in standard deviations; positive is worse.
    #[must_use]
    pub fn z(&self) -> f64 {
        match self.change {
            0.0 => 0.0,
            change => change / self.spread,
        }
    }

    /// Whether the session is within the tolerance.
    #[must_use]
    pub fn is_within(&self) -> bool {
        self.change <= self.bound
    }

    /// The change as people say it: a share of what was normal, or an amount in the base unit; positive is more.
    #[must_use]
    pub fn shown(&self) -> f64 {
        let signed = self.sign * self.change;
        if self.relative {
            signed.exp_m1()
        } else {
            signed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::baseline::{MetricPolicy, RecordedValues};
    use crate::metric::Better;
    use crate::summary::Machine;
    use crate::units::Unit;

    const METRIC: &str = "a.latency.p50";

    fn recorded(name: &str, cpu: &str, runs: &[f64]) -> Recorded {
        let summary = crate::summary::Summary::empty("plan");
        let target = Some(Machine {
            cpu: cpu.to_owned(),
            ..Machine::default()
        });
        let mut recorded = Recorded {
            session: name.into(),
            target,
            ..Recorded::of(&summary, &[].into(), "", None)
        };
        recorded.metrics.insert(
            METRIC.into(),
            RecordedValues {
                runs: runs.to_vec(),
                samples: vec![1000; runs.len()],
            },
        );
        recorded
    }

    fn baseline(sessions: Vec<Recorded>) -> Baseline {
        let compared = MetricPolicy::within(Unit::Seconds, Better::Lower, Some("10%".to_owned()));
        Baseline {
            metrics: [(METRIC.into(), compared)].into(),
            sessions,
            ..Baseline::empty("plan")
        }
    }

    fn values(runs: &[f64]) -> Vec<MetricValue> {
        runs.iter()
            .map(|value| MetricValue {
                value: Some(*value),
                samples: 1000,
                ..MetricValue::default()
            })
            .collect()
    }

    /// The group "Classes" of `gating-prior.md`, one candidate at a time.
    #[test]
    fn a_session_is_held_against_its_own_class_and_all_tell_the_spread() {
        let sessions = vec![
            recorded("1", "A", &[0.900, 0.930, 0.915]),
            recorded("2", "A", &[0.940, 0.905, 0.925]),
            recorded("3", "B", &[1.020, 1.004, 1.031]),
        ];
        let words = vec!["cpu".to_owned()];
        let baseline = baseline(sessions);
        let normal = Normal::of(&baseline, &words);
        let on = |cpu: &str| {
            let machine = Machine {
                cpu: cpu.to_owned(),
                ..Machine::default()
            };
            Setting::of(&words, "", &[].into(), Some(&machine))
        };
        let found = normal
            .deviation(&METRIC.into(), &on("B"), &values(&[1.215, 1.240, 1.222]))
            .unwrap();
        assert!(
            (found.change - (1.222f64 / 1.020).ln()).abs() < 1e-12 && found.normal == 1.020,
            "{found:?}"
        );
        assert!(
            (found.spread - 0.044_853_260_499_7).abs() < 1e-12,
            "{found:?}"
        );
        assert!((found.bound - 1.1f64.ln()).abs() < 1e-12 && !found.is_within());
        assert!((found.shown() - (1.222 / 1.020 - 1.0)).abs() < 1e-12);
        assert!((found.z() - found.change / found.spread).abs() < 1e-12);
        assert!(normal.knows(&on("A")) && !normal.knows(&on("C")));
        assert_eq!(
            normal.deviation(&METRIC.into(), &on("C"), &values(&[1.0])),
            None
        );
        assert_eq!(
            normal.deviation(&"a.latency.p99".into(), &on("A"), &values(&[1.0])),
            None
        );
        let gone = MetricValue {
            value: None,
            samples: 0,
            ..MetricValue::default()
        };
        assert_eq!(normal.deviation(&METRIC.into(), &on("A"), &[gone]), None);
        let beyond = MetricValue {
            value: Some(1.0),
            beyond: true,
            samples: 1000,
            ..MetricValue::default()
        };
        assert_eq!(
            normal
                .deviation(&METRIC.into(), &on("A"), &[beyond])
                .unwrap()
                .change,
            f64::INFINITY
        );
    }
}
