//! Tests of the file beside this.

use super::*;

#[test]
fn a_share_hits_evenly_spaced_requests() {
    let hit = |share, count| {
        (0..count)
            .filter(|n| hits(Ratio(share), *n))
            .collect::<Vec<_>>()
    };
    assert_eq!(hit(0.25, 12), [3, 7, 11]);
    assert_eq!(hit(1.0, 3), [0, 1, 2]);
    assert!(hit(0.0, 1_000).is_empty());
    assert_eq!(hit(0.29, 100).len(), 29);
}

#[test]
fn faults_that_would_meet_are_all_dealt() {
    let faults = Faults {
        status_share: Ratio(0.25),
        reset_share: Ratio(0.25),
        stall_share: Ratio(0.5),
        ..Faults::default()
    };
    let mut plan = FaultPlan::new(&faults);
    let dealt: Vec<_> = (0..400).filter_map(|_| plan.next()).collect();
    let count = |fault| dealt.iter().filter(|dealt| **dealt == fault).count();
    assert!(
        count(Fault::Status) >= 99 && count(Fault::Reset) >= 99 && count(Fault::Stall) >= 199,
        "{}",
        dealt.len()
    );
    assert_eq!(plan.seen(), 400);
}

#[test]
fn the_window_holds_answers_until_its_end() {
    let ms = Duration::from_millis;
    let faults = Faults {
        stall_at: Some(ms(100)),
        stall_for: Some(ms(50)),
        ..Faults::default()
    };
    for (since, wait) in [(0, 0), (99, 0), (100, 50), (149, 1), (150, 0), (1_000, 0)] {
        assert_eq!(faults.window(ms(since)), ms(wait), "{since}");
    }
}

#[test]
fn impossible_faults_are_named() {
    let some = Some(Duration::ZERO);
    for (faults, said) in [
        (
            Faults {
                reset_share: Ratio(1.5),
                ..Faults::default()
            },
            "from 0% to 100%",
        ),
        (
            Faults {
                reset_share: Ratio(0.6),
                stall_share: Ratio(0.6),
                ..Faults::default()
            },
            "together",
        ),
        (
            Faults {
                status: Some(Count(99)),
                status_share: Ratio(0.1),
                ..Faults::default()
            },
            "200 to 599",
        ),
        (
            Faults {
                status: Some(Count(503)),
                ..Faults::default()
            },
            "status_share",
        ),
        (
            Faults {
                stall_at: some,
                ..Faults::default()
            },
            "need each other",
        ),
    ] {
        let checked = faults.check(Service::Transcription);
        assert!(
            checked.iter().any(|found| found.contains(said)),
            "{said}: {checked:?}"
        );
    }
}

#[test]
fn a_service_refuses_the_faults_that_it_does_not_know() {
    let one = Ratio(0.1);
    for (service, faults, said) in [
        (
            Service::Jobs,
            Faults {
                flood_share: one,
                ..Faults::default()
            },
            Some("`faults.flood_share` means nothing"),
        ),
        (
            Service::Wyoming,
            Faults {
                flood_share: one,
                ..Faults::default()
            },
            Some("`faults.flood_share` means nothing"),
        ),
        (
            Service::Wyoming,
            Faults {
                error_share: one,
                ..Faults::default()
            },
            None,
        ),
        (
            Service::Vosk,
            Faults {
                error_share: one,
                ..Faults::default()
            },
            Some("`faults.error_share` means nothing"),
        ),
        (
            Service::Vosk,
            Faults {
                slow_body_share: one,
                ..Faults::default()
            },
            Some("slow_body_share"),
        ),
        (
            Service::Riva,
            Faults {
                status: Some(Count(503)),
                status_share: one,
                ..Faults::default()
            },
            Some("`faults.status`"),
        ),
        (
            Service::Riva,
            Faults {
                status_share: one,
                ..Faults::default()
            },
            None,
        ),
        (
            Service::Gateway,
            Faults {
                error_share: one,
                never_ready_share: one,
                ..Faults::default()
            },
            None,
        ),
    ] {
        let found = faults.check(service);
        assert_eq!(found.len(), usize::from(said.is_some()), "{found:?}");
        assert!(
            found
                .iter()
                .all(|found| found.contains(said.unwrap_or_default())),
            "{found:?}"
        );
    }
}
