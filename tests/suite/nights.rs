//! How often the gate is wrong: thousands of simulated nights, each judged as a nightly job would have it judged.

use std::collections::BTreeMap;

use perfgate::gate::baseline::{Baseline, MetricPolicy, Recorded};
use perfgate::gate::calibrate::Calibration;
use perfgate::gate::{Against, Overall, judge};
use perfgate::metric::{Address, Better};
use perfgate::summary::{Interruption, Summary};
use perfgate::units::Unit;

use crate::support::simulated::{COMPARED, NOISY, Noise, Service, TYPICAL};

/// Nights of each kind; each baseline serves so many of them.
const NIGHTS: usize = 1_000;
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
    nights_of(TYPICAL, 0.0, recorded, pace, seed)
}

/// The same on another machine, of which `slow` nights are slow in all of their sessions.
fn nights_of(noise: Noise, slow: f64, recorded: usize, pace: f64, seed: u64) -> Nights {
    let mut service = Service::new(seed, noise);
    let (mut red, mut undecided, mut runs) = (0, 0, 0);
    let mut baseline = Baseline::empty("simulated");
    for night in 0..NIGHTS {
        if night % OF_ONE_BASELINE == 0 {
            service.night(0.0);
            baseline = record(&mut service, recorded);
        }
        service.night(slow);
        let (verdict, sessions) = one(&baseline, &mut service, pace);
        red += usize::from(verdict == Overall::Fail);
        undecided += usize::from(verdict == Overall::Undecided);
        runs += sessions * noise.runs;
    }
    let share = |count: usize| count as f64 / NIGHTS as f64;
    Nights {
        red: share(red),
        undecided: share(undecided),
        runs: share(runs),
    }
}

/// One session, and two more where it is suspected.
fn one(baseline: &Baseline, service: &mut Service, pace: f64) -> (Overall, usize) {
    let mut sessions: Vec<Summary> = vec![service.session(pace)];
    let first = judge(&sessions, Against::Baseline("baseline.json", baseline));
    if first.verdict != Overall::Undecided {
        return (first.verdict, 1);
    }
    sessions.extend([service.session(pace), service.session(pace)]);
    (
        judge(&sessions, Against::Baseline("baseline.json", baseline)).verdict,
        sessions.len(),
    )
}

fn compared() -> BTreeMap<Address, MetricPolicy> {
    let one = |(name, unit, better, tolerance): (&str, Unit, Better, &str)| {
        (
            name.into(),
            MetricPolicy::within(unit, better, Some(tolerance.to_owned())),
        )
    };
    BTreeMap::from(COMPARED.map(one))
}

fn record(service: &mut Service, sessions: usize) -> Baseline {
    let mut baseline = Baseline {
        metrics: compared(),
        ..Baseline::empty("simulated")
    };
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
    assert!(
        unchanged.red <= 0.015 && unchanged.undecided <= 0.005,
        "{unchanged:?}"
    );
    assert!(unchanged.runs <= 4.0, "{unchanged:?}");
    for (pace, seed, caught) in [(1.2, 2, 0.95), (1.3, 3, 0.99)] {
        let slower = nights(8, pace, seed);
        assert!(slower.red >= caught, "{pace}: {slower:?}");
    }
}

#[test]
fn one_recorded_session_catches_what_is_twice_as_slow() {
    let unchanged = nights(1, 1.0, 4);
    assert!(
        unchanged.red <= 0.03 && unchanged.undecided <= 0.06,
        "{unchanged:?}"
    );
    let slower = nights(1, 2.0, 5);
    assert!(slower.red >= 0.99, "{slower:?}");
}

#[test]
fn one_run_a_session_flaps_hardly_more_than_three() {
    let one = Noise { runs: 1, ..TYPICAL };
    let unchanged = nights_of(one, 0.0, 8, 1.0, 8);
    assert!(
        unchanged.red <= 0.03 && unchanged.undecided <= 0.03,
        "{unchanged:?}"
    );
    let slower = nights_of(one, 0.0, 8, 1.2, 9);
    assert!(slower.red >= 0.85, "{slower:?}");
}

#[test]
fn a_shared_machine_is_red_seldom_and_sees_a_fifth() {
    let unchanged = nights_of(NOISY, 0.0, 8, 1.0, 10);
    assert!(
        unchanged.red <= 0.045 && unchanged.undecided <= 0.03,
        "{unchanged:?}"
    );
    let slower = nights_of(NOISY, 0.0, 8, 1.2, 11);
    assert!(slower.red >= 0.75, "{slower:?}");
}

#[test]
fn a_canary_tells_a_slow_machine_from_a_slow_service() {
    let watched = Noise {
        canary: true,
        ..TYPICAL
    };
    let unchanged = nights_of(watched, 0.015, 8, 1.0, 12);
    assert!(
        unchanged.red <= 0.01 && unchanged.undecided <= 0.03,
        "{unchanged:?}"
    );
    let slower = nights_of(watched, 0.015, 8, 1.2, 13);
    assert!(slower.red >= 0.88, "{slower:?}");
}

/// The figures of `docs/design/gate.md`.
#[test]
#[ignore = "prints figures, and takes minutes"]
#[expect(clippy::print_stdout, reason = "figures for a document")]
fn truth_figures_of_the_nights() {
    let one = Noise { runs: 1, ..TYPICAL };
    let watched = Noise {
        canary: true,
        ..TYPICAL
    };
    for (name, noise, slow, recorded) in [
        ("typical, 8", TYPICAL, 0.0, 8),
        ("typical, 3", TYPICAL, 0.0, 3),
        ("typical, 1", TYPICAL, 0.0, 1),
        ("one run, 8", one, 0.0, 8),
        ("noisy, 8", NOISY, 0.0, 8),
        ("slow nights, 8", TYPICAL, 0.015, 8),
        ("slow nights, canary, 8", watched, 0.015, 8),
    ] {
        for pace in [1.0, 1.2] {
            println!(
                "{name} x{pace}: {:?}",
                nights_of(noise, slow, recorded, pace, 99)
            );
        }
    }
}

#[test]
fn a_calibration_knows_how_often_the_gate_would_be_wrong() {
    let mut service = Service::new(6, TYPICAL);
    let sessions: Vec<Summary> = (0..8).map(|_| service.session(1.0)).collect();
    let words = ["load_hash".to_owned()];
    let wide = Calibration::of(&compared(), &sessions, &words).unwrap();
    let nights = wide.nights.clone().unwrap();
    assert!(nights.red < 0.03 && nights.sessions() < 1.5, "{nights:?}");
    let p50 = |calibration: &Calibration| {
        calibration
            .metrics
            .iter()
            .find(|own| own.metric == "job.latency.p50")
            .unwrap()
            .clone()
    };
    let known = p50(&wide);
    assert!(
        (0.01..0.08).contains(&known.between) && (0.01..0.12).contains(&known.within.unwrap()),
        "{known:?}"
    );
    assert!((0.04..0.14).contains(&known.noise), "{known:?}");
    assert!(
        known.seen.is_some_and(|seen| (0.1..0.2).contains(&seen)),
        "{known:?}"
    );
    let mut tight = compared();
    tight.get_mut("job.latency.p50").unwrap().tolerance = Some("1%".to_owned());
    let tight = Calibration::of(&tight, &sessions, &words).unwrap();
    assert!(p50(&tight).is_beyond_tolerance());
    let advice = tight
        .recommendations
        .iter()
        .find(|own| own.metric.as_deref() == Some("job.latency.p50"))
        .unwrap();
    let recommended: f64 = advice
        .tolerance
        .as_ref()
        .unwrap()
        .trim_end_matches('%')
        .parse()
        .unwrap();
    assert!(
        recommended / 100.0 >= p50(&tight).noise && recommended <= 20.0,
        "{advice:?}"
    );
}

#[test]
fn sessions_that_are_no_evidence_or_alone_calibrate_nothing() {
    let mut service = Service::new(7, TYPICAL);
    let mut sessions: Vec<Summary> = (0..3).map(|_| service.session(1.0)).collect();
    sessions[0].load_hash = "other".to_owned();
    sessions[1].interrupted = Some(Interruption::Sigint);
    assert_eq!(
        Calibration::of(&compared(), &sessions, &["load_hash".to_owned()]),
        None
    );
    sessions.push(service.session(1.0));
    let found = Calibration::of(&compared(), &sessions, &["load_hash".to_owned()]).unwrap();
    assert_eq!((found.sessions.len(), found.left_out.len()), (2, 2));
    assert!(
        found
            .recommendations
            .iter()
            .any(|own| own.sentence.contains("8 are enough"))
    );
}
