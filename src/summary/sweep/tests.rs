//! The figures that the guides of scaling and of load tests themselves give.

use super::*;

fn point(
    value: f64,
    throughput: f64,
    success: f64,
    latency: (f64, f64),
    accepted: bool,
) -> PointFigures {
    PointFigures {
        point: value.to_string(),
        value: Some(value),
        throughput: Some(throughput),
        mean_s: Some(latency.0),
        p95_s: Some(latency.1),
        rtfx: None,
        success: Some(success),
        errors: Some(1.0 - success),
        throughput_error: 0.01,
        decision: Some(PointDecision {
            accepted,
            because: Vec::new(),
            stopped: None,
            invalid: false,
        }),
    }
}

fn scaling(points: &[(f64, f64)]) -> SweepAnalysis {
    let points = points.iter();
    let points = points.map(|(n, x)| point(*n, *x, 1.0, (0.5, 0.6), true));
    SweepAnalysis::of(points.collect())
}

#[test]
fn efficiency_is_throughput_against_that_of_the_smallest_count() {
    let percent =
        |analysis: &SweepAnalysis, at| (analysis.efficiency(at).unwrap() * 1000.0).round() / 10.0;
    let guide = scaling(&[(1.0, 10.5), (2.0, 20.1), (3.0, 29.8)]);
    assert_eq!((percent(&guide, 1), percent(&guide, 2)), (95.7, 94.6));
    assert_eq!(
        (guide.expected(1), guide.expected(2)),
        (Some(21.0), Some(31.5))
    );
    assert_eq!(percent(&scaling(&[(1.0, 10.0), (3.0, 28.0)]), 1), 93.3);
    let from_two = scaling(&[(2.0, 20.0), (4.0, 30.0)]);
    assert_eq!(
        (percent(&from_two, 0), percent(&from_two, 1)),
        (100.0, 75.0)
    );
    let unscaled = scaling(&[(1.0, 10.0), (2.0, 10.0), (3.0, 10.0)]);
    assert_eq!((percent(&unscaled, 1), percent(&unscaled, 2)), (50.0, 33.3));
}

#[test]
fn a_series_of_clients_has_its_inflection_where_successes_fail() {
    let series = [
        (5.0, 1.0, (0.8, 1.2)),
        (10.0, 1.0, (1.3, 1.9)),
        (20.0, 0.95, (2.1, 3.2)),
        (30.0, 0.80, (4.5, 7.8)),
    ];
    let points =
        series.map(|(n, success, latency)| point(n, 5.0 * n, success, latency, success >= 0.95));
    let analysis = SweepAnalysis::of(points.to_vec());
    let inflection = analysis.inflection.clone().unwrap();
    assert_eq!(analysis.points[inflection.at].value, Some(30.0));
    assert!(matches!(inflection.because, Degradation::Success(share) if share == 0.8));
    assert_eq!(
        analysis.recommended().map(|at| analysis.points[at].value),
        Some(Some(20.0))
    );
    assert_eq!(analysis.found(FoundPoint::Capacity), Some(20.0));
}

#[test]
fn latency_that_grows_faster_than_the_load_is_an_inflection() {
    let points = [(1.0, 0.1), (2.0, 0.1), (4.0, 0.2), (8.0, 0.9)];
    let points = points.map(|(n, p95)| point(n, n, 1.0, (p95 / 2.0, p95), true));
    let analysis = SweepAnalysis::of(points.to_vec());
    let inflection = analysis.inflection.unwrap();
    assert_eq!(inflection.at, 3);
    assert!(matches!(inflection.because, Degradation::Latency { value, .. } if value == 2.0));
}

#[test]
fn only_accepted_points_are_an_optimum() {
    let points = [
        (1.0, 5.0, true),
        (2.0, 9.9, true),
        (4.0, 10.0, true),
        (8.0, 30.0, false),
    ];
    let points = points.map(|(n, x, accepted)| point(n, x, 1.0, (0.2, 0.3), accepted));
    let analysis = SweepAnalysis::of(points.to_vec());
    assert_eq!(analysis.found(FoundPoint::Optimum), Some(2.0));
    assert_eq!(
        analysis.best.map(|at| analysis.points[at].value),
        Some(Some(4.0))
    );
    let none = SweepAnalysis::of(vec![point(1.0, 5.0, 0.2, (0.2, 0.3), false)]);
    assert_eq!((none.optimum, none.best, none.capacity), (None, None, None));
}

/// Users in a closed circuit before a service of so many slots: throughput, and mean and scatter of the latency.
fn circuit(
    users: usize,
    slots: usize,
    iterations: usize,
    random: &mut impl FnMut() -> f64,
) -> PointFigures {
    let mut free = vec![0.0_f64; slots];
    let mut ready = vec![0.0_f64; users];
    let (mut latencies, mut last) = (Vec::new(), 0.0_f64);
    for _ in 0..iterations {
        // Whoever is ready first takes the slot that is free first.
        let user = (0..users)
            .min_by(|a, b| ready[*a].total_cmp(&ready[*b]))
            .unwrap();
        let slot = (0..slots)
            .min_by(|a, b| free[*a].total_cmp(&free[*b]))
            .unwrap();
        let end = ready[user].max(free[slot]) + 0.2 * random();
        latencies.push(end - ready[user]);
        (ready[user], free[slot]) = (end, end);
        last = last.max(end);
    }
    let n = iterations as f64;
    let mean = latencies.iter().sum::<f64>() / n;
    let variance = latencies
        .iter()
        .map(|own| (own - mean).powi(2))
        .sum::<f64>()
        / (n - 1.0);
    PointFigures {
        throughput_error: variance.sqrt() / mean / n.sqrt(),
        ..point(users as f64, n / last, 1.0, (mean, mean), true)
    }
}

#[test]
fn a_service_of_two_slots_has_its_optimum_at_two_users_in_nineteen_of_twenty_seeds() {
    use rand::{RngExt, SeedableRng};
    let is_two = |seed: &u64| {
        let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(*seed);
        // Service times scatter by a tenth.
        let mut service = || 1.0 + 0.1 * (0..12).map(|_| random.random::<f64>() - 0.5).sum::<f64>();
        let points =
            [1, 2, 4, 8, 16].map(|users| circuit(users, 2, 20.max(4 * users), &mut service));
        let analysis = SweepAnalysis::of(points.to_vec());
        analysis.found(FoundPoint::Optimum) == Some(2.0)
    };
    let right = (0..20).filter(is_two).count();
    assert!(right >= 19, "{right} of 20");
}

#[test]
fn a_service_that_is_not_scaled_has_half_and_a_third_of_the_efficiency() {
    let mut service = || 1.0;
    let points = [1, 2, 3].map(|workers| PointFigures {
        value: Some(workers as f64),
        ..circuit(4, 2, 20 * workers, &mut service)
    });
    let analysis = SweepAnalysis::of(points.to_vec());
    let percent = |at| (analysis.efficiency(at).unwrap() * 100.0).round();
    assert_eq!((percent(1), percent(2)), (50.0, 33.0));
}
