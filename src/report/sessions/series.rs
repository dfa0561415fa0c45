//! Sessions of one plan side by side: over time, or over the variable in which they differ.

use super::headline::session_value;
use super::judged_session::{JudgedSession, metric_of, moment};
use super::series_sheet::sheet;
use super::sheet::Sheet;
use super::variable::Variable;
use crate::report::text::{clean, text};
use crate::summary::LoadDescription;
use crate::units::Unit;

/// Sessions of one plan.
#[derive(Debug, Clone)]
pub struct SessionSeries {
    /// What they come to, as tables.
    pub sheet: Sheet,
    /// What the horizontal axis of a chart is.
    pub(crate) axis: String,
    /// The place of each session on it, in order, and how it is named there.
    pub(crate) places: Vec<(f64, String)>,
    /// Whether the places are values of a variable, of which several sessions may have the same.
    pub(crate) varied: bool,
    pub(crate) charts: Vec<SeriesChart>,
}

#[derive(Debug, Clone)]
pub(crate) struct SeriesChart {
    pub(crate) title: String,
    pub(crate) sentence: &'static str,
    pub(crate) unit: Unit,
    pub(crate) lines: Vec<SeriesLine>,
}

#[derive(Debug, Clone)]
pub(crate) struct SeriesLine {
    pub(crate) name: &'static str,
    /// One value a session; none where it was not measured.
    pub(crate) values: Vec<Option<f64>>,
    pub(crate) texts: Vec<String>,
}

/// A chart of a load: its title, how it is read, and the metrics that it draws.
type Drawn = (
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

const DRAWN: [Drawn; 6] = [
    (
        "Delay of results",
        "From audio sent to the first result that reaches it: of the results (delay), and of all the audio (staleness). Lower is better.",
        &[
            ("delay p50", "*.delay.p50"),
            ("delay p95", "*.delay.p95"),
            ("staleness p95", "*.staleness.p95"),
        ],
    ),
    (
        "Word error rate",
        "Wrong, missing and added words for each word of the references. Lower is better.",
        &[("wer", "wer")],
    ),
    (
        "Latency",
        "The median, the 95th and the 99th percentile of each session. Lower is better.",
        &[
            ("p50", "latency.p50"),
            ("p95", "latency.p95"),
            ("p99", "latency.p99"),
        ],
    ),
    (
        "Throughput",
        "Iterations that ended well per second. Higher is better.",
        &[("throughput", "throughput")],
    ),
    (
        "Success and errors",
        "The share of the started iterations that ended well, that failed, and that were refused as the plan expects.",
        &[
            ("success", "success_rate"),
            ("errors", "error_rate"),
            ("refused", "rejection_rate"),
        ],
    ),
    (
        "Real-time factor",
        "Seconds of audio for each second of latency. Higher is better.",
        &[("rtfx p50", "rtfx.p50")],
    ),
];

impl SessionSeries {
    /// Sessions of one plan, or of plans whose names differ in their numbers alone, in any order.
    #[must_use]
    pub fn of(mut sessions: Vec<JudgedSession>) -> Self {
        sessions.sort_by(|a, b| {
            (&a.summary.started, &a.summary.session).cmp(&(&b.summary.started, &b.summary.session))
        });
        let variable = Variable::of(
            &sessions
                .iter()
                .map(|session| &session.summary)
                .collect::<Vec<_>>(),
        );
        // Along a variable the order of time means nothing; within one value it stays.
        let mut order: Vec<usize> = (0..sessions.len()).collect();
        if let Some(variable) = &variable {
            order.sort_by(|a, b| variable.values[*a].total_cmp(&variable.values[*b]));
        }
        let sorted: Vec<&JudgedSession> = order.iter().map(|at| &sessions[*at]).collect();
        let variable = variable.map(|variable| Variable {
            values: order.iter().map(|at| variable.values[*at]).collect(),
            texts: order.iter().map(|at| clean(&variable.texts[*at])).collect(),
            name: clean(&variable.name),
        });
        let loads = loads(&sorted);
        let places = match &variable {
            Some(own) => own
                .values
                .iter()
                .copied()
                .zip(own.texts.iter().cloned())
                .collect(),
            None => sorted
                .iter()
                .enumerate()
                .map(|(at, own)| ((at + 1) as f64, moment(&own.summary)))
                .collect(),
        };
        Self {
            sheet: sheet(&sorted, &loads, variable.as_ref()),
            axis: variable.as_ref().map_or_else(
                || "sessions, the newest at the right".to_owned(),
                |variable| variable.name.clone(),
            ),
            places,
            varied: variable.is_some(),
            charts: loads
                .iter()
                .flat_map(|load| charts(&sorted, load, loads.len() > 1))
                .collect(),
        }
    }
}

/// Every load of the newest session that the others have too.
fn loads(sessions: &[&JudgedSession]) -> Vec<LoadDescription> {
    let Some(last) = sessions.last() else {
        return Vec::new();
    };
    let has = |own: &&JudgedSession, load: &LoadDescription| {
        own.summary
            .loads
            .iter()
            .any(|other| other.address() == load.address())
    };
    let common = last.summary.loads.iter().filter(|load| {
        !load.canary && sessions.iter().filter(|session| has(session, load)).count() > 1
    });
    common.cloned().collect()
}

fn charts(sessions: &[&JudgedSession], load: &LoadDescription, several: bool) -> Vec<SeriesChart> {
    let address = load.address();
    let line = |(name, metric): &(&'static str, &str)| {
        let metric = metric_of(sessions, &load.owner(), metric);
        let values = sessions
            .iter()
            .map(|session| session_value(&session.summary, &metric));
        let unit = sessions
            .iter()
            .find_map(|session| session.summary.metrics.get(&metric))
            .map(|metric| metric.unit)?;
        let (values, texts): (Vec<_>, Vec<_>) =
            values.map(|value| (value.value, text(value, unit))).unzip();
        // What never happened has no line.
        let any = values.iter().flatten().any(|value| *value != 0.0);
        any.then_some((
            unit,
            SeriesLine {
                name,
                values,
                texts,
            },
        ))
    };
    let chart = |(title, sentence, metrics): &Drawn| {
        let lines: Vec<(Unit, SeriesLine)> = metrics.iter().filter_map(line).collect();
        let unit = lines.first()?.0;
        let title = if several {
            format!("{title} of {}", clean(&address))
        } else {
            (*title).to_owned()
        };
        Some(SeriesChart {
            title,
            sentence,
            unit,
            lines: lines.into_iter().map(|(_, line)| line).collect(),
        })
    };
    DRAWN.iter().filter_map(chart).collect()
}
