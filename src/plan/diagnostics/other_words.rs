//! The words that other tools have for what a plan says: each with its key here.

/// A place (`*` is any), the words of Artillery, Gatling, JMeter, Locust, hey, oha, wrk and others for one thing, and what to write.
/// Words are compared without their case, `_` and `-`.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "load.*",
        "users user virtual_users num_users user_count n_users concurrency concurrent concurrent_users threads num_threads clients connections workers vu parallel parallelism",
        "perfgate calls it `vus`: vus = 10",
    ),
    (
        "load.*",
        "arrival_rate arrival_count rps qps tps request_rate requests_per_second constant_arrival_rate constant_users_per_sec users_per_sec iterations_per_second throughput frequency",
        "perfgate calls it `rate`: rate = \"50/s\"",
    ),
    (
        "load.*",
        "weight weights share ratio mix probability percent percentage",
        "loads side by side are mixed by their `rate`: 80 to 20 is rate = \"40/s\" in one load and rate = \"10/s\" in the other",
    ),
    (
        "load.*",
        "flows scenario scenarios task tasks script steps",
        "perfgate calls it `flow`: the name of the one flow that the load runs; two flows are two loads",
    ),
    (
        "load.*",
        "think_time wait_time wait pacing pause delay between",
        "perfgate calls it `think`, after each iteration: think = \"1s .. 3s\"; between steps it is a step with `pause`",
    ),
    (
        "load.*",
        "ramp ramp_time ramp_up_time ramp_period spawn_rate hatch_rate ramp_users startup",
        "perfgate calls it `ramp_up`, a time: ramp_up = \"30s\"; several levels are `stages`",
    ),
    (
        "load.*",
        "ramp_to levels steps_of_load",
        "a load that changes has `stages`: [{ duration = \"1m\", rate = \"50/s\" }]",
    ),
    (
        "load.*",
        "loops loop_count requests number count repeat iteration_count num_requests n",
        "perfgate calls it `iterations`: in all; `iterations_per_vu` is for each user",
    ),
    (
        "load.*",
        "time run_time length hold_for hold for seconds",
        "perfgate calls it `duration`: duration = \"30s\"",
    ),
    (
        "load.*",
        "warmup warm_up_time warmup_duration",
        "perfgate calls it `warm_up`: warm_up = \"10s\"",
    ),
    (
        "flow.*",
        "url path uri endpoint request method",
        "a request is its method with its path in `http`: http.get = \"/path\", or http.post, put, patch, delete, head",
    ),
    (
        "flow.*",
        "body payload data",
        "the body stands in `http`: http.json, http.text, http.form, http.multipart or http.file",
    ),
    (
        "flow.*",
        "assert asserts assertion assertions check checks expects validate verify",
        "perfgate calls it `expect`: expect = { status = 200, \"$.id\" = \"present\" }",
    ),
    (
        "flow.*",
        "captures extract extractor save save_as store variables set",
        "perfgate calls it `capture`: capture = { token = \"$.token\" }",
    ),
    (
        "flow.*",
        "think think_time wait delay sleep",
        "between steps it is a step with `pause`: pause = \"1s\"",
    ),
    (
        "flow.*.http",
        "body payload data content",
        "a body is `json`, `text`, `form`, `multipart`, `file` or `audio`",
    ),
    (
        "flow.*.http",
        "url uri path method endpoint",
        "the method is the key: http.get = \"/path\"",
    ),
    (
        "flow.*.http",
        "params parameters query_params query_string qs",
        "perfgate calls it `query`: http.query = { page = \"1\" }",
    ),
    (
        "flow.*.http",
        "header",
        "perfgate calls it `headers`: http.headers = { accept = \"application/json\" }",
    ),
    (
        "flow.*.http",
        "follow_redirects redirects max_redirects",
        "perfgate calls it `follow`: so many redirects are followed",
    ),
    (
        "",
        "base_url baseurl host url endpoint server address",
        "perfgate calls it `target`: target = \"http://localhost:8000\"",
    ),
    (
        "",
        "scenario scenarios flows users user task tasks requests steps",
        "what one user does is a flow, and how much of it a load: [[flow.NAME]] and [load.NAME]",
    ),
    (
        "",
        "loads config execution options stages",
        "how much load stands in `load`: [load.NAME] with `vus` or `rate`",
    ),
    ("", "phases", "perfgate calls it `phase`: [[phase]]"),
    (
        "",
        "variables env environment params",
        "perfgate calls it `vars`: [vars] users = 4, used as {{users}}",
    ),
    (
        "",
        "assert assertions slo slos criteria limits ensure checks",
        "perfgate calls it `threshold`: [threshold] latency.p95 = \"< 500ms\"",
    ),
    (
        "target",
        "base_url host address endpoint",
        "perfgate calls it `url`: url = \"http://localhost:8000\"",
    ),
];

/// Statistics by other names.
const STATS: [(&str, &str); 7] = [
    ("avg", "mean"),
    ("average", "mean"),
    ("med", "p50"),
    ("median", "p50"),
    ("minimum", "min"),
    ("maximum", "max"),
    ("std", "stddev"),
];

/// Metrics by other names.
const METRICS: [(&str, &str); 6] = [
    (
        "response_time duration_ms time elapsed rtt ttlb",
        "latency.p95",
    ),
    ("ttfb time_to_first_byte", "first_byte.p95"),
    (
        "errors error failures failed_requests failure_rate fail_rate",
        "error_rate",
    ),
    ("rps qps tps requests_per_second req_per_sec", "throughput"),
    ("success passed ok_rate", "success_rate"),
    ("drops dropped_rate", "drop_rate"),
];

fn plain(word: &str) -> String {
    let letters = word.chars().filter(|c| *c != '_' && *c != '-');
    letters.flat_map(char::to_lowercase).collect()
}

/// What to write in place of a key that another tool has.
pub(super) fn key(place: &str, name: &str) -> Option<&'static str> {
    let name = plain(name);
    // A phase and a flow have what the plan has.
    let place = place.strip_prefix("phase.").unwrap_or(place);
    let own = |(at, words, _): &&(&str, &str, &str)| {
        *at == place && words.split(' ').any(|word| plain(word) == name)
    };
    WORDS.iter().find(own).map(|(_, _, help)| *help)
}

fn stat_named(word: &str) -> Option<&str> {
    let other = STATS.iter().find(|(known, _)| *known == word);
    let known = crate::metric::Stat::named(word).map(|_| word);
    other.map(|(_, own)| *own).or(known)
}

/// What to write in place of a metric that lacks its quantity, or that has another name elsewhere: `p95`, `avg`, `rps`.
pub(super) fn metric(name: &str) -> Option<String> {
    let (front, last) = match name.rsplit_once('.') {
        Some((front, last)) => (Some(front), last),
        None => (None, name),
    };
    if let Some(stat) = stat_named(name).filter(|stat| *stat != "count") {
        return Some(format!(
            "say of what: `latency.{stat}`, or of a step `STEP.latency.{stat}`"
        ));
    }
    if let (Some(first), Some(rest)) = (front.and_then(stat_named), front.map(|_| last)) {
        return Some(format!("the statistic comes last: `{rest}.{first}`"));
    }
    if let (Some(front), Some((_, own))) = (front, STATS.iter().find(|(known, _)| *known == last)) {
        return Some(format!("perfgate calls it `{front}.{own}`"));
    }
    let known = METRICS
        .iter()
        .find(|(words, _)| words.split(' ').any(|word| word == name));
    known.map(|(_, own)| format!("perfgate calls it `{own}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_other_tools_lead_to_the_key() {
        for (place, word, key_here) in [
            ("load.*", "users", "`vus`"),
            ("load.*", "virtualUsers", "`vus`"),
            ("load.*", "arrivalRate", "`rate`"),
            ("phase.load.*", "RPS", "`rate`"),
            ("load.*", "weight", "rate = \"40/s\""),
            ("load.*", "think-time", "`think`"),
            ("", "scenarios", "[[flow.NAME]]"),
            ("flow.*", "assertions", "`expect`"),
        ] {
            let help = key(place, word).unwrap_or_else(|| panic!("{word}"));
            assert!(help.contains(key_here), "{word}: {help}");
        }
        assert_eq!(key("load.*", "wholly"), None);
        assert_eq!(key("session", "users"), None);
    }

    #[test]
    fn no_word_is_a_key_that_exists() {
        use crate::plan::docs::schema_forms::branch;
        let schema = crate::plan::docs::schema::schema();
        let of = |place: &str| match place {
            "" => schema.clone(),
            "load.*" => schema["$defs"]["Load"].clone(),
            "flow.*" => schema["$defs"]["StepSpec"].clone(),
            "flow.*.http" => schema["$defs"]["HttpSpec"].clone(),
            "target" => branch(schema, &schema["properties"]["target"], "object").unwrap(),
            other => panic!("where is {other}?"),
        };
        for (place, words, help) in WORDS {
            let known = of(place)["properties"].clone();
            assert!(known.is_object(), "{place}");
            let first = help.split('`').nth(1).unwrap_or_default();
            let text = schema.to_string();
            assert!(
                text.contains(&format!("\"{first}\":")) || !help.contains("calls it"),
                "{first}"
            );
            for word in words.split(' ') {
                assert!(known.get(word).is_none(), "{place}.{word} is a key");
            }
        }
    }

    #[test]
    fn metrics_get_their_full_names() {
        for (name, help) in [
            (
                "p95",
                "say of what: `latency.p95`, or of a step `STEP.latency.p95`",
            ),
            (
                "avg",
                "say of what: `latency.mean`, or of a step `STEP.latency.mean`",
            ),
            ("p95.latency", "the statistic comes last: `latency.p95`"),
            ("shop.latency.avg", "perfgate calls it `shop.latency.mean`"),
            ("errors", "perfgate calls it `error_rate`"),
        ] {
            assert_eq!(metric(name).as_deref(), Some(help), "{name}");
        }
        assert_eq!(metric("nonsense"), None);
    }
}
