//! The phases of a polled job as bars.

use crate::metric::Owner;
use crate::report::html::budget::PageBudget;
use crate::report::html::drawing::{Anchor, AxisScale, Ink, Svg, WIDTH};
use crate::report::html::figure::Figure;
use crate::report::html::table::{PageRow, PageTable};
use crate::report::text::{over, pick, text};
use crate::summary::{MetricValue, Summary};
use crate::units::{Unit, print};

const PHASES: [(&str, Ink); 5] = [
    ("accept", Ink::Base),
    ("queue", Ink::Third),
    ("processing", Ink::Now),
    ("wait", Ink::Now),
    ("slack", Ink::Second),
];
const STATISTICS: [&str; 2] = ["p50", "p95"];
const LEFT: f64 = 60.0;
const TOP: f64 = 34.0;
const BAR: f64 = 34.0;

/// The phases of the jobs that a step waits for; nothing for a step without them.
pub(crate) fn phases(
    summary: &Summary,
    owner: &Owner,
    step: &str,
    budget: &PageBudget,
) -> Option<Figure> {
    let value = |phase: &str, stat: &str| -> MetricValue {
        let metric = summary.metrics.get(&owner.statistic(phase, stat));
        metric.map_or_else(MetricValue::default, |metric| {
            pick(metric, over(metric.runs.len()))
        })
    };
    let known: Vec<(&str, Ink)> = PHASES
        .into_iter()
        .filter(|(phase, _)| value(phase, "p50").value.is_some())
        .collect();
    if !known
        .iter()
        .any(|(phase, _)| ["queue", "processing", "wait"].contains(phase))
    {
        return None;
    }
    let row = |(phase, _): &(&str, Ink)| {
        let [p50, p95] = STATISTICS.map(|stat| text(value(phase, stat), Unit::Seconds));
        PageRow::new([(*phase).to_owned(), p50, p95])
    };
    let caption = format!(
        "Phases of the jobs of step {}",
        crate::report::text::clean(step)
    );
    let data = PageTable::new(
        caption,
        &["phase", "#p50", "#p95"],
        known.iter().map(row).collect(),
        budget,
    );
    let sums = STATISTICS.map(|stat| {
        known
            .iter()
            .filter_map(|(phase, _)| value(phase, stat).value)
            .sum::<f64>()
    });
    let x = AxisScale::linear((0.0, sums[0].max(sums[1]) * 1.02), (LEFT, WIDTH - 16.0));
    let words = |stat: &str| {
        let each = known
            .iter()
            .map(|(phase, _)| format!("{phase} {}", text(value(phase, stat), Unit::Seconds)));
        each.collect::<Vec<_>>().join(", ")
    };
    let mut svg = Svg::new(
        150.0,
        format!(
            "Two bars. Medians: {}. 95th percentiles: {}.",
            words("p50"),
            words("p95")
        ),
    );
    let mut legend = LEFT;
    for (phase, ink) in &known {
        svg.rectangle((legend, 8.0), (legend + 14.0, 20.0), *ink);
        svg.text((legend + 20.0, 18.0), Anchor::Start, Ink::Text, *phase);
        legend += 46.0 + 7.5 * phase.len() as f64;
    }
    for (at, stat) in STATISTICS.into_iter().enumerate() {
        let top = TOP + at as f64 * (BAR + 10.0);
        svg.text(
            (LEFT - 8.0, top + BAR / 2.0 + 4.0),
            Anchor::End,
            Ink::Text,
            stat,
        );
        let mut sum = 0.0;
        for (phase, ink) in &known {
            let own = value(phase, stat).value.unwrap_or(0.0);
            // A gap of two pixels parts two neighbours without their colours.
            let (from, to) = (x.at(sum), x.at(sum + own));
            svg.rectangle((from, top), ((to - 2.0).max(from + 0.5), top + BAR), *ink);
            sum += own;
        }
    }
    let bottom = TOP + 2.0 * BAR + 16.0;
    for tick in x.ticks(8) {
        svg.text(
            (x.at(tick), bottom + 12.0),
            Anchor::Middle,
            Ink::Text,
            print(tick, Unit::Seconds),
        );
    }
    let title = format!(
        "Where the time of a job goes: step {}",
        crate::report::text::clean(step)
    );
    let sentence = "From the request to the answer that it is done. Slack is what the polling interval itself adds: it is \
        not the target's time. Each part is a percentile of its own, so the parts of p95 need not belong to one job.";
    Some(Figure::new(title, sentence, Some(svg), data))
}
