//! The page about all metrics, made of the table of kinds.

use super::kinds::{KINDS, MetricKind};
use super::shape::{Better, CoveredOutcomes, MetricLevel};
use super::stat::{DRIFT, DRIFT_SECONDS, DRIFTS, Stat};
use crate::units::Unit;

const BEGINNING: &str = "\
# Metrics

This page is made of the tables that perfgate works by (`src/metric`): `UPDATE_GOLDEN=1 cargo test` writes it anew.

A rule names a metric by its address, `phase/load.step.metric.stat`, without the parts that do not apply; in a plan the phase,
the load and the step may be left out. `latency.p95 = \"< 2s\"` is about every load, `submit.first_byte.p50` about the steps of
that name, `requests.error_rate` has no statistic. Values are held and stored in the unit that the table says.
";

/// The page, as Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = BEGINNING.to_owned();
    for level in MetricLevel::ALL {
        let own = KINDS.iter().filter(|kind| kind.level == level);
        let (spread, plain): (Vec<&MetricKind>, Vec<&MetricKind>) =
            own.partition(|kind| kind.is_distribution());
        page.push_str(&format!("\n## Of {}, with a statistic\n\n", level.doc()));
        page.push_str(
            "| name | unit | better | outcomes that count | meaning |\n|---|---|---|---|---|\n",
        );
        spread
            .into_iter()
            .for_each(|kind| page.push_str(&row(kind, Some(covers(kind)))));
        if level == MetricLevel::Poll {
            page.push_str(
                "| `in.STATE` | seconds | lower | ok alone | The time in each state that `running` names. |\n",
            );
        }
        page.push_str(&format!("\n## Of {}, without one\n\n", level.doc()));
        page.push_str("| name | unit | better | meaning |\n|---|---|---|---|\n");
        plain
            .into_iter()
            .for_each(|kind| page.push_str(&row(kind, None)));
    }
    page.push_str(&statistics());
    page
}

fn row(kind: &MetricKind, covers: Option<&str>) -> String {
    let covers = covers
        .map(|covers| format!(" {covers} |"))
        .unwrap_or_default();
    let better = match kind.better {
        Better::Lower => "lower",
        Better::Higher => "higher",
        Better::Neither => "neither",
    };
    format!(
        "| `{}` | {} | {better} |{covers} {} |\n",
        kind.name,
        unit(kind.unit),
        kind.doc
    )
}

const fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "seconds",
        Unit::Ratio => "ratio",
        Unit::PerSecond => "per second",
        Unit::Bytes => "bytes",
        Unit::Count => "count",
        Unit::Factor => "factor",
    }
}

fn covers(kind: &MetricKind) -> &'static str {
    match kind.covers {
        Some(CoveredOutcomes::Started) => "all that started",
        Some(CoveredOutcomes::Finished) => "ok, and slow losses",
        Some(CoveredOutcomes::Ok) => "ok alone",
        None => "",
    }
}

fn statistics() -> String {
    let mut text = "
## Statistics

Slow losses are iterations, exchanges and jobs that timed out, ran out of polls or were interrupted. How long they would have
taken is not known, so they rank above every finished one (in `rtfx`, where higher is better, below): a percentile that falls
among them reads `> X`, X being the longest time known, and crosses every upper bound. Failed and rejected ones are reported
apart.

| name | slow losses | meaning |
|---|---|---|
"
    .to_owned();
    for (name, stat) in Stat::ALL {
        let losses = if stat.ranks_losses() {
            "rank last"
        } else {
            "left out"
        };
        text.push_str(&format!("| `{name}` | {losses} | {} |\n", stat.doc()));
    }
    let of = DRIFTS.map(|name| format!("`{name}`")).join(", ");
    text.push_str(&format!(
        "| `{DRIFT}` | as in the metric | The last third of the measured time against the first, of {of}: of a share the difference, of everything else the relative change. Needs {DRIFT_SECONDS} s of measured time, and iterations that ended well in both thirds. |\n"
    ));
    text
}
