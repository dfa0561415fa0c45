//! The engine in virtual time: counts, due times and means exact.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use perfgate::clock::{Clock, Tick};
use perfgate::engine::WorkerCommand;
use perfgate::gate::Overall;
use perfgate::measure::{Counts, Quantile, Ticket};
use perfgate::metric::{Catalog, LoadPart, Outcome};
use perfgate::summary::{Demand, LoadRun, Run, Summary, ThresholdLine, load_run};
use perfgate::units::Duration;

use crate::support::virtual_run::{Played, VirtualRun, Work, takes};

fn measured(played: &Played) -> Counts {
    played.result.stats.measured_part().counts
}

fn seconds(s: f64) -> Duration {
    Duration::from_secs_f64(s)
}

/// A statistic of the measured latency, in seconds.
fn latency(played: &Played, share: f64) -> f64 {
    let id = perfgate::metric::MetricId(0);
    match played
        .result
        .stats
        .distribution(id)
        .unwrap()
        .quantile(share, false)
        .unwrap()
    {
        Quantile::Exactly(nanos) => nanos as f64 / 1e9,
        Quantile::Beyond(_) => f64::INFINITY,
    }
}

fn mean(played: &Played) -> f64 {
    played
        .result
        .stats
        .distribution(perfgate::metric::MetricId(0))
        .unwrap()
        .mean()
        .unwrap()
        / 1e9
}

#[test]
fn thirty_a_second_for_one_second_starts_thirty() {
    let played = VirtualRun::new("rate = '30/s'\nduration = '1s'").play(takes(seconds(0.01)));
    let due: Vec<_> = played.tickets.iter().map(|t| t.due.as_nanos()).collect();
    assert_eq!(due.len(), 30);
    assert_eq!(due[..4], [0, 33_333_333, 66_666_667, 100_000_000]);
    assert!(
        played.tickets.iter().all(|t| t.due == t.start),
        "nothing starts late in virtual time"
    );
    assert_eq!(measured(&played).ok, 30);
}

#[test]
fn a_ramp_starts_at_the_roots() {
    for workers in [1, 3] {
        let played = VirtualRun::new("stages = [{ duration = '10s', rate = '10/s' }]")
            .workers(workers)
            .play(takes(Duration::ZERO));
        let mut due: Vec<_> = played
            .tickets
            .iter()
            .map(|t| (t.n, t.due.as_nanos()))
            .collect();
        due.sort_unstable();
        assert_eq!(due.len(), 50);
        for (n, nanos) in due {
            let expected = (2.0 * n as f64).sqrt() * 1e9;
            assert!((nanos as f64 - expected).abs() <= 1.0, "{n}: {nanos}");
        }
    }
}

#[test]
fn too_few_users_for_slow_jobs_drop_what_finds_none_free() {
    for workers in [1, 2, 4] {
        let load = "rate = '3/s'\nduration = '2m'\nmax_vus = 12";
        let played = VirtualRun::new(load)
            .workers(workers)
            .drain(seconds(60.0))
            .play(takes(seconds(46.5)));
        let counts = measured(&played);
        assert_eq!(
            (counts.planned, counts.started, counts.dropped, counts.ok),
            (360, 36, 324, 36),
            "{workers} workers"
        );
        assert_eq!(
            played.result.dropped_by_target, 324,
            "the target is too slow, the generator is idle"
        );
    }
}

#[test]
fn a_process_that_was_stopped_takes_its_own_delay_off_what_it_measured() {
    let played = VirtualRun::new("rate = '10/s'\nduration = '20s'\nmax_vus = 100")
        .stalled(seconds(5.05), seconds(8.05))
        .play(takes(seconds(0.25)));
    let counts = measured(&played);
    assert_eq!((counts.planned, counts.ok, counts.dropped), (200, 200, 0));
    assert_eq!(played.health.longest_gap, seconds(3.0));
    // Started at 4.8, 4.9 and 5.0 s.
    assert_eq!(played.health.touched, 3);
    let latency = latency_of(&played);
    assert_eq!(
        latency.max(),
        Some(3_250_000_000),
        "started at 4.8 s, read at 8.05 s"
    );
    let corrected = latency.corrected().expect("30 arrivals were late");
    let most = corrected.max().unwrap();
    assert!((249_000_000..=251_000_000).contains(&most), "{most}");
    assert_eq!(corrected.count(), 200);
}

#[test]
fn a_closed_load_waits_for_a_generator_that_does_not_run() {
    let load = "vus = 4\nduration = '10s'";
    let calm = VirtualRun::new(load).play(takes(seconds(0.25)));
    assert!(calm.result.waited_for_generator.is_zero());
    let stopped = VirtualRun::new(load)
        .stalled(seconds(4.1), seconds(6.1))
        .play(takes(seconds(0.25)));
    // Four users whose replies came at 4.25 s and were read at 6.1 s.
    assert_eq!(stopped.result.waited_for_generator, seconds(1.85) * 4);
    let corrected = latency_of(&stopped).corrected().unwrap().max().unwrap();
    assert!(
        (249_000_000..=251_000_000).contains(&corrected),
        "{corrected}"
    );
}

#[test]
fn a_drop_is_the_fault_of_whoever_was_late() {
    let load = "rate = '100/s'\nduration = '10s'\nmax_vus = 20";
    // A target that is fast enough: what is dropped after a stall is the generator's.
    let stopped = VirtualRun::new(load)
        .stalled(seconds(4.0), seconds(5.0))
        .play(takes(seconds(0.1)));
    let (own, target) = blamed(&stopped);
    assert!(
        (70..=90).contains(&own) && target <= 20,
        "{own} and {target}"
    );
    // A target that is too slow stays so, whatever the generator does.
    let slow = VirtualRun::new(load)
        .stalled(seconds(4.0), seconds(4.5))
        .play(takes(seconds(2.0)));
    let (own, target) = blamed(&slow);
    assert_eq!((own, target), (0, measured(&slow).dropped));
}

fn blamed(played: &Played) -> (u64, u64) {
    (
        played.result.dropped_by_generator,
        played.result.dropped_by_target,
    )
}

fn latency_of(played: &Played) -> &perfgate::measure::Distribution {
    let mut catalog = perfgate::metric::Catalog::default();
    let id = catalog.add_load(None, "mock");
    let metric = catalog.find(id, None, "latency").unwrap();
    played.result.stats.distribution(metric).unwrap()
}

#[test]
fn erlang_b_says_how_many_arrivals_are_lost() {
    // B(12 slots, 8 Erlang) = 5.14 %.
    for workers in [1, 2, 4] {
        let load = "rate = '8/s'\niterations = 300000\narrivals = 'poisson'\nmax_vus = 12";
        let counts = measured(
            &VirtualRun::new(load)
                .workers(workers)
                .play(takes(seconds(1.0))),
        );
        assert_eq!(counts.planned, 300_000);
        let percent = counts.drop_rate().unwrap() * 100.0;
        assert!(
            (percent - 5.14).abs() <= 0.3,
            "{workers} workers: {percent} %"
        );
    }
}

#[test]
fn a_profile_of_users_is_followed_second_by_second() {
    let load = "stages = [{ duration = '10s', vus = 10 }, { duration = '5s', vus = 10 }, { duration = '10s', vus = 0 }]";
    for workers in [1, 2] {
        let played = VirtualRun::new(load)
            .workers(workers)
            .play(takes(seconds(0.1)));
        for second in 0..25u64 {
            let from = Tick::ZERO + Duration::from_millis(second * 1000 + 400);
            let until = from + Duration::from_millis(100);
            let active = played
                .tickets
                .iter()
                .filter(|t| t.start >= from && t.start < until)
                .count();
            let expected = match second {
                0..10 => second + 1,
                10..15 => 10,
                _ => 25 - second,
            };
            assert_eq!(active as u64, expected, "second {second}");
        }
    }
}

/// A service with so many slots that takes `service` in each, first come first served.
fn slots(count: usize, service: Duration) -> Work {
    let free_at = Rc::new(RefCell::new(vec![Tick::ZERO; count]));
    Rc::new(move |clock: Clock, _: Ticket| {
        let free_at = Rc::clone(&free_at);
        Box::pin(async move {
            let done = {
                let mut slots = free_at.borrow_mut();
                let earliest = slots.iter_mut().min().unwrap();
                *earliest = (*earliest).max(clock.now()) + service;
                *earliest
            };
            clock.sleep_until(done).await;
            Outcome::Ok
        })
    })
}

#[test]
fn throughput_never_exceeds_what_two_slots_can_do() {
    for vus in [2, 3, 8, 50] {
        let load = format!("vus = {vus}\nduration = '6s'");
        let played = VirtualRun::new(&load).play(slots(2, seconds(0.2)));
        assert!(played.result.stats.window.iterations <= 60, "{vus} users");
        assert!(
            played.result.stats.window.iterations >= 58,
            "{vus} users: {}",
            played.result.stats.window.iterations
        );
    }
}

/// No service time, but for one second beginning with the arrival at 5 s.
fn stalls() -> Work {
    Rc::new(|clock: Clock, _: Ticket| {
        Box::pin(async move {
            let now = clock.now();
            if now >= Tick::ZERO + seconds(5.0) && now < Tick::ZERO + seconds(6.0) {
                clock.sleep_until(Tick::ZERO + seconds(6.0)).await;
            }
            Outcome::Ok
        })
    })
}

#[test]
fn a_stall_is_felt_by_every_arrival_that_was_due_in_it() {
    let played = VirtualRun::new("rate = '200/s'\nduration = '10s'").play(stalls());
    assert_eq!(measured(&played).ok, 2000);
    assert!(
        (mean(&played) - 0.050_25).abs() < 1e-12,
        "mean {}",
        mean(&played)
    );
    assert!(
        (latency(&played, 0.95) - 0.5).abs() < 0.0005,
        "p95 {}",
        latency(&played, 0.95)
    );
    assert!(
        (latency(&played, 0.99) - 0.9).abs() < 0.0009,
        "p99 {}",
        latency(&played, 0.99)
    );
}

#[test]
fn with_ten_users_the_stall_drops_what_finds_none() {
    let played = VirtualRun::new("rate = '200/s'\nduration = '10s'\nmax_vus = 10").play(stalls());
    let counts = measured(&played);
    assert_eq!((counts.started, counts.dropped), (1810, 190));
    assert_eq!(played.result.dropped_by_target, 190);
}

#[test]
fn a_session_with_drops_does_not_pass() {
    let mut catalog = Catalog::default();
    catalog.add_load(None, "mock");
    let played = VirtualRun::new("rate = '200/s'\nduration = '10s'\nmax_vus = 10").play(stalls());
    let evidence = load_run(&catalog, &played.result);
    let mut summary = Summary::empty("stall");
    summary.add_metrics(0, evidence.metrics);
    summary.runs = vec![Run {
        loads: vec![LoadRun {
            answered: 1,
            ..evidence.load
        }],
        ..Run::empty(1)
    }];
    let line = ThresholdLine {
        metric: "mock.drop_rate".into(),
        bound: "0%".into(),
        demand: Demand::Must,
        file: String::new(),
        line: 0,
        told: None,
    };
    summary.thresholds = vec![line];
    let verdict = perfgate::gate::judge(
        std::slice::from_ref(&summary),
        perfgate::gate::Against::Nothing,
    );
    assert_eq!(
        (verdict.verdict, verdict.exit_code.number()),
        (Overall::Fail, 1)
    );
    assert_eq!(verdict.thresholds[0].runs[0].value, Some(190.0 / 2000.0));
}

#[test]
fn a_signal_ends_the_measured_window() {
    let stop = WorkerCommand::Stop {
        cut_at: Tick::ZERO + seconds(60.0),
    };
    let played = VirtualRun::new("vus = 2\nduration = '1m'")
        .then(seconds(10.0), stop)
        .play(takes(seconds(1.0)));
    assert_eq!(
        played.result.window.until,
        Tick::ZERO + seconds(10.0),
        "not the end that was planned"
    );
}

#[test]
fn the_user_freed_last_is_used_first() {
    let played =
        VirtualRun::new("rate = '10/s'\nduration = '10s'\nmax_vus = 5\npre_allocated_vus = 5")
            .play(takes(seconds(0.05)));
    let users: std::collections::BTreeSet<_> = played.tickets.iter().map(|t| t.vu).collect();
    assert_eq!(
        users.len(),
        1,
        "one user is enough, and no other is woken: {users:?}"
    );
}

#[test]
fn warm_up_by_count_ends_before_measuring_begins() {
    for workers in [1, 2] {
        let load = "vus = 4\niterations = 20\nwarm_up = '6 iterations'";
        let played = VirtualRun::new(load)
            .workers(workers)
            .play(takes(seconds(1.0)));
        let of = |part: LoadPart| played.tickets.iter().filter(move |t| t.part == part);
        assert_eq!(
            (of(LoadPart::WarmUp).count(), of(LoadPart::Measured).count()),
            (6, 20)
        );
        let first = of(LoadPart::Measured).map(|t| t.start).min().unwrap();
        assert_eq!(
            first,
            Tick::ZERO + seconds(2.0),
            "six iterations on four users take two seconds"
        );
        assert_eq!(played.ended, Tick::ZERO + seconds(7.0));
    }
}

#[test]
fn ramps_and_warm_up_are_counted_apart_from_what_is_measured() {
    let load = "vus = 4\nramp_up = '4s'\nwarm_up = '2s'\nduration = '10s'\nramp_down = '4s'";
    let played = VirtualRun::new(load).play(takes(seconds(1.0)));
    let counts = played
        .result
        .stats
        .parts
        .clone()
        .map(|part| part.counts.started);
    assert_eq!(counts, [10, 8, 40, 10]);
    assert_eq!(played.result.window.from, Tick::ZERO + seconds(6.0));
    assert_eq!(played.result.window.until, Tick::ZERO + seconds(16.0));
}

#[test]
fn iterations_per_user_and_in_all_end_a_load() {
    let played = VirtualRun::new("vus = 3\niterations_per_vu = 4").play(takes(seconds(1.0)));
    assert_eq!(
        (measured(&played).started, played.ended),
        (12, Tick::ZERO + seconds(4.0))
    );
    let played = VirtualRun::new("vus = 3\niterations = 10")
        .workers(2)
        .play(takes(seconds(1.0)));
    assert_eq!(measured(&played).started, 10);
    let played =
        VirtualRun::new("vus = 3\niterations = 10\nduration = '2s'").play(takes(seconds(1.0)));
    let counts = measured(&played);
    assert_eq!(
        (counts.planned, counts.started),
        (6, 6),
        "beside a duration the count is an upper limit"
    );
    assert!(!played.result.by_count);
}

#[test]
fn what_runs_out_ends_a_load_whatever_its_kind() {
    for load in [
        "rate = '10/s'\nduration = '1m'\nwarm_up = '1s'",
        "vus = 2\nduration = '1m'\nwarm_up = '1s'",
    ] {
        let played = VirtualRun::new(load).at_most(25).play(takes(seconds(0.1)));
        assert_eq!(played.tickets.len(), 25, "{load}");
        assert!(
            played.result.by_count && played.ended < Tick::ZERO + seconds(5.0),
            "{load}"
        );
    }
}

#[test]
fn think_time_is_outside_latency() {
    let played =
        VirtualRun::new("vus = 1\nduration = '10s'\nthink = '1s'").play(takes(seconds(1.0)));
    assert_eq!(measured(&played).started, 5);
    assert!((mean(&played) - 1.0).abs() < 1e-12);
}

#[test]
fn what_is_under_way_at_the_end_is_awaited_then_cut_off_and_counted() {
    let load = "rate = '1/s'\nduration = '10s'";
    let played = VirtualRun::new(load)
        .drain(seconds(5.0))
        .play(takes(seconds(4.0)));
    assert_eq!(
        (measured(&played).ok, played.ended),
        (10, Tick::ZERO + seconds(13.0)),
        "nothing is waited for in vain"
    );
    // Due at 0 to 9, each takes 4 s: at 11.5 s those due at 8 and 9 are still under way.
    let played = VirtualRun::new(load)
        .drain(seconds(1.5))
        .play(takes(seconds(4.0)));
    assert_eq!(
        (measured(&played).ok, measured(&played).interrupted),
        (8, 2)
    );
    assert_eq!(played.ended, Tick::ZERO + seconds(11.5));
    assert!(
        latency(&played, 0.95).is_infinite(),
        "the interrupted ones rank above every finished one"
    );
}

#[test]
fn throughput_counts_what_ends_in_the_window_whenever_it_started() {
    let load = "rate = '1/s'\nwarm_up = '5s'\nduration = '10s'";
    let played = VirtualRun::new(load).play(takes(seconds(2.5)));
    assert_eq!(
        played.result.stats.window.iterations, 10,
        "three from the warm-up end inside, three of the measured after"
    );
}

#[test]
fn a_signal_stops_arrivals_and_gives_what_runs_five_seconds() {
    let stop = WorkerCommand::Stop {
        cut_at: Tick::ZERO + seconds(9.5),
    };
    let played = VirtualRun::new("rate = '2/s'\nduration = '1m'")
        .then(seconds(4.6), stop)
        .play(takes(seconds(3.0)));
    let counts = measured(&played);
    assert_eq!(
        (counts.planned, counts.ok),
        (10, 10),
        "only what was due before counts as planned"
    );
    assert_eq!(
        played.ended,
        Tick::ZERO + seconds(7.5),
        "the last one ends and nothing is waited for"
    );
    let stop = WorkerCommand::Stop {
        cut_at: Tick::ZERO + seconds(6.0),
    };
    let played = VirtualRun::new("vus = 3\nduration = '1m'")
        .then(seconds(1.0), stop)
        .play(takes(seconds(10.0)));
    let counts = measured(&played);
    assert_eq!(
        (counts.started, counts.interrupted, played.ended),
        (3, 3, Tick::ZERO + seconds(6.0))
    );
}

#[test]
fn a_second_signal_ends_everything_at_once() {
    let played = VirtualRun::new("rate = '2/s'\nduration = '1m'")
        .then(seconds(4.25), WorkerCommand::Abort)
        .play(takes(seconds(3.0)));
    let counts = measured(&played);
    assert_eq!((counts.planned, counts.ok, counts.interrupted), (9, 3, 6));
    assert_eq!(played.ended, Tick::ZERO + seconds(4.25));
}

#[test]
fn users_beyond_those_made_before_prepare_outside_latency() {
    let peak = Rc::new(Cell::new(0));
    let now = Rc::new(Cell::new(0));
    let (p, n) = (Rc::clone(&peak), Rc::clone(&now));
    let work: Work = Rc::new(move |clock: Clock, _| {
        let (p, n) = (Rc::clone(&p), Rc::clone(&n));
        Box::pin(async move {
            n.set(n.get() + 1);
            p.set(p.get().max(n.get()));
            clock
                .sleep_until(clock.now() + Duration::from_secs(1))
                .await;
            n.set(n.get() - 1);
            Outcome::Ok
        })
    });
    let played = VirtualRun::new("vus = 7\nduration = '5s'")
        .workers(2)
        .play(work);
    assert_eq!(peak.get(), 7, "never more in flight than users");
    assert_eq!(measured(&played).started, 35);
    let per_second: Vec<_> = (0..5)
        .map(|s| {
            played
                .slots
                .iter()
                .filter(|slot| slot.second == s)
                .map(|slot| slot.started)
                .sum::<u64>()
        })
        .collect();
    assert_eq!(per_second, [7, 7, 7, 7, 7]);
}
