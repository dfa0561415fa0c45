//! What the names of fixed bounds mean among the metrics of a session.

use std::collections::BTreeMap;

use crate::metric::Address;
use crate::summary::Metric;

/// The endings of addresses that a name may mean, the first that is measured counts.
const MEANINGS: [(&str, &[&str]); 2] = [
    (
        "http_req_duration",
        &["requests.latency", "http_req_duration"],
    ),
    (
        "transcription_latency",
        &[
            "latency",
            "transcription_latency_seconds",
            "transcription_latency",
        ],
    ),
];

const STATS: [(&str, &str); 5] = [
    ("avg", "mean"),
    ("med", "p50"),
    ("min", "min"),
    ("max", "max"),
    ("p90", "p90"),
];

/// The addresses that a name means among what was measured; the name itself where it means none, so that it is missed.
pub(crate) fn addresses(name: &str, measured: &BTreeMap<Address, Metric>) -> Vec<Address> {
    let whole = || Address::foreign(name, None);
    let rate = |name: &str| Address::foreign(name, Some("rate"));
    let endings: Vec<Address> = if name.ends_with("success_rate") {
        vec![Address::foreign("success_rate", None), whole(), rate(name)]
    } else if let Some(front) = name.strip_suffix("_rate") {
        // How many of how many, or how many a second: the unit of what is measured says which.
        let share = rate(front);
        let known = measured.contains_key(&share).then_some(share);
        [whole(), rate(name)].into_iter().chain(known).collect()
    } else {
        let (front, stat) = name.rsplit_once('_').unwrap_or((name, ""));
        let stat = STATS
            .iter()
            .find(|(theirs, _)| *theirs == stat)
            .map_or(stat, |(_, ours)| ours);
        let quantity = front.trim_end_matches("_ms").trim_end_matches("_seconds");
        let known = MEANINGS
            .iter()
            .find(|(theirs, _)| *theirs == quantity)
            .map(|(_, ours)| ours.to_vec());
        let mut all: Vec<Address> = known
            .unwrap_or_else(|| vec![front, quantity])
            .into_iter()
            .map(|ours| Address::foreign(ours, Some(stat)))
            .collect();
        if stat == "count" {
            // A counter is its count.
            all.push(Address::foreign(front, None));
        }
        all
    };
    for ending in &endings {
        let found: Vec<Address> = measured
            .keys()
            .filter(|address| address.is_of_load_as(ending.as_str()))
            .cloned()
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    vec![whole()]
}
