//! Known answers, computed with scipy 1.17: `tests/vectors/gating.json`.

use serde_json::Value;

/// One group of the vectors.
pub(super) fn group(name: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("../../tests/vectors/gating.json")).unwrap();
    all.get(name)
        .unwrap_or_else(|| panic!("no vectors for {name}"))
        .clone()
}

/// The cases of a group that is a list.
pub(super) fn cases(name: &str) -> Vec<Value> {
    group(name).as_array().unwrap().clone()
}

/// A list of numbers in a case.
pub(super) fn list(case: &Value, key: &str) -> Vec<f64> {
    case[key]
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap())
        .collect()
}

/// A number in a case.
pub(super) fn number(case: &Value, key: &str) -> f64 {
    case[key]
        .as_f64()
        .unwrap_or_else(|| panic!("{key} is no number in {case}"))
}

/// Asserts that a result is the known one to 1e-9 of its size, or of 0.001 where it is smaller than that.
pub(super) fn assert_near(found: f64, known: f64) {
    let off = (found - known).abs();
    assert!(
        off <= 1e-9 * known.abs().max(1e-3),
        "{found} is not {known}"
    );
}

/// Asserts that each of these is the known one.
pub(super) fn assert_all_near(found: &[f64], known: &[f64]) {
    assert_eq!(found.len(), known.len());
    found
        .iter()
        .zip(known)
        .for_each(|(found, known)| assert_near(*found, *known));
}
