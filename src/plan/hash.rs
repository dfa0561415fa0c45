//! The load hash: two sessions with the same one did the same work.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::audio::Pool;
use crate::flow::DataTable;
use crate::plan::model::Plan;
use crate::protocol::is_secure;

impl Plan {
    /// Computes the load hash of what is carried out now.
    pub(super) fn hash(&mut self) {
        let carried_out = |phase: Option<&str>, load: &str| {
            let mut phases = self.phases.iter().filter(|own| own.plain_name() == phase);
            phases.any(|own| own.loads.iter().any(|(name, _)| name == load))
        };
        self.load_hash = load_hash(&self.effective, &self.pools, &self.data, &carried_out);
    }
}

/// Covers flows, loads in their phases, audio content and rows with every variable filled in; not addresses, secrets, names of
/// files, thresholds or session.
fn load_hash(
    effective: &Value,
    pools: &BTreeMap<String, Arc<Pool>>,
    data: &BTreeMap<String, Arc<DataTable>>,
    carried_out: &dyn Fn(Option<&str>, &str) -> bool,
) -> String {
    let loads = |of: &Value, phase: Option<&str>| {
        let own = of
            .get("load")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let own = own.filter(|(name, _)| carried_out(phase, name));
        Value::Object(
            own.map(|(name, load)| (name.clone(), canonical(load)))
                .collect::<BTreeMap<_, _>>()
                .into_iter()
                .collect(),
        )
    };
    let mut covered = Map::new();
    covered.insert(
        "flow".to_owned(),
        effective.get("flow").map_or(Value::Null, canonical),
    );
    match effective.get("phase").and_then(Value::as_array) {
        None => {
            covered.insert("load".to_owned(), loads(effective, None));
            covered.extend(sweep(effective).map(|sweep| ("sweep".to_owned(), sweep)));
        }
        Some(phases) => {
            let part = |phase: &Value| {
                let name = phase.get("name").and_then(Value::as_str);
                let own = loads(phase, name);
                let keys = ["in_turn", "rest"]
                    .map(|key| phase.get(key).or_else(|| effective.get(key)).cloned());
                let mut covered = json!({ "name": name, "load": own, "order": keys });
                if let (Some(sweep), Some(covered)) = (sweep(phase), covered.as_object_mut()) {
                    covered.insert("sweep".to_owned(), sweep);
                }
                (!own.as_object()?.is_empty()).then_some(covered)
            };
            covered.insert("phase".to_owned(), phases.iter().filter_map(part).collect());
        }
    }
    let audio = pools
        .iter()
        .map(|(name, pool)| (name.clone(), Value::String(pool.content_hash())));
    covered.insert("audio".to_owned(), Value::Object(audio.collect()));
    let rows = data
        .iter()
        .map(|(name, table)| (name.clone(), Value::String(table.content_hash().to_owned())));
    covered.insert("data".to_owned(), Value::Object(rows.collect()));
    let digest = Sha256::digest(Value::Object(covered).to_string());
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

/// What a sweep varies, and the rest before each point; `None` without one.
fn sweep(of: &Value) -> Option<Value> {
    let sweep = of.get("sweep")?.as_object()?;
    let keys = ["over", "values", "search", "rest"].into_iter();
    let own = keys.filter_map(|key| Some((key.to_owned(), canonical(sweep.get(key)?))));
    Some(Value::Object(own.collect()))
}

/// Keys in order, and addresses without their host: where a service runs does not change what it has to do.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let sorted: BTreeMap<&String, Value> = map
                .iter()
                .map(|(key, value)| (key, canonical(value)))
                .collect();
            Value::Object(
                sorted
                    .into_iter()
                    .map(|(key, value)| (key.clone(), value))
                    .collect(),
            )
        }
        Value::Array(items) => Value::Array(items.iter().map(canonical).collect()),
        Value::String(text) => Value::String(without_host(text)),
        other => other.clone(),
    }
}

fn without_host(text: &str) -> String {
    match Url::parse(text) {
        Ok(url) if is_secure(url.scheme()).is_some() => url[url::Position::BeforePath..].to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_hosts_do_not_matter_and_work_does() {
        let of = |value: &Value| load_hash(value, &BTreeMap::new(), &BTreeMap::new(), &|_, _| true);
        let one = json!({ "flow": { "a": [{ "http": { "get": "http://x:1/jobs", "headers": { "a": "1" } } }] }, "load": { "a": { "rate": "3/s", "duration": "1m" } } });
        let two = json!({ "load": { "a": { "duration": "1m", "rate": "3/s" } }, "flow": { "a": [{ "http": { "headers": { "a": "1" }, "get": "http://y:2/jobs" } }] }, "threshold": { "x": 1 } });
        let three =
            json!({ "flow": two["flow"], "load": { "a": { "duration": "1m", "rate": "4/s" } } });
        assert_eq!(of(&one), of(&two));
        assert_ne!(of(&one), of(&three));
        let phases = |rest: &str| json!({ "flow": one["flow"], "phase": [{ "name": "smoke", "load": one["load"], "rest": rest, "threshold": rest }] });
        assert_ne!(
            of(&one),
            of(&phases("0s")),
            "a phase is part of what is done"
        );
        assert_ne!(
            of(&phases("0s")),
            of(&phases("1m")),
            "and so is the rest before it"
        );
        let left_out = load_hash(
            &phases("0s"),
            &BTreeMap::new(),
            &BTreeMap::new(),
            &|phase, _| phase != Some("smoke"),
        );
        assert_ne!(left_out, of(&phases("0s")));
    }
}
