//! Outputs of k6 that are no summaries: single measurements.

use serde_json::Value;

/// In which form k6 wrote them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Points {
    /// `k6 run --out json=FILE`.
    Json,
    /// `k6 run --out csv=FILE`.
    Csv,
}

impl Points {
    pub(crate) const fn output(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

/// Whether a text begins like single measurements of k6.
pub(crate) fn points(text: &str) -> Option<Points> {
    let first = text.lines().next()?;
    if first.starts_with("metric_name,timestamp") {
        return Some(Points::Csv);
    }
    let line: Value = serde_json::from_str(first).ok()?;
    let one = matches!(line.get("type")?.as_str()?, "Metric" | "Point");
    (one && line.get("metric").is_some()).then_some(Points::Json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_measurements_are_known_by_their_first_line() {
        for (text, found) in [
            (
                "{\"type\":\"Metric\",\"data\":{},\"metric\":\"http_reqs\"}\n{\"type\":\"Point\"}",
                Some(Points::Json),
            ),
            (
                "{\"metric\":\"vus\",\"type\":\"Point\",\"data\":{\"value\":1}}",
                Some(Points::Json),
            ),
            (
                "metric_name,timestamp,metric_value,check\nhttp_reqs,1,1,",
                Some(Points::Csv),
            ),
            ("{\"type\":\"Point\"}", None),
            ("{\n\"metrics\": {}", None),
            ("", None),
        ] {
            assert_eq!(points(text), found, "{text}");
        }
    }
}
