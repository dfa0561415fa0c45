//! What is done once: by each user, or by one for all, and what happens when it fails.

use perfgate::metric::ErrorClass;
use perfgate::protocol::testing::MockReply;
use perfgate::units::Duration;

use crate::support::flow_run::{FlowRun, after};

fn plan(once: &str) -> String {
    format!(
        "[[flow.main]]
        name = 'login'
        once = '{once}'
        http.post = '/login/{{{{vu}}}}'
        timeout = '1s'
        capture = {{ token = '$.token' }}
        [[flow.main]]
        name = 'work'
        http.get = '/work/{{{{token}}}}'
        capture = {{ other = '$.other' }}
        "
    )
}

fn target(_: u64, what: &str) -> MockReply {
    match what.strip_prefix("POST /login/") {
        Some(vu) => after(40, 200, &format!(r#"{{"token": "t{vu}"}}"#)),
        None => after(10, 200, r#"{"other": 1}"#),
    }
}

fn logins(paths: &[&str]) -> usize {
    paths.iter().filter(|what| what.starts_with("POST")).count()
}

#[test]
fn each_user_is_set_up_before_time_zero_and_keeps_what_it_captured() {
    let played = FlowRun::new(&plan("per-vu"), "vus = 3\niterations = 9").play(target);
    assert_eq!((logins(&played.paths()), played.counts().ok), (3, 9));
    for vu in 1..=3 {
        let path = format!("GET /work/t{vu}");
        assert_eq!(
            played.paths().iter().filter(|what| **what == path).count(),
            3,
            "{path}"
        );
    }
    assert_eq!(
        (played.result.zero.as_nanos(), played.mean(None, "latency")),
        (40_000_000, Some(10.0))
    );
    assert_eq!(
        played.result.stats.requests.started, 9,
        "what is done once is in no sum"
    );
    assert_eq!(
        (played.mean(Some("login"), "latency"), played.steps()[0]),
        (Some(40.0), ("login", 3, 3))
    );
}

#[test]
fn one_user_of_all_workers_does_it_for_all() {
    let played = FlowRun::new(&plan("per-run"), "vus = 6\niterations = 12")
        .workers(3)
        .play(target);
    assert_eq!((logins(&played.paths()), played.counts().ok), (1, 12));
    let login = played.paths()[0].replace("POST /login/", "GET /work/t");
    assert_eq!(
        played.paths().iter().filter(|what| **what == login).count(),
        12,
        "all have its token"
    );
    assert_eq!(
        played.result.stats.setups.0.started, 1,
        "who waits has done nothing"
    );
}

#[test]
fn a_user_made_in_a_hurry_is_set_up_outside_latency_and_lag() {
    let played = FlowRun::new(
        &plan("per-vu"),
        "rate = '10/s'\nduration = '1s'\npre_allocated_vus = 0",
    )
    .play(target);
    assert_eq!((played.counts().ok, logins(&played.paths())), (10, 1));
    assert_eq!(
        (played.mean(None, "latency"), played.mean(None, "lag")),
        (Some(10.0), Some(0.0))
    );
}

#[test]
fn iterations_of_a_user_that_is_not_set_up_fail_with_its_message_until_it_is() {
    let played =
        FlowRun::new(&plan("per-vu"), "vus = 1\niterations = 5").play(|at, what| {
            match what.starts_with("POST") {
                true if at < 100 => after(40, 503, "warming up"),
                _ => target(at, what),
            }
        });
    // Tried before time zero, and before the first and the second iteration; then it works.
    assert_eq!(logins(&played.paths()), 4);
    let counts = played.counts();
    assert_eq!((counts.started, counts.failed, counts.ok), (5, 2, 3));
    assert_eq!(
        played.errors(ErrorClass::Status),
        2,
        "they are of the class of what went wrong"
    );
    let groups = played.result.stats.errors.groups();
    let listed: Vec<_> = groups
        .iter()
        .map(|(_, step, class, group)| (*step, *class, group.count, group.example.as_str()))
        .collect();
    let login = played.catalog.load(perfgate::metric::LoadId(0)).steps[0];
    assert_eq!(
        listed,
        [
            (Some(login), ErrorClass::Status, 3, "HTTP 503: warming up"),
            (
                Some(login),
                ErrorClass::Status,
                2,
                "not set up: HTTP 503: warming up"
            ),
        ]
    );
    assert_eq!(
        (
            played.result.stats.setups.0.failed,
            played.result.stats.setups.0.ok
        ),
        (3, 1)
    );
}

#[test]
fn who_waited_for_a_try_that_failed_does_not_add_its_own() {
    let played = FlowRun::new(&plan("per-run"), "vus = 5\nduration = '2s'").play(|at, what| {
        match what.starts_with("POST") {
            true if at < 900 => after(1_000, 500, ""),
            _ => target(at, what),
        }
    });
    let times: Vec<u64> = played
        .requests
        .iter()
        .filter(|(_, what)| what.starts_with("POST"))
        .map(|(at, _)| *at)
        .collect();
    assert_eq!(
        times,
        [0, 1_000],
        "one try for all five users, and one more"
    );
    assert!(
        played.counts().ok > 500 && played.counts().failed == 0,
        "{:?}",
        played.counts()
    );
}

#[test]
fn a_setup_that_hangs_does_not_hold_the_end_up() {
    let load = "rate = '2/s'\nduration = '1s'\npre_allocated_vus = 0";
    let run = FlowRun::new(&plan("per-vu").replace("'1s'", "'1h'"), load)
        .drain(Duration::from_millis(200));
    let played = run.play(|_, _| after(3_000_000, 200, "{}"));
    let counts = played.counts();
    assert_eq!(
        (counts.planned, counts.started, counts.interrupted),
        (2, 2, 2)
    );
}
