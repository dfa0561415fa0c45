//! How often the gate is wrong: thousands of simulated nights, each judged as a nightly job would have it judged.

use std::collections::BTreeMap;

use perfgate::gate::baseline::{Baseline, Compared, Recorded};
use perfgate::gate::{Against, Overall, judge};
use perfgate::summary::Summary;

use crate::support::simulated::{COMPARED, RUNS, Service, TYPICAL};

/// Nights of each kind; each baseline serves so many of them.
const NIGHTS: usize = 2_000;
const OF_ONE_BASELINE: usize = 5;

/// What became of the nights, in shares of them.
#[derive(Debug)]
struct Nights {
    /// Exit 1, after confirmation.
    red: f64,
    /// Exit 3, after confirmation.
    undecided: f64,
    /// Runs of a night, on average.
    runs: f64,
}

/// Nights of a service whose jobs take `pace` times as long as in the `recorded` sessions.
fn nights(recorded: usize, pace: f64, seed: u64) -> Nights {
    let mut service = Service::new(seed, TYPICAL);
    let (mut red, mut undecided, mut runs) = (0, 0, 0);
    let mut baseline = Baseline::empty("simulated");
    for night in 0..NIGHTS {
        if night % OF_ONE_BASELINE == 0 {
            baseline = record(&mut service, recorded);
        }
        let (verdict, sessions) = one(&baseline, &mut service, pace);
        red += usize::from(verdict == Overall::Fail);
        undecided += usize::from(verdict == Overall::Undecided);
        runs += sessions * RUNS;
    }
    let share = |count: usize| count as f64 / NIGHTS as f64;
    Nights { red: share(red), undecided: share(undecided), runs: share(runs) }
}

/// One session, and two more where it is suspected.
fn one(baseline: &Baseline, service: &mut Service, pace: f64) -> (Overall, usize) {
    let mut sessions: Vec<Summary> = vec![service.session(pace)];
    let first = judge(&sessions, Against::Baseline("baseline.json", baseline));
    if first.verdict != Overall::Undecided {
        return (first.verdict, 1);
    }
    sessions.extend([service.session(pace), service.session(pace)]);
    (judge(&sessions, Against::Baseline("baseline.json", baseline)).verdict, sessions.len())
}

fn record(service: &mut Service, sessions: usize) -> Baseline {
    let compared = COMPARED.map(|(name, unit, better, tolerance)| {
        let compared = Compared::within(unit, better, Some(tolerance.to_owned()));
        (name.to_owned(), compared)
    });
    let mut baseline = Baseline { metrics: BTreeMap::from(compared), ..Baseline::empty("simulated") };
    for _ in 0..sessions {
        let recorded = Recorded::of(&service.session(1.0), &baseline.metrics, "simulated", None);
        baseline.sessions.push(recorded);
    }
    baseline.curate();
    baseline.derive();
    assert_eq!(baseline.flaws(), Vec::<String>::new());
    baseline
}

#[test]
fn eight_recorded_sessions_neither_flap_nor_miss() {
    let unchanged = nights(8, 1.0, 1);
    assert!(unchanged.red <= 0.015 && unchanged.undecided <= 0.005, "{unchanged:?}");
    assert!(unchanged.runs <= 4.0, "{unchanged:?}");
    for (pace, seed, caught) in [(1.2, 2, 0.95), (1.3, 3, 0.99)] {
        let slower = nights(8, pace, seed);
        assert!(slower.red >= caught, "{pace}: {slower:?}");
    }
}

#[test]
fn one_recorded_session_catches_what_is_twice_as_slow() {
    let unchanged = nights(1, 1.0, 4);
    assert!(unchanged.red <= 0.03 && unchanged.undecided <= 0.06, "{unchanged:?}");
    let slower = nights(1, 2.0, 5);
    assert!(slower.red >= 0.99, "{slower:?}");
}
