//! Where the load went.

use serde_json::Value;

use crate::report::text::clean;
use crate::summary::Summary;

const NAMED: usize = 3;

/// The addresses of the plan with its variables filled in and without a password, those of every phase; where there are none those
/// of its steps. The embedded target has none: its port is not known before.
pub(crate) fn targets(summary: &Summary) -> Vec<String> {
    let plan = &summary.plan.effective;
    let phases = plan["phase"].as_array().into_iter().flatten();
    let mut all: Vec<String> = Vec::new();
    for target in std::iter::once(&plan["target"]).chain(phases.map(|phase| &phase["target"])) {
        all.extend(address(target));
    }
    if all.is_empty() {
        full(&plan["flow"], &mut all);
    }
    let mut known: Vec<String> = Vec::new();
    for one in all {
        if !known.contains(&one) {
            known.push(one);
        }
    }
    let more = known.len().saturating_sub(NAMED);
    known.truncate(NAMED);
    known.extend((more > 0).then(|| format!("and {more} more")));
    known
}

fn address(target: &Value) -> Option<String> {
    match (target.as_str().or(target["url"].as_str()), &target["demo"]) {
        (Some(text), _) if !text.is_empty() => Some(without_password(text)),
        (_, Value::Null) => None,
        _ => Some("the embedded target".to_owned()),
    }
}

/// The places that full addresses in steps lead to.
fn full(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(own) => own.values().for_each(|value| full(value, found)),
        Value::Array(own) => own.iter().for_each(|value| full(value, found)),
        Value::String(text) => {
            let rest = text
                .split_once("://")
                .filter(|(scheme, _)| scheme.chars().all(|c| c.is_ascii_alphabetic()));
            if let Some((scheme, rest)) = rest.filter(|(scheme, _)| !scheme.is_empty()) {
                let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
                found.push(without_password(&format!("{scheme}://{host}")));
            }
        }
        _ => {}
    }
}

fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return clean(address);
    };
    let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let at = rest[..host].rfind('@').map_or(0, |at| at + 1);
    clean(&format!("{scheme}://{}", &rest[at..]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_address_is_that_of_the_plan() {
        let of = |plan: Value| {
            let mut summary = Summary::empty("plan");
            summary.plan.effective = plan;
            targets(&summary)
        };
        for (plan, wanted) in [
            (
                json!({ "target": "http://asr:8001" }),
                &["http://asr:8001"][..],
            ),
            (
                json!({ "target": { "url": "wss://me:secret@asr/listen?x=a@b" } }),
                &["wss://asr/listen?x=a@b"],
            ),
            (
                json!({ "target": { "demo": { "latency": "1ms" } } }),
                &["the embedded target"],
            ),
            (
                json!({ "target": "http://a", "phase": [{ "target": "http://b" }, { "target": "http://a" }, {}] }),
                &["http://a", "http://b"],
            ),
            (
                json!({ "flow": { "ask": [{ "http": { "get": "https://x:1/path" } }, { "text": "no" }] } }),
                &["https://x:1"],
            ),
            (Value::Null, &[]),
        ] {
            assert_eq!(of(plan.clone()), wanted, "{plan}");
        }
    }
}
