//! The metrics that only a whole sweep has: how its points compare, and what was found.

use std::collections::BTreeSet;

use super::analysis::SweepAnalysis;
use super::description::{FoundPoint, SweepDescription};
use super::figures::of_run;
use crate::metric::{Address, MetricKind, MetricLevel, Owner};
use crate::summary::{Metric, MetricValue, Run, Summary};
use crate::units::Unit;

/// Every load of a sweep, without its point.
#[must_use]
pub fn loads_of(sweep: &SweepDescription, run: &Run) -> Vec<Owner> {
    let mut loads = Vec::new();
    for load in &run.loads {
        let owner = load.owner();
        let whole = owner.at_point(None);
        if sweep.has(&owner) && !loads.contains(&whole) {
            loads.push(whole);
        }
    }
    loads
}

/// The metrics that the sweeps of `run` add to what its points measured; `at` is the place of its values. Of points that are
/// found only the metrics that are `wanted` are repeated under that name.
#[must_use]
pub fn swept_metrics(
    summary: &Summary,
    run: &Run,
    at: usize,
    wanted: &BTreeSet<Address>,
) -> Vec<(Address, Metric)> {
    let mut all = Vec::new();
    for sweep in &summary.sweeps {
        for load in loads_of(sweep, run) {
            let analysis = SweepAnalysis::of(of_run(summary, sweep, &load, (run, at)));
            let here = all.len();
            all.extend(at_points(&analysis, &load));
            for found in FoundPoint::ALL {
                let value = analysis.found(found);
                all.extend(plain(
                    found.word(),
                    load.metric(found.word()),
                    value,
                    Some(sweep.unit),
                ));
            }
            let repeated = repeated(summary, &analysis, &all[here..], at, &load, wanted);
            all.extend(repeated);
        }
    }
    all
}

fn at_points(analysis: &SweepAnalysis, load: &Owner) -> Vec<(Address, Metric)> {
    let mut all = Vec::new();
    for (at, point) in analysis.points.iter().enumerate() {
        let owner = load.at_point(Some(&point.point));
        let values = [
            ("efficiency", analysis.efficiency(at)),
            ("speedup", analysis.speedup(at)),
        ];
        for (name, value) in values {
            all.extend(plain(name, owner.metric(name), value, None));
        }
    }
    all
}

fn plain(
    name: &str,
    address: Address,
    value: Option<f64>,
    unit: Option<Unit>,
) -> Option<(Address, Metric)> {
    let kind = MetricKind::find(MetricLevel::Sweep, name)?;
    let value = MetricValue {
        value,
        samples: 1,
        ..MetricValue::default()
    };
    let metric = Metric {
        unit: unit.unwrap_or(kind.unit),
        better: kind.better,
        runs: vec![value],
    };
    Some((address, metric))
}

/// `throughput@optimum` is the throughput at whichever point the optimum of this run is.
fn repeated(
    summary: &Summary,
    analysis: &SweepAnalysis,
    added: &[(Address, Metric)],
    at: usize,
    load: &Owner,
    wanted: &BTreeSet<Address>,
) -> Vec<(Address, Metric)> {
    let mut all = Vec::new();
    for address in wanted {
        let found = FoundPoint::ALL
            .into_iter()
            .find(|found| address.point() == Some(found.word()));
        let of_load = address.owner().map(|owner| owner.whole().at_point(None));
        let (Some(found), true) = (found, of_load.as_ref() == Some(load)) else {
            continue;
        };
        // The metric at any other point says what kind it is, where there is no such point.
        let other = summary
            .metrics
            .iter()
            .find(|(own, _)| own.point().is_some() && own.at_point(found.word()) == *address);
        let own = analysis
            .place(found)
            .map(|place| address.at_point(&analysis.points[place].point));
        let measured = own.as_ref().and_then(|own| {
            let among = added
                .iter()
                .find(|(metric, _)| metric == own)
                .map(|(_, metric)| (metric, 0));
            among.or_else(|| Some((summary.metrics.get(own)?, at)))
        });
        let value = measured.and_then(|(metric, at)| metric.runs.get(at).copied());
        if let Some(like) = measured
            .map(|(metric, _)| metric)
            .or(other.map(|(_, metric)| metric))
        {
            let metric = Metric {
                runs: vec![value.unwrap_or_default()],
                ..like.clone()
            };
            all.push((address.clone(), metric));
        }
    }
    all
}
