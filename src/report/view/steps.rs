//! The steps of a flow.

use crate::metric::Owner;
use crate::report::text::{cell, clean, over, pick, ratio};
use crate::summary::{LoadRun, Summary};

const SHOWN: [&str; 3] = ["p50", "p95", "p99"];
/// What a step is shown by first, beside its latency; marks and spans of the plan follow.
const MAIN: [&str; 14] = [
    "total",
    "queue",
    "processing",
    "wait",
    "slack",
    "polls",
    "ready",
    "first_message",
    "delay",
    "staleness",
    "tail",
    "gap",
    "pace",
    "coverage",
];
/// What only those want to see who look for it.
const DETAILS: [&str; 12] = [
    "latency",
    "dns",
    "connect",
    "tls",
    "handshake",
    "first_byte",
    "receive",
    "bytes",
    "rtfx",
    "accept",
    "messages",
    "send_lag",
];

/// What is shown by its mean and its least value.
const WHERE_MORE_IS_BETTER: [&str; 2] = ["pace", "coverage"];

/// One step; times are medians where there were several runs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StepView {
    pub(crate) name: String,
    pub(crate) count: u64,
    /// The share that failed, timed out or was interrupted.
    pub(crate) errors: String,
    pub(crate) has_errors: bool,
    /// Its latency: p50, p95, p99.
    pub(crate) latency: [String; 3],
    pub(crate) parts: Vec<StepPart>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StepPart {
    pub(crate) name: String,
    /// p50, p95, p99.
    pub(crate) cells: [String; 3],
    pub(crate) main: bool,
}

impl StepView {
    pub(crate) fn all(summary: &Summary, load: &Owner, runs: &[(u64, &LoadRun)]) -> Vec<Self> {
        let Some((_, first)) = runs.first() else {
            return Vec::new();
        };
        first
            .steps
            .iter()
            .map(|(step, _)| Self::of(summary, &load.step(step), step, runs))
            .collect()
    }

    fn of(summary: &Summary, owner: &Owner, step: &str, runs: &[(u64, &LoadRun)]) -> Self {
        let counts = runs
            .iter()
            .flat_map(|(_, load)| &load.steps)
            .filter(|(name, _)| name == step);
        let (started, lost) = counts.fold((0, 0), |(started, lost), (_, c)| {
            (
                started + c.started,
                lost + c.failed + c.timed_out + c.interrupted,
            )
        });
        let which = over(summary.runs.len());
        let cells = |quantity: &str| {
            SHOWN.map(|stat| cell(summary, &owner.statistic(quantity, stat), which))
        };
        let part = |quantity: String| {
            let main = !DETAILS.contains(&quantity.as_str()) && !quantity.starts_with("in.");
            match WHERE_MORE_IS_BETTER.contains(&quantity.as_str()) {
                false => StepPart {
                    cells: cells(&quantity),
                    main,
                    name: quantity,
                },
                // Its upper percentiles are its best values: they would hide every loss.
                true => {
                    let of = |stat: &str| cell(summary, &owner.statistic(&quantity, stat), which);
                    let cells = [
                        format!("mean {}", of("mean")),
                        format!("min {}", of("min")),
                        String::new(),
                    ];
                    StepPart {
                        cells,
                        main,
                        name: quantity,
                    }
                }
            }
        };
        let mut parts: Vec<StepPart> = quantities(summary, owner).into_iter().map(part).collect();
        parts.sort_by_key(|part| {
            MAIN.iter()
                .position(|name| *name == part.name)
                .unwrap_or(MAIN.len())
        });
        Self {
            name: clean(step),
            count: started,
            errors: ratio(lost, started).unwrap_or_else(|| "–".to_owned()),
            has_errors: lost > 0,
            latency: cells("latency"),
            parts,
        }
    }
}

/// Every quantity of the step that has data, but for its latency.
fn quantities(summary: &Summary, owner: &Owner) -> Vec<String> {
    summary
        .metrics
        .iter()
        .filter_map(|(address, metric)| {
            let quantity = address.quantity();
            let is_median = address.is_of(owner) && address.stat() == Some("p50");
            let known = is_median && pick(metric, over(metric.runs.len())).value.is_some();
            (quantity != "latency" && known).then(|| quantity.to_owned())
        })
        .collect()
}
