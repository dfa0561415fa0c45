//! Every metric a plan can produce, and what a rule's shortened name means among them.

use crate::metric::{
    Address, Better, Catalog, DRIFT, DRIFTS, IMBALANCE, MetricKind, MetricLevel, OF_SERIES, Owner,
    Stat, split_point,
};
use crate::summary::SweepDescription;
use crate::units::Unit;

/// One metric that the plan can produce.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricRef {
    /// Its address.
    pub address: Address,
    /// Its base unit.
    pub unit: Unit,
    /// Which direction is good.
    pub better: Better,
}

/// A monitor in a phase, and what it watches.
#[derive(Debug, Clone)]
pub struct MonitorKinds {
    /// The phase and the monitor.
    pub owner: Owner,
    /// Name, unit and direction of each value.
    pub kinds: Vec<(String, Unit, Better)>,
    /// Whether it watches several instances.
    pub has_instances: bool,
}

impl MonitorKinds {
    fn words(&self) -> impl Iterator<Item = MetricRef> {
        self.kinds.iter().flat_map(|(name, unit, better)| {
            let of_series = OF_SERIES.iter().map(|stat| (*stat, *unit));
            let beside = self.has_instances.then_some((IMBALANCE, Unit::Factor));
            of_series.chain(beside).map(|(stat, unit)| MetricRef {
                address: self.owner.statistic(name, stat),
                unit,
                better: *better,
            })
        })
    }
}

/// All metrics of a plan.
#[derive(Debug, Clone, Default)]
pub struct MetricIndex {
    pub(super) words: Vec<MetricRef>,
    pub(super) sweeps: Vec<SweepDescription>,
}

/// Why a rule cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookupError {
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub help: String,
}

impl MetricIndex {
    /// Everything that the catalog's loads and steps have, and what `sweeps` find out about them.
    #[must_use]
    pub fn of(catalog: &Catalog, sweeps: &[SweepDescription], watched: &[MonitorKinds]) -> Self {
        let mut words = Self::measured(catalog);
        words.extend(watched.iter().flat_map(MonitorKinds::words));
        let found = sweeps.iter().flat_map(|sweep| Self::found(sweep, &words));
        Self {
            words: found.chain(words.iter().cloned()).collect(),
            sweeps: sweeps.to_vec(),
        }
    }

    fn measured(catalog: &Catalog) -> Vec<MetricRef> {
        let mut words = Vec::new();
        for (id, load) in catalog.loads().filter(|(_, load)| !load.canary) {
            for step in std::iter::once(None).chain(load.steps.iter().copied().map(Some)) {
                let owner = catalog.owner(id, step);
                words.extend(catalog.plain(id, step).map(|kind| MetricRef {
                    address: owner.metric(kind.name),
                    unit: kind.unit,
                    better: kind.better,
                }));
            }
            words.extend(DRIFTS.iter().map(|quantity| {
                MetricRef {
                    address: catalog.owner(id, None).statistic(quantity, DRIFT),
                    unit: Unit::Ratio,
                    better: MetricKind::find(MetricLevel::Load, quantity)
                        .map_or(Better::Neither, |kind| kind.better),
                }
            }));
            for (_, entry) in catalog.entries().filter(|(_, entry)| entry.load == id) {
                let owner = catalog.owner(id, entry.step);
                for (name, stat) in Stat::ALL {
                    let unit = if stat == Stat::Count {
                        Unit::Count
                    } else {
                        entry.kind.unit
                    };
                    words.push(MetricRef {
                        address: owner.statistic(&entry.quantity, name),
                        unit,
                        better: entry.kind.better,
                    });
                }
            }
        }
        words
    }

    /// Every metric.
    #[must_use]
    pub fn words(&self) -> &[MetricRef] {
        &self.words
    }

    /// Every metric that `name` means: each phase, load and step where they are left out, a whole iteration before its
    /// steps. A rule of a `phase` is about that phase alone.
    ///
    /// # Errors
    /// When the plan has no such metric.
    pub fn find(&self, name: &str, phase: Option<&str>) -> Result<Vec<&MetricRef>, LookupError> {
        let (plain, point) = match name.split_once('@') {
            Some((plain, point)) => (plain, Some(point)),
            None => (name, None),
        };
        let place = phase.map(split_point);
        let own = |word: &&MetricRef| {
            place.is_none_or(|(phase, at)| {
                // A metric of the whole sweep has no point, and a named point is meant in the whole phase.
                let here =
                    point.is_some() || word.address.point().is_none_or(|own| Some(own) == at);
                word.address.phase() == phase && (here || self.is_found_anew(&word.address))
            })
        };
        let at_point = |word: &&MetricRef| match point {
            Some(point) => self.point_named(word, point) == word.address.point(),
            None => self.is_meant_by_each(&word.address),
        };
        let meant: Vec<_> = self
            .words
            .iter()
            .filter(own)
            .filter(|word| word.address.is_named(plain))
            .filter(at_point)
            .collect();
        let whole: Vec<_> = meant
            .iter()
            .copied()
            .filter(|word| word.address.step().is_none())
            .collect();
        match (whole.is_empty(), meant.is_empty()) {
            (false, _) => Ok(whole),
            (true, false) => Ok(meant),
            (true, true) => Err(self.unknown(name)),
        }
    }

    /// What `name` means of one load; nothing where it means no metric of the plan.
    #[must_use]
    pub fn of_load(&self, name: &str, load: &Owner) -> Vec<&Address> {
        let words = self.find(name, None).unwrap_or_default();
        let addresses = words.into_iter().map(|word| &word.address);
        addresses.filter(|address| address.is_of(load)).collect()
    }

    /// The metric on the right of a bound: what its name leaves out is as on the left.
    ///
    /// # Errors
    /// When the plan has no such metric.
    pub fn alike(&self, name: &str, left: &MetricRef) -> Result<&MetricRef, LookupError> {
        let found = self.find(name, None)?;
        let same_load = |word: &&&MetricRef| word.address.load() == left.address.load();
        let same_phase =
            |word: &&&MetricRef| same_load(word) && word.address.phase() == left.address.phase();
        let same_point =
            |word: &&&MetricRef| same_phase(word) && word.address.point() == left.address.point();
        Ok(found
            .iter()
            .find(same_point)
            .or_else(|| found.iter().find(same_phase))
            .or_else(|| found.iter().find(same_load))
            .unwrap_or(&found[0]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> MetricIndex {
        let mut catalog = Catalog::default();
        for load in ["transcribe", "speak"] {
            let id = catalog.add_load(None, load);
            catalog.add_step(id, "submit", MetricLevel::Exchange);
            catalog.add_step(id, "job", MetricLevel::Poll);
        }
        MetricIndex::of(&catalog, &[], &[])
    }

    fn found(name: &str) -> Vec<String> {
        index()
            .find(name, None)
            .unwrap()
            .iter()
            .map(|word| word.address.to_string())
            .collect()
    }

    #[test]
    fn what_is_left_out_means_each_and_the_iteration_comes_before_its_steps() {
        assert_eq!(
            found("latency.p95"),
            ["transcribe.latency.p95", "speak.latency.p95"]
        );
        assert_eq!(found("speak.latency.p95"), ["speak.latency.p95"]);
        assert_eq!(
            found("submit.latency.p95"),
            ["transcribe.submit.latency.p95", "speak.submit.latency.p95"]
        );
        assert_eq!(
            found("total.mean"),
            ["transcribe.job.total.mean", "speak.job.total.mean"]
        );
        assert_eq!(found("speak.job.polls.max"), ["speak.job.polls.max"]);
        assert_eq!(
            found("requests.error_rate"),
            [
                "transcribe.requests.error_rate",
                "speak.requests.error_rate"
            ]
        );
        assert_eq!(found("requests.latency.mean").len(), 2);
        assert_eq!(found("error_rate").len(), 2);
    }

    #[test]
    fn a_rule_of_a_phase_is_about_it_and_may_compare_with_another() {
        let mut catalog = Catalog::default();
        for phase in ["normal", "stress"] {
            for load in ["asr", "tts"] {
                catalog.add_load(Some(phase), load);
            }
        }
        let canary = catalog.add_load(Some("stress"), "control");
        catalog.mark_canary(canary);
        let all = MetricIndex::of(&catalog, &[], &[]);
        let named = |words: Vec<&MetricRef>| {
            words
                .iter()
                .map(|word| word.address.to_string())
                .collect::<Vec<_>>()
        };
        let own = all.find("latency.mean", Some("stress")).unwrap();
        assert_eq!(
            all.alike("normal.latency.mean", own[1])
                .unwrap()
                .address
                .to_string(),
            "normal/tts.latency.mean"
        );
        assert_eq!(
            named(own),
            ["stress/asr.latency.mean", "stress/tts.latency.mean"]
        );
        assert_eq!(
            named(all.find("normal.asr.error_rate", None).unwrap()),
            ["normal/asr.error_rate"]
        );
        assert_eq!(all.find("latency.drift", None).unwrap().len(), 4);
        assert!(
            all.check(
                all.find("throughput.drift", None).unwrap()[0],
                &"> -10%".parse().unwrap()
            )
            .is_ok()
        );
    }

    #[test]
    fn what_the_plan_cannot_measure_is_answered_with_what_it_can() {
        let all = index();
        let wrong = |name: &str| all.find(name, None).unwrap_err();
        assert!(
            wrong("latncy.p95").help.contains("`latency.p95`"),
            "{:?}",
            wrong("latncy.p95")
        );
        assert!(wrong("latency").message.contains("say which statistic"));
        assert!(
            wrong("latency.p97").message.contains("no statistic `p97`"),
            "{:?}",
            wrong("latency.p97")
        );
        assert!(
            wrong("listen.latency.p95")
                .message
                .contains("no phase, load or step `listen`")
        );
        assert!(wrong("throughput@3").message.contains("no sweep"));
    }

    #[test]
    fn bounds_need_the_unit_of_their_metric() {
        let all = index();
        let check = |name: &str, bound: &str| {
            all.check(all.find(name, None).unwrap()[0], &bound.parse().unwrap())
        };
        assert!(check("latency.p95", "< 2s").is_ok());
        assert!(check("latency.p95", "< 2").unwrap_err().help.contains("2s"));
        assert!(check("latency.p95", "< 2 * latency.p50").is_ok());
        assert!(check("latency.p95", "< throughput").is_err());
        assert!(check("error_rate", "0%").is_ok());
        assert!(check("error_rate", "5%").is_err());
        assert!(check("ok", "4").is_ok());
        assert!(check("latency.p95", "3s .. 1s").is_err());
        for (name, bound) in [
            ("error_rate", "< -5%"),
            ("error_rate", "< 150%"),
            ("error_rate", "> 100%"),
            ("error_rate", "< 0%"),
            ("latency.p95", "< 0s"),
        ] {
            assert!(check(name, bound).is_err(), "{name} {bound} is impossible");
        }
        assert!(check("error_rate", "<= 0%").is_ok() && check("success_rate", ">= 100%").is_ok());
    }
}
