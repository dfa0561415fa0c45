//! Keys that people bring along from other places, each with what perfgate calls it.

use crate::plan::diagnostics::other_words;

/// A key of k6 or of another section: the end of the place that it was written at (`*` is any), the key, and what to write.
const MEANT: &[(&str, &str, &str)] = &[
    (
        "*",
        "executor",
        "the keys of a load say it: `rate`, or `vus` or `stages`, with `duration` or `iterations`",
    ),
    (
        "*",
        "preAllocatedVUs",
        "perfgate calls it `pre_allocated_vus`",
    ),
    ("*", "maxVUs", "perfgate calls it `max_vus`"),
    (
        "*",
        "timeUnit",
        "a rate has its unit: rate = \"3/s\", or \"90/min\"",
    ),
    (
        "*",
        "startRate",
        "stages begin at 0; a first stage { duration = \"0s\", rate = \"3/s\" } begins at 3/s",
    ),
    (
        "*",
        "startVUs",
        "stages begin at 0; a first stage { duration = \"0s\", vus = 3 } begins with 3 users",
    ),
    (
        "stages",
        "target",
        "a stage says its level by what it is: { duration = \"1m\", rate = \"5/s\" } or { duration = \"1m\", vus = 10 }",
    ),
    (
        "*",
        "gracefulStop",
        "perfgate calls it `drain`; without it, it is as long as the flow needs",
    ),
    (
        "*",
        "gracefulRampDown",
        "users finish what they do as they leave; `drain` is how long that may take at the end",
    ),
    (
        "*",
        "startTime",
        "what comes later is a phase of its own: [[phase]]",
    ),
    (
        "*",
        "maxDuration",
        "perfgate calls it `duration`: beside `iterations`, the first end reached counts",
    ),
    (
        "*",
        "exec",
        "perfgate calls it `flow`: the name of the flow that the load runs",
    ),
    (
        "*",
        "sleep",
        "after each iteration it is `think` of a load, between steps a step with `pause`",
    ),
    (
        "*",
        "scenarios",
        "a scenario is a load, and what it does a flow: [load.NAME] and [[flow.NAME]]",
    ),
    (
        "*",
        "thresholds",
        "perfgate calls it `threshold`: [threshold] latency.p95 = \"< 500ms\", error_rate = \"< 1%\"",
    ),
    (
        "target.ready",
        "get",
        "a probe is a GET already: write path = \"/health\"",
    ),
    (
        "target.ready",
        "url",
        "`path` may be a whole URL: write path = \"http://localhost:8000/health\"",
    ),
    (
        "target.ready",
        "headers",
        "probes are sent with the headers of the target: write [target.headers]",
    ),
    (
        "target.ready",
        "auth",
        "probes are sent with the `auth` of the target: write it there",
    ),
    (
        "target.ready",
        "timeout",
        "`within` is how long to wait in all; one probe may take 5 s",
    ),
    (
        "target.ready",
        "status",
        "write expect = { status = 200 }; any 2xx is enough without it",
    ),
];

/// Metrics of k6, with what perfgate measures in their place.
const METRICS: &[(&str, &str)] = &[
    ("http_req_duration", "requests.latency.p95"),
    ("http_req_waiting", "first_byte.p95"),
    ("http_req_failed", "requests.error_rate"),
    ("http_reqs", "requests.throughput"),
    ("iteration_duration", "duration.p95"),
    ("iterations", "throughput"),
    ("dropped_iterations", "dropped"),
    ("checks", "success_rate"),
];

/// What to write in place of a key that this place does not have.
pub(in crate::plan) fn key(place: &str, name: &str) -> Option<&'static str> {
    let here = |at: &str| {
        at == "*"
            || place
                .strip_suffix(at)
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    let own = |(at, key, _): &&(&str, &str, &str)| *key == name && here(at);
    MEANT.iter().find(own).map(|(_, _, help)| *help)
}

/// What to write in place of a metric that is k6's, or has another name elsewhere.
pub(in crate::plan) fn metric(name: &str) -> Option<String> {
    let front = name.split(['.', '{']).next()?;
    match METRICS.iter().find(|(known, _)| *known == front) {
        Some((_, own)) => Some(format!("perfgate measures `{own}` in its place")),
        None => other_words::metric(name),
    }
}

/// What to write in place of a bound of k6, such as `p(95)<500`: its statistic stands in the name, and times have units.
pub(in crate::plan) fn bound(text: &str) -> Option<String> {
    let text = text.trim();
    let at = text.find(['<', '>'])?;
    let (what, bound) = (text[..at].trim(), text[at..].trim());
    let value = bound.trim_start_matches(['<', '>', '=']);
    let sign = &bound[..bound.len() - value.len()];
    let value: f64 = value.trim().parse().ok()?;
    let stat = match what {
        "avg" => "mean".to_owned(),
        "med" => "p50".to_owned(),
        "min" | "max" => what.to_owned(),
        "rate" => {
            return Some(format!(
                "write the share itself: error_rate = \"{sign} {}%\"",
                value * 100.0
            ));
        }
        _ => {
            let percentile = what.strip_prefix("p(")?.strip_suffix(')')?;
            percentile.parse::<f64>().ok()?;
            format!("p{}", percentile.replace('.', "_"))
        }
    };
    Some(format!(
        "the statistic stands in the name, and a time has its unit: latency.{stat} = \"{sign} {value}ms\""
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_of_k6_are_written_as_perfgate_has_them() {
        for (text, help) in [
            ("p(95)<500", Some("latency.p95 = \"< 500ms\"")),
            ("p(99.9) <= 1500", Some("latency.p99_9 = \"<= 1500ms\"")),
            ("avg<200", Some("latency.mean = \"< 200ms\"")),
            ("rate<0.01", Some("error_rate = \"< 1%\"")),
            ("< fast!", None),
            ("p(x)<1", None),
        ] {
            let said = bound(text);
            assert_eq!(said.is_some(), help.is_some(), "{text}: {said:?}");
            assert!(
                said.unwrap_or_default().ends_with(help.unwrap_or_default()),
                "{text}"
            );
        }
    }

    #[test]
    fn every_key_that_is_recommended_exists() {
        let known = crate::plan::schema_text();
        let quoted = MEANT
            .iter()
            .flat_map(|(_, _, help)| help.split('`').skip(1).step_by(2));
        for name in quoted {
            assert!(known.contains(&format!("\"{name}\": {{")), "{name}");
        }
        for (_, own) in METRICS {
            let kinds = crate::metric::KINDS
                .iter()
                .any(|kind| own.starts_with(kind.name));
            assert!(kinds, "{own}");
        }
    }
}
