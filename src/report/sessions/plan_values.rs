//! A plan as single values, for saying what differs between two.

use std::collections::BTreeMap;

use serde_json::Value;

/// Every single value of a plan by its path: `load.transcribe.rate`. Entries of a list are named by their `name`, else by their
/// place from 1.
pub(crate) fn plan_values(effective: &Value) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    walk(effective, String::new(), &mut values);
    values
}

fn walk(value: &Value, path: String, values: &mut BTreeMap<String, String>) {
    let below = |name: &str| {
        if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        }
    };
    match value {
        Value::Object(own) => own
            .iter()
            .for_each(|(name, value)| walk(value, below(name), values)),
        Value::Array(own) if own.iter().any(Value::is_object) => {
            for (at, value) in own.iter().enumerate() {
                let name = value
                    .get("name")
                    .and_then(Value::as_str)
                    .map_or_else(|| (at + 1).to_string(), str::to_owned);
                walk(value, below(&name), values);
            }
        }
        Value::Null => {}
        Value::String(text) => drop(values.insert(path, text.clone())),
        other => drop(values.insert(path, other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_value_has_a_path() {
        let plan = json!({
            "load": { "ask": { "vus": 4, "duration": "10s" } },
            "flow": { "ask": [{ "http": { "post": "/x" } }, { "name": "job", "poll": {} }] },
            "phase": [{ "name": "smoke", "rest": "1s" }], "vars": { "list": [1, 2] },
        });
        let wanted = [
            ("flow.ask.1.http.post", "/x"),
            ("flow.ask.job.name", "job"),
            ("load.ask.duration", "10s"),
            ("load.ask.vus", "4"),
            ("phase.smoke.name", "smoke"),
            ("phase.smoke.rest", "1s"),
            ("vars.list", "[1,2]"),
        ];
        let found = plan_values(&plan);
        assert_eq!(
            found
                .iter()
                .map(|(path, value)| (path.as_str(), value.as_str()))
                .collect::<Vec<_>>(),
            wanted
        );
        assert!(plan_values(&Value::Null).is_empty());
    }
}
