//! Baselines of another form: one value a metric with a factor or a floor beside it, judged as fixed bounds.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::bound_names::addresses;
use crate::gate::baseline::{Baseline, MetricPolicy};
use crate::metric::{Address, Better};
use crate::summary::Metric;
use crate::units::Unit;

/// What such a file holds; the rest of it is nobody's business here.
#[derive(Deserialize)]
struct FixedBounds {
    #[serde(default)]
    description: Option<String>,
    metrics: BTreeMap<String, Value>,
    tolerances: BTreeMap<String, Value>,
}

/// Whether a JSON file without `schema` looks like one, be it only one half of it.
pub(crate) fn is_fixed_bounds(value: &Value) -> bool {
    let metrics = value.get("metrics").and_then(Value::as_object);
    let numbers = metrics.is_some_and(|own| !own.is_empty() && own.values().all(Value::is_number));
    value.get("schema").is_none() && (numbers || value.get("tolerances").is_some())
}

/// The baseline with fixed bounds that such a file means, for sessions that measured `measured`.
pub(crate) fn baseline_of_bounds(
    plan: &str,
    value: &Value,
    measured: &BTreeMap<Address, Metric>,
) -> Result<Baseline, String> {
    let bounds = FixedBounds::deserialize(value).map_err(|error| error.to_string())?;
    let mut baseline = Baseline {
        description: bounds.description.unwrap_or_default(),
        ..Baseline::empty(plan)
    };
    for (name, value) in &bounds.metrics {
        let Some(tolerance) = bounds.tolerances.get(name) else {
            return Err(format!(
                "`{name}` has a value and no tolerance: add it to `tolerances`"
            ));
        };
        let (value, tolerance) = (
            number("metrics", name, value)?,
            number("tolerances", name, tolerance)?,
        );
        let (unit, suffix) = unit(name);
        for metric in addresses(name, measured) {
            let own = measured.get(&metric);
            let measured_in = own.map_or(unit, |own| own.unit);
            let share = unit == Unit::Ratio && measured_in != Unit::PerSecond;
            if measured_in == Unit::Seconds && unit != Unit::Seconds {
                return Err(format!(
                    "`{name}` is a time and does not say in what: name it with `_ms` or `_seconds`"
                ));
            }
            let better = match own.map(|own| own.better) {
                Some(Better::Neither) | None => usual(name, share),
                Some(known) => known,
            };
            let sign = if better == Better::Higher { ">=" } else { "<=" };
            // Of a share the tolerance is the bound itself, of everything else a factor. What was measured without a unit
            // is compared as the number that it is.
            let bound = match share {
                true if tolerance > 1.0 => {
                    return Err(format!(
                        "`{name}` of `tolerances` is {tolerance}: a share is at most 1"
                    ));
                }
                true => format!("{sign} {}%", plain(tolerance * 100.0)),
                false if measured_in == Unit::PerSecond => {
                    format!("{sign} {}/s", plain(value * tolerance))
                }
                false if measured_in == Unit::Factor => {
                    format!("{sign} {}", plain(value * tolerance))
                }
                false => format!("{sign} {}{suffix}", plain(value * tolerance)),
            };
            let compared = MetricPolicy {
                bound: Some(bound),
                ..MetricPolicy::within(measured_in, better, None)
            };
            baseline.metrics.insert(metric, compared);
        }
    }
    if bounds.metrics.is_empty() {
        return Err("`metrics` is empty: nothing would be judged".to_owned());
    }
    let unknown = bounds
        .tolerances
        .keys()
        .find(|name| !bounds.metrics.contains_key(*name));
    unknown.map_or(Ok(baseline), |name| {
        Err(format!(
            "`{name}` has a tolerance and no value: add it to `metrics`"
        ))
    })
}

fn number(table: &str, name: &str, value: &Value) -> Result<f64, String> {
    let number = value
        .as_f64()
        .ok_or_else(|| format!("`{name}` of `{table}` is {value}, not a number"))?;
    if number < 0.0 {
        return Err(format!(
            "`{name}` of `{table}` is {number}: nothing that is measured is below zero"
        ));
    }
    Ok(number)
}

/// Which direction is good where nothing was measured that says it.
fn usual(name: &str, share: bool) -> Better {
    let bad = ["fail", "error", "drop"]
        .iter()
        .any(|word| name.contains(word));
    let good = share
        || ["throughput", "rtfx", "success", "http_reqs", "iterations"]
            .iter()
            .any(|word| name.contains(word));
    if good && !bad {
        Better::Higher
    } else {
        Better::Lower
    }
}

/// The unit of a metric by its name, and what a value of it is written with.
fn unit(name: &str) -> (Unit, &'static str) {
    if name.contains("_ms") {
        (Unit::Seconds, "ms")
    } else if name.contains("_seconds") {
        (Unit::Seconds, "s")
    } else if name.ends_with("_rate") {
        (Unit::Ratio, "")
    } else {
        (Unit::Factor, "")
    }
}

/// The number without the last digits, in which a product of decimals is not exact.
fn plain(value: f64) -> String {
    let text = format!("{value:.9}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::gate::{Against, Judgement, judge};
    use crate::summary::{ForeignTool, MetricValue, Summary};

    fn file() -> Value {
        json!({
            "description": "nightly", "captured_at": "2024-05-07T00:00:00Z", "environment": { "model": "base" },
            "metrics": {
                "http_req_duration_ms_avg": 1850, "http_req_duration_ms_p95": 4200,
                "transcription_latency_seconds_avg": 46.5, "transcription_latency_seconds_p95": 88.4,
                "transcription_success_rate": 0.98
            },
            "tolerances": {
                "http_req_duration_ms_avg": 1.2, "http_req_duration_ms_p95": 1.2,
                "transcription_latency_seconds_avg": 1.25, "transcription_latency_seconds_p95": 1.25,
                "transcription_success_rate": 0.97
            }
        })
    }

    fn elsewhere() -> Summary {
        let origin = ForeignTool {
            tool: "k6".to_owned(),
            wall_s: None,
            measured: true,
            notes: Vec::new(),
        };
        Summary {
            origin: Some(origin),
            ..Summary::empty("nightly")
        }
    }

    fn session(values: [f64; 5]) -> Summary {
        let mut summary = elsewhere();
        let names = [
            "requests.latency.mean",
            "requests.latency.p95",
            "latency.mean",
            "latency.p95",
            "success_rate",
        ];
        for (name, value) in names.into_iter().zip(values) {
            let (unit, better) = if name == "success_rate" {
                (Unit::Ratio, Better::Higher)
            } else {
                (Unit::Seconds, Better::Lower)
            };
            let runs = vec![MetricValue {
                value: Some(value),
                samples: 100_000,
                ..MetricValue::default()
            }];
            summary
                .metrics
                .insert(format!("a.{name}").into(), Metric { unit, better, runs });
        }
        summary
    }

    #[test]
    fn a_value_at_its_bound_passes_and_one_beyond_it_fails() {
        let good = [2.22, 5.04, 58.125, 110.5, 0.97];
        let cases = [
            (good, None),
            (
                [2.22001, 5.04, 58.125, 110.5, 0.97],
                Some("a.requests.latency.mean"),
            ),
            (
                [2.22, 5.04001, 58.125, 110.5, 0.97],
                Some("a.requests.latency.p95"),
            ),
            ([2.22, 5.04, 58.12501, 110.5, 0.97], Some("a.latency.mean")),
            ([2.22, 5.04, 58.125, 110.50001, 0.97], Some("a.latency.p95")),
            ([2.22, 5.04, 58.125, 110.5, 0.969], Some("a.success_rate")),
        ];
        for (values, fails) in cases {
            let summary = session(values);
            let baseline = baseline_of_bounds("nightly", &file(), &summary.metrics).unwrap();
            assert_eq!(baseline.flaws(), Vec::<String>::new());
            let verdict = judge(&[summary], Against::Baseline("baseline.json", &baseline));
            let failed: Vec<_> = verdict
                .comparisons
                .iter()
                .filter(|one| one.judgement == Judgement::Regressed)
                .collect();
            assert_eq!(
                failed.first().map(|one| one.metric.as_str()),
                fails,
                "{values:?}"
            );
            assert_eq!(failed.len(), usize::from(fails.is_some()));
            assert_eq!(verdict.comparisons.len(), 5);
        }
    }

    #[test]
    fn what_is_not_measured_is_missing_by_name_and_halves_are_refused() {
        let mut summary = elsewhere();
        summary.metrics.extend(
            session([1.0; 5])
                .metrics
                .remove_entry("a.latency.p95")
                .map(|(_, own)| ("a.other".into(), own)),
        );
        let baseline = baseline_of_bounds("nightly", &file(), &summary.metrics).unwrap();
        let verdict = judge(&[summary], Against::Baseline("baseline.json", &baseline));
        assert!(
            verdict
                .comparisons
                .iter()
                .all(|one| one.judgement == Judgement::Missing)
        );
        assert_eq!(verdict.comparisons[0].metric, "http_req_duration_ms_avg");
        let half = json!({ "metrics": { "a_ms_avg": 1.0 }, "tolerances": {} });
        assert!(
            baseline_of_bounds("x", &half, &BTreeMap::new())
                .unwrap_err()
                .contains("no tolerance")
        );
    }

    #[test]
    fn names_of_k6_are_found_in_the_unit_they_were_measured_in() {
        let of = |name: &str, factor: f64, unit: Unit, better: Better, address: &str| {
            let metric = Metric {
                unit,
                better,
                runs: Vec::new(),
            };
            let measured = BTreeMap::from([(address.into(), metric)]);
            let file = json!({ "metrics": { name: 1000 }, "tolerances": { name: factor } });
            baseline_of_bounds("k6", &file, &measured).map(|baseline| {
                let (found, compared) = baseline.metrics.into_iter().next().unwrap();
                assert_eq!(found, address);
                compared.bound.unwrap()
            })
        };
        let (lower, higher, neither) = (Better::Lower, Better::Higher, Better::Neither);
        assert_eq!(
            of("wait_ms_avg", 1.2, Unit::Seconds, lower, "wait.mean").unwrap(),
            "<= 1200ms"
        );
        assert_eq!(
            of("wait_ms_avg", 1.2, Unit::Factor, neither, "wait_ms.mean").unwrap(),
            "<= 1200"
        );
        assert_eq!(
            of("job_seconds_p95", 2.0, Unit::Factor, neither, "job.p95").unwrap(),
            "<= 2000"
        );
        assert_eq!(
            of("ok_rate", 0.97, Unit::Ratio, higher, "ok_rate.rate").unwrap(),
            ">= 97%"
        );
        assert_eq!(
            of("error_rate", 0.05, Unit::Ratio, lower, "error_rate.rate").unwrap(),
            "<= 5%"
        );
        assert_eq!(
            of(
                "http_req_failed_rate",
                0.05,
                Unit::Ratio,
                lower,
                "http_req_failed.rate"
            )
            .unwrap(),
            "<= 5%"
        );
        assert_eq!(
            of("vus_max", 1.5, Unit::Count, neither, "vus_max").unwrap(),
            "<= 1500"
        );
        let wrong = of("wait_avg", 1.2, Unit::Seconds, lower, "wait.mean").unwrap_err();
        assert!(wrong.contains("`wait_avg` is a time"), "{wrong}");
    }
}
