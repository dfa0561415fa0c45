//! The load hash: two sessions with the same one did the same work.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use url::Url;

use crate::audio::Pool;

/// Covers flows, loads and audio content with every variable filled in; not addresses, names of files, thresholds or session.
pub(super) fn load_hash(effective: &Value, pools: &BTreeMap<String, Arc<Pool>>) -> String {
    let mut covered = Map::new();
    for key in ["flow", "load"] {
        covered.insert(key.to_owned(), effective.get(key).map_or(Value::Null, canonical));
    }
    let audio = pools.iter().map(|(name, pool)| (name.clone(), Value::String(pool.content_hash())));
    covered.insert("audio".to_owned(), Value::Object(audio.collect()));
    let digest = Sha256::digest(Value::Object(covered).to_string());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// Keys in order, and addresses without their host: where a service runs does not change what it has to do.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<&String, Value> = map.iter().map(|(key, value)| (key, canonical(value))).collect();
            Value::Object(sorted.into_iter().map(|(key, value)| (key.clone(), value)).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(canonical).collect()),
        Value::String(text) => Value::String(without_host(text)),
        other => other.clone(),
    }
}

fn without_host(text: &str) -> String {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https" | "ws" | "wss" | "grpc" | "grpcs") => {
            url[url::Position::BeforePath..].to_owned()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn order_and_hosts_do_not_matter_and_work_does() {
        let of = |value: &Value| load_hash(value, &BTreeMap::new());
        let one = json!({ "flow": { "a": [{ "http": { "get": "http://x:1/jobs", "headers": { "a": "1" } } }] }, "load": { "a": { "rate": "3/s", "duration": "1m" } } });
        let two = json!({ "load": { "a": { "duration": "1m", "rate": "3/s" } }, "flow": { "a": [{ "http": { "headers": { "a": "1" }, "get": "http://y:2/jobs" } }] }, "threshold": { "x": 1 } });
        let three = json!({ "flow": two["flow"], "load": { "a": { "duration": "1m", "rate": "4/s" } } });
        assert_eq!(of(&one), of(&two));
        assert_ne!(of(&one), of(&three));
    }
}
