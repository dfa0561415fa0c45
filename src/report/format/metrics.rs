//! The judged metrics as OpenMetrics text, which GitLab compares in merge requests.

use crate::gate::Verdict;
use crate::summary::Summary;
use crate::units::Unit;

/// Every threshold's and every compared metric's value in its base unit, and the exit code.
pub(crate) fn metrics(summary: &Summary, verdict: &Verdict) -> String {
    let mut lines = vec![
        "# TYPE perfgate_exit_code gauge".to_owned(),
        format!(
            "perfgate_exit_code{{plan=\"{}\"}} {}",
            label(&summary.plan.name),
            verdict.exit_code
        ),
        "# TYPE perfgate_metric gauge".to_owned(),
    ];
    let mut values: Vec<(String, Unit, f64)> = Vec::new();
    let mut add = |metric: &str, unit: Unit, value: Option<f64>| {
        if let Some(value) = value.filter(|value| value.is_finite())
            && !values.iter().any(|(known, ..)| known == metric)
        {
            values.push((metric.to_owned(), unit, value));
        }
    };
    for comparison in &verdict.comparisons {
        add(&comparison.metric, comparison.unit, comparison.value);
    }
    for threshold in &verdict.thresholds {
        let worst = (threshold.worst_run as usize)
            .checked_sub(1)
            .and_then(|run| threshold.runs.get(run));
        add(
            &threshold.metric,
            threshold.unit,
            worst.and_then(|run| run.value),
        );
    }
    values.sort_by(|a, b| a.0.cmp(&b.0));
    for (metric, unit, value) in values {
        lines.push(format!(
            "perfgate_metric{{plan=\"{}\",metric=\"{}\",unit=\"{}\"}} {value}",
            label(&summary.plan.name),
            label(&metric),
            symbol(unit)
        ));
    }
    lines.push("# EOF".to_owned());
    lines.join("\n") + "\n"
}

fn label(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

const fn symbol(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "seconds",
        Unit::Ratio => "ratio",
        Unit::PerSecond => "per_second",
        Unit::Bytes => "bytes",
        Unit::Count => "count",
        Unit::Factor => "factor",
    }
}
