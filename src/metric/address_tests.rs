//! Addresses are taken apart as they were put together.

use proptest::prelude::*;

use super::*;
use crate::metric::{KINDS, Stat};
use crate::units::Unit;

type Parted<'a> = (
    Option<&'a str>,
    Option<&'a str>,
    Option<&'a str>,
    &'a str,
    Option<&'a str>,
);

fn parted(address: &Address) -> Parted<'_> {
    (
        address.phase(),
        address.load(),
        address.step(),
        address.quantity(),
        address.stat(),
    )
}

#[test]
fn an_address_is_taken_apart() {
    let rows: [(&str, Parted<'_>); 16] = [
        (
            "asr.latency.p95",
            (None, Some("asr"), None, "latency", Some("p95")),
        ),
        (
            "asr.error_rate",
            (None, Some("asr"), None, "error_rate", None),
        ),
        (
            "stress/asr.latency.drift",
            (Some("stress"), Some("asr"), None, "latency", Some("drift")),
        ),
        (
            "asr.submit.first_byte.p50",
            (None, Some("asr"), Some("submit"), "first_byte", Some("p50")),
        ),
        (
            "asr.submit.error_rate",
            (None, Some("asr"), Some("submit"), "error_rate", None),
        ),
        (
            "asr.requests.error_rate",
            (None, Some("asr"), None, "requests.error_rate", None),
        ),
        (
            "asr.requests.latency.p99_9",
            (None, Some("asr"), None, "requests.latency", Some("p99_9")),
        ),
        (
            "asr.errors.timeout",
            (None, Some("asr"), None, "errors.timeout", None),
        ),
        (
            "a/b.job.in.processing.mean",
            (
                Some("a"),
                Some("b"),
                Some("job"),
                "in.processing",
                Some("mean"),
            ),
        ),
        (
            "b.job.in.v1.running.mean",
            (None, Some("b"), Some("job"), "in.v1.running", Some("mean")),
        ),
        ("checks.rate", (None, None, None, "checks", Some("rate"))),
        ("http_reqs", (None, None, None, "http_reqs", None)),
        (
            "http_req_duration.p75",
            (None, None, None, "http_req_duration", Some("p75")),
        ),
        (
            "http_reqs{url:http://a.b/c}.p95",
            (None, None, None, "http_reqs{url:http://a.b/c}", Some("p95")),
        ),
        (
            "http_reqs{url:http://a.b/c}",
            (None, None, None, "http_reqs{url:http://a.b/c}", None),
        ),
        ("", (None, None, None, "", None)),
    ];
    for (text, parts) in rows {
        let address = Address::from(text);
        assert_eq!(parted(&address), parts, "{text}");
        assert_eq!(address.to_string(), text);
    }
    let swept = Address::from("asr.latency.p95@rate=2.5");
    assert_eq!(
        (swept.point(), swept.stat()),
        (Some("rate=2.5"), Some("p95"))
    );
    assert_eq!(swept.with_stat("p50"), "asr.latency.p50@rate=2.5");
}

#[test]
fn the_kind_says_what_is_a_counted_share() {
    for (text, unit, is_share) in [
        ("asr.error_rate", Unit::Ratio, true),
        ("asr.submit.rejection_rate", Unit::Ratio, true),
        ("asr.requests.error_rate", Unit::Ratio, true),
        ("asr.wer", Unit::Ratio, false),
        ("asr.talk.coverage.mean", Unit::Ratio, false),
        ("asr.error_rate.drift", Unit::Ratio, false),
        ("asr.throughput", Unit::PerSecond, false),
        ("checks.rate", Unit::Ratio, true),
        ("http_reqs.rate", Unit::PerSecond, false),
    ] {
        assert_eq!(Address::from(text).is_share(unit), is_share, "{text}");
    }
}

#[test]
fn errors_of_a_load_are_about_its_steps_and_those_of_a_step_about_itself() {
    for (errors, other, is_about) in [
        ("a.error_rate", "a.latency.p50", true),
        ("a.success_rate", "a.submit.latency.p50", true),
        ("a.error_rate", "a.requests.latency.p50", true),
        ("a.submit.error_rate", "a.submit.latency.p50", true),
        ("a.submit.error_rate", "a.latency.p50", false),
        ("a.requests.error_rate", "a.requests.latency.p50", true),
        ("a.requests.error_rate", "a.latency.p50", false),
        ("a.requests.error_rate", "a.submit.latency.p50", false),
        ("x/a.error_rate", "a.latency.p50", false),
        ("a.rejection_rate", "a.latency.p50", false),
        ("checks.rate", "http_req_duration.p95", false),
    ] {
        let [errors, about] = [errors, other].map(Address::from);
        assert_eq!(
            errors.is_error_share_of(&about),
            is_about,
            "{errors} {other}"
        );
    }
}

#[test]
fn leading_parts_may_be_left_out() {
    let address = Address::from("stress/asr.submit.latency.p95");
    for (name, is_named) in [
        ("stress/asr.submit.latency.p95", true),
        ("stress.asr.submit.latency.p95", true),
        ("asr.submit.latency.p95", true),
        ("stress.latency.p95", true),
        ("submit.latency.p95", true),
        ("latency.p95", true),
        ("xlatency.p95", false),
        ("other.latency.p95", false),
        ("p95", false),
    ] {
        assert_eq!(address.is_named(name), is_named, "{name}");
    }
    assert_eq!(address.shortened_like("a.b"), "latency.p95");
}

proptest! {
    #[test]
    fn every_text_is_printed_as_it_was_read(text in ".{0,40}") {
        prop_assert_eq!(Address::from(text.as_str()).to_string(), text);
    }

    #[test]
    fn what_was_put_together_is_taken_apart_again(
        phase in proptest::option::of("[a-z][a-z0-9_-]{0,6}"),
        load in "[a-z][a-z0-9_-]{0,6}",
        step in proptest::option::of("[b-z][a-z0-9_-]{9,12}"),
        kind in proptest::sample::select(KINDS),
        stat in proptest::sample::select(&Stat::ALL[..]),
    ) {
        let mut owner = Owner::load(phase.as_deref(), &load);
        if let Some(step) = &step {
            owner = owner.step(step);
        }
        let address = owner.statistic(kind.name, stat.0);
        prop_assert_eq!(
            parted(&address),
            (phase.as_deref(), Some(load.as_str()), step.as_deref(), kind.name, Some(stat.0))
        );
        prop_assert_eq!(address.owner(), Some(owner.clone()));
        prop_assert!(address.is_of(&owner) && address.is_of(&Owner::load(phase.as_deref(), &load)));
        let json = serde_json::to_string(&address).unwrap();
        prop_assert_eq!(serde_json::from_str::<Address>(&json).unwrap(), address);
    }
}
