//! k6's thresholds as perfgate's: `p(95)<500` of a time is `< 500ms` of its p95.

use super::entry::{K6Kind, K6Metric};
use super::measure::Measure;
use crate::summary::{Demand, ThresholdLine, Told};
use crate::units::{Quantity, Unit};

/// k6's operators, longer ones first, and what stands before a bound that means the same; `None` where no bound does.
const OPERATORS: [(&str, Option<&str>); 8] = [
    ("===", Some("")),
    ("!==", None),
    ("==", Some("")),
    ("!=", None),
    ("<=", Some("<= ")),
    (">=", Some(">= ")),
    ("<", Some("< ")),
    (">", Some("> ")),
];

/// The threshold of an expression. What cannot be said as a bound stands there in k6's words, and k6's verdict with it.
pub(super) fn line(
    entry: &K6Metric<'_>,
    expression: &str,
    told: Option<Told>,
    file: &str,
) -> ThresholdLine {
    let parts = parts(expression);
    let address = parts.and_then(|(aggregation, ..)| entry.address(aggregation));
    let bound = parts
        .zip(address.as_ref())
        .and_then(|((aggregation, operator, limit), _)| {
            let before = OPERATORS
                .iter()
                .find(|(theirs, _)| *theirs == operator)?
                .1?;
            Some(format!(
                "{before}{}",
                written(limit, of(entry, aggregation))?
            ))
        });
    ThresholdLine {
        metric: address.unwrap_or_else(|| entry.whole()),
        // Nothing that begins so can be taken for a bound.
        bound: bound.unwrap_or_else(|| format!("k6: {}", expression.trim())),
        demand: Demand::Must,
        file: file.to_owned(),
        line: 0,
        // k6 calls what it has no sample of good.
        told: told.filter(|told| *told == Told::Crossed || entry.has_data()),
    }
}

fn of(entry: &K6Metric<'_>, aggregation: &str) -> Measure {
    match (entry.kind, aggregation) {
        (K6Kind::Counter, "rate") => Measure::EACH_SECOND,
        (K6Kind::Trend, "count") => Measure::COUNT,
        _ => Measure::of(entry),
    }
}

fn parts(expression: &str) -> Option<(&str, &'static str, f64)> {
    let at = expression.find(['<', '>', '=', '!'])?;
    let (aggregation, rest) = expression.split_at(at);
    let (operator, limit) = OPERATORS
        .iter()
        .find_map(|(operator, _)| Some((*operator, rest.strip_prefix(operator)?)))?;
    let limit: f64 = limit.trim().parse().ok()?;
    limit
        .is_finite()
        .then_some((aggregation.trim(), operator, limit))
}

/// A limit with its unit, where reading it gives the same number again.
fn written(limit: f64, measure: Measure) -> Option<String> {
    let number = if measure.unit == Unit::Ratio {
        limit * 100.0
    } else {
        limit
    };
    let digits = format!("{number:.9}");
    let text = format!(
        "{}{}",
        digits.trim_end_matches('0').trim_end_matches('.'),
        measure.suffix
    );
    let read: Quantity = text.parse().ok()?;
    let wanted = measure.base(limit);
    ((read.value - wanted).abs() <= 1e-9 * wanted.abs()).then_some(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::numbers::Numbers;
    use super::*;

    #[test]
    fn expressions_become_bounds_in_the_unit_of_their_metric() {
        let values = json!({ "avg": 1.0, "count": 3, "value": 2.0 });
        for (name, kind, contains, expression, metric, bound) in [
            ("t", K6Kind::Trend, "time", "p(95)<500", "t.p95", "< 500ms"),
            (
                "t",
                K6Kind::Trend,
                "time",
                " p(99.9) <= 0.5 ",
                "t.p99_9",
                "<= 0.5ms",
            ),
            ("t", K6Kind::Trend, "time", "med<1e3", "t.p50", "< 1000ms"),
            (
                "t_seconds",
                K6Kind::Trend,
                "default",
                "avg<46.5",
                "t_seconds.mean",
                "< 46.5s",
            ),
            ("t", K6Kind::Trend, "default", "max>=3", "t.max", ">= 3"),
            ("r", K6Kind::Rate, "default", "rate<0.01", "r.rate", "< 1%"),
            ("r", K6Kind::Rate, "default", "rate>0.07", "r.rate", "> 7%"),
            ("c", K6Kind::Counter, "default", "count>100", "c", "> 100"),
            ("c", K6Kind::Counter, "default", "rate<5", "c.rate", "< 5/s"),
            (
                "c",
                K6Kind::Counter,
                "data",
                "count<1500000",
                "c",
                "< 1500000B",
            ),
            ("g", K6Kind::Gauge, "default", "value===5", "g", "5"),
            // What no bound says.
            (
                "t",
                K6Kind::Trend,
                "time",
                "p(95)!=500",
                "t.p95",
                "k6: p(95)!=500",
            ),
            ("t", K6Kind::Trend, "time", "rate<1", "t", "k6: rate<1"),
            (
                "t",
                K6Kind::Trend,
                "time",
                "p(95)<500 || true",
                "t",
                "k6: p(95)<500 || true",
            ),
            (
                "t",
                K6Kind::Trend,
                "time",
                "avg<1e300",
                "t.mean",
                "k6: avg<1e300",
            ),
            ("t", K6Kind::Trend, "time", "any", "t", "k6: any"),
            ("c", K6Kind::Counter, "default", "<5", "c", "k6: <5"),
        ] {
            let entry = K6Metric {
                name,
                kind,
                contains: Some(contains),
                values: Numbers::of(&values),
                thresholds: Vec::new(),
            };
            let line = line(&entry, expression, Some(Told::Held), "k6.json");
            assert_eq!(
                (line.metric.as_str(), line.bound.as_str()),
                (metric, bound),
                "{expression}"
            );
        }
    }
}
