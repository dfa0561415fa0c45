//! Whether a run is evidence at all.

use super::rules;
use super::run_health::{GeneratorEvidence, Health};
use crate::measure::LoadResult;
use crate::metric::Catalog;
use crate::units::{Unit, print};

/// A worker above this share of one core is saturated,
const SATURATED: f64 = 0.9;
/// and a run in which that holds for this share of the measured seconds is no evidence.
const SATURATED_SECONDS: f64 = 0.1;
/// Above this share of the wall time the machine is called busy.
const PRESSURE: f64 = 0.2;

/// Judges one run.
#[must_use]
pub fn judge(catalog: &Catalog, loads: &[LoadResult], generator: &GeneratorEvidence) -> Health {
    let seconds: Vec<f64> = generator.busy.iter().flatten().copied().collect();
    let mut health = Health {
        busiest: seconds.iter().copied().fold(0.0, f64::max),
        workers: generator.busy.len(),
        machine: generator.machine,
        ..Health::default()
    };
    for load in loads {
        rules::judge_load(catalog, load, &mut health);
    }
    let saturated = seconds.iter().filter(|share| **share >= SATURATED).count();
    if saturated > 0 && saturated as f64 >= SATURATED_SECONDS * seconds.len() as f64 {
        health.invalid.push(format!(
            "perfgate's workers were saturated in {saturated} of {} measured seconds: the numbers describe the generator (use more `--threads` or a lower load)",
            seconds.len()
        ));
    }
    rules::judge_machine(loads, generator, &mut health);
    if let Some(share) = generator.machine.stalled.filter(|share| *share > PRESSURE) {
        health.notes.push(format!(
            "this machine was busy: tasks waited for a processor in {} of the time",
            print(share, Unit::Ratio)
        ));
    }
    if !cfg!(target_os = "linux") {
        health.notes.push(
            "arrivals are paced by a timer with a resolution of 1 ms on this system".to_owned(),
        );
    }
    health
}
