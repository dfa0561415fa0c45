//! Sessions of one plan side by side: over time, or over the variable in which they differ.

use super::circumstances::{Circumstances, Difference};
use super::headline::session_value;
use super::sheet::{Sheet, SheetPart, SheetRow};
use super::variable::Variable;
use crate::gate::Overall;
use crate::metric::Address;
use crate::report::text::Tone;
use crate::report::text::clean;
use crate::report::text::plural;
use crate::report::text::text;
use crate::summary::{LoadDescription, Summary};
use crate::units::Unit;

/// Older sessions than these are for those who look for them.
const SHOWN: usize = 30;

/// Plans that have little in common differ in hundreds of values: so many are listed of each step.
const CHANGES: usize = 20;

/// One session and how it was judged.
#[derive(Debug, Clone)]
pub struct JudgedSession {
    /// The session.
    pub summary: Summary,
    /// Its own judgement.
    pub verdict: Overall,
}

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

/// What is drawn over the sessions.
#[derive(Debug, Clone)]
pub(crate) struct SeriesChart {
    pub(crate) title: String,
    pub(crate) sentence: &'static str,
    pub(crate) unit: Unit,
    pub(crate) lines: Vec<SequenceLine>,
}

/// One metric over the sessions.
#[derive(Debug, Clone)]
pub(crate) struct SequenceLine {
    pub(crate) name: &'static str,
    /// One value a session; none where it was not measured.
    pub(crate) values: Vec<Option<f64>>,
    /// The same as text.
    pub(crate) texts: Vec<String>,
}

/// The full address of a metric of a load; `*` is the first step that has it.
fn metric_of(sessions: &[&JudgedSession], address: &str, metric: &str) -> Address {
    let Some(quantity) = metric.strip_prefix("*.") else {
        return format!("{address}.{metric}").into();
    };
    let of_step = |key: &&Address| {
        let step = key.strip_prefix(address).and_then(|key| {
            key.strip_prefix('.')?
                .strip_suffix(quantity)?
                .strip_suffix('.')
        });
        step.is_some_and(|step| !step.contains('.'))
    };
    let found = sessions
        .iter()
        .find_map(|own| own.summary.metrics.keys().find(of_step));
    found.cloned().unwrap_or_default()
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

/// The columns behind the name of a session: their heads, and the metric.
const COLUMNS: [(&str, &str); 11] = [
    ("#success", "success_rate"),
    ("#errors", "error_rate"),
    ("#delay p95", "*.delay.p95"),
    ("#stale p95", "*.staleness.p95"),
    ("#wer", "wer"),
    ("#throughput", "throughput"),
    ("#mean", "latency.mean"),
    ("#p50", "latency.p50"),
    ("#p95", "latency.p95"),
    ("#p99", "latency.p99"),
    ("#rtfx", "rtfx.p50"),
];

impl SessionSeries {
    /// Sessions of one plan, or of plans whose names differ in their numbers alone, in any order.
    #[must_use]
    pub fn of(mut sessions: Vec<JudgedSession>) -> Self {
        sessions.sort_by(|a, b| {
            (&a.summary.started, &a.summary.session).cmp(&(&b.summary.started, &b.summary.session))
        });
        let variable = Variable::of(&sessions.iter().map(|own| &own.summary).collect::<Vec<_>>());
        // Along a variable the order of time means nothing; within one value it stays.
        let mut order: Vec<usize> = (0..sessions.len()).collect();
        if let Some(variable) = &variable {
            order.sort_by(|a, b| variable.values[*a].total_cmp(&variable.values[*b]));
        }
        let sorted: Vec<&JudgedSession> = order.iter().map(|at| &sessions[*at]).collect();
        let variable = variable.map(|own| Variable {
            values: order.iter().map(|at| own.values[*at]).collect(),
            texts: order.iter().map(|at| clean(&own.texts[*at])).collect(),
            name: clean(&own.name),
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
                |own| own.name.clone(),
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
    let common =
        last.summary.loads.iter().filter(|load| {
            !load.canary && sessions.iter().filter(|own| has(own, load)).count() > 1
        });
    common.cloned().collect()
}

fn charts(sessions: &[&JudgedSession], load: &LoadDescription, several: bool) -> Vec<SeriesChart> {
    let address = load.address();
    let line = |(name, metric): &(&'static str, &str)| {
        let metric = metric_of(sessions, &address, metric);
        let values = sessions
            .iter()
            .map(|own| session_value(&own.summary, &metric));
        let unit = sessions
            .iter()
            .find_map(|own| own.summary.metrics.get(&metric))
            .map(|own| own.unit)?;
        let (values, texts): (Vec<_>, Vec<_>) =
            values.map(|own| (own.value, text(own, unit))).unzip();
        // What never happened has no line.
        let any = values.iter().flatten().any(|value| *value != 0.0);
        any.then_some((
            unit,
            SequenceLine {
                name,
                values,
                texts,
            },
        ))
    };
    let chart = |(title, sentence, metrics): &Drawn| {
        let lines: Vec<(Unit, SequenceLine)> = metrics.iter().filter_map(line).collect();
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

fn sheet(
    sessions: &[&JudgedSession],
    loads: &[LoadDescription],
    variable: Option<&Variable>,
) -> Sheet {
    let count = plural(sessions.len() as u64, "session");
    let plans: Vec<String> = {
        let mut names: Vec<String> = sessions
            .iter()
            .map(|own| clean(&own.summary.plan.name))
            .collect();
        names.sort();
        names.dedup();
        names
    };
    let title = match plans.as_slice() {
        [only] => format!("{only}: {count}"),
        [first, .., last] => format!("{first} … {last}: {count}"),
        [] => count,
    };
    let mut facts = Vec::new();
    let moments = |pick: fn(&[String]) -> Option<&String>| {
        let mut all: Vec<String> = sessions
            .iter()
            .map(|own| clean(&own.summary.started))
            .collect();
        all.sort();
        pick(&all).map(|text| text.split('.').next().unwrap_or_default().replace('T', " "))
    };
    if let (Some(first), Some(last)) = (moments(<[String]>::first), moments(<[String]>::last)) {
        facts.push(
            format!("from {first} to {last} UTC")
                .replace("Z ", " ")
                .replace("ZUTC", "UTC"),
        );
    }
    facts.push(match variable {
        Some(own) => format!("they differ in {}, and are ordered by it", own.name),
        None => "ordered by their begin, the newest last".to_owned(),
    });
    let mut parts: Vec<SheetPart> = loads
        .iter()
        .map(|load| table(sessions, load, variable))
        .collect();
    parts.extend(changes(sessions, variable));
    let conclusion = loads
        .first()
        .and_then(|load| course(sessions, load, variable));
    Sheet {
        title,
        facts,
        parts,
        conclusion: conclusion
            .unwrap_or_else(|| "these sessions have no load in common".to_owned()),
        shape: "–",
        tone: Tone::Strong,
    }
}

fn table(
    sessions: &[&JudgedSession],
    load: &LoadDescription,
    variable: Option<&Variable>,
) -> SheetPart {
    let address = load.address();
    let known = |metric: &str| {
        sessions
            .iter()
            .any(|own| session_value(&own.summary, metric).value.is_some())
    };
    let all = COLUMNS.map(|(head, metric)| (head, metric_of(sessions, &address, metric)));
    let shown: Vec<(&str, Address)> = all
        .into_iter()
        .filter(|(_, metric)| known(metric))
        .collect();
    let mut columns = vec!["session".to_owned()];
    columns.extend(variable.map(|own| format!("#{}", own.name)));
    columns.push("#iterations".to_owned());
    columns.extend(shown.iter().map(|(head, _)| (*head).to_owned()));
    columns.push("verdict".to_owned());
    let row = |(at, own): (usize, &&JudgedSession)| {
        let summary = &own.summary;
        let runs = summary
            .runs
            .iter()
            .flat_map(|run| &run.loads)
            .filter(|run| run.address() == address);
        // None where the session has no such load, or was measured by another tool.
        let started = runs
            .filter_map(|run| run.counts.get("measured"))
            .map(|counts| counts.started)
            .reduce(|all, one| all + one);
        let mut cells = vec![clean(&summary.session)];
        cells.extend(variable.map(|own| own.texts[at].clone()));
        cells.push(started.map_or_else(|| "–".to_owned(), |count| count.to_string()));
        cells.extend(shown.iter().map(|(_, metric)| {
            let unit = summary
                .metrics
                .get(metric)
                .map_or(Unit::Count, |own| own.unit);
            text(session_value(summary, metric), unit)
        }));
        // A file of another tool has no rules of its own: nothing was judged.
        let unjudged = summary.origin.is_some()
            && summary.thresholds.is_empty()
            && summary.yardstick.tolerances.is_empty();
        cells.push(if unjudged {
            "–".to_owned()
        } else {
            own.verdict.word().to_owned()
        });
        let tone = match own.verdict {
            Overall::Pass => Tone::Good,
            Overall::Fail | Overall::NeverAnswered | Overall::NotReady | Overall::Unwritten => {
                Tone::Bad
            }
            _ => Tone::Warn,
        };
        SheetRow {
            cells,
            tone,
            detail: variable.is_none() && at + SHOWN < sessions.len(),
        }
    };
    let rows = sessions.iter().enumerate().map(row).collect();
    let text = "Latency of iterations; of several runs the median. A dash stands for no data.";
    let spare = vec![
        "mean",
        "p99",
        "iterations",
        "p50",
        "stale p95",
        "rtfx",
        "success",
    ];
    SheetPart {
        title: format!("Load {}", clean(&address)),
        text: text.to_owned(),
        columns,
        spare,
        rows,
    }
}

/// What changed from each session to the next, besides the numbers.
fn changes(sessions: &[&JudgedSession], variable: Option<&Variable>) -> Option<SheetPart> {
    // Along a variable its own steps are the order of the table above.
    let own = variable.map(|own| format!("vars.{}", own.name));
    let by_itself = |what: &str| what.starts_with("load.") || what.starts_with("flows and loads");
    let is_news = |what: &str| {
        own.as_deref()
            .is_none_or(|own| what != own && !by_itself(what))
    };
    let rows: Vec<SheetRow> = sessions
        .windows(2)
        .flat_map(|pair| {
            let now = &pair[1].summary;
            let changes = Circumstances::from(now).since(&Circumstances::from(&pair[0].summary));
            let mut news = changes.into_iter().filter(|one| is_news(&one.what));
            let row = |one: Difference| {
                SheetRow::plain(vec![clean(&now.session), one.what, one.then, one.now])
            };
            let mut rows: Vec<SheetRow> = news.by_ref().take(CHANGES).map(row).collect();
            let more = news.count();
            if more > 0 {
                let cells = [
                    clean(&now.session),
                    format!("and {more} more"),
                    String::new(),
                    String::new(),
                ];
                rows.push(SheetRow::plain(cells.to_vec()));
            }
            rows
        })
        .collect();
    let text = "Each session against the one before it. What is not listed is the same.";
    (!rows.is_empty()).then(|| {
        SheetPart::new(
            "What changed on the way",
            text,
            &["session", "what", "then", "now"],
            rows,
        )
    })
}

/// `latency.p95 of work went from 300 ms to 410 ms, throughput from 13/s to 9.7/s`.
fn course(
    sessions: &[&JudgedSession],
    load: &LoadDescription,
    variable: Option<&Variable>,
) -> Option<String> {
    let ends = |metric: &str| {
        let metric = format!("{}.{metric}", load.address());
        let known: Vec<String> = sessions
            .iter()
            .filter_map(|own| {
                Some((
                    session_value(&own.summary, &metric),
                    own.summary.metrics.get(&metric)?.unit,
                ))
            })
            .filter(|(own, _)| own.value.is_some())
            .map(|(own, unit)| text(own, unit))
            .collect();
        Some((known.first()?.clone(), known.last()?.clone()))
    };
    let (first, last) = ends("latency.p95")?;
    let over = variable.map_or_else(
        || format!("over {}", plural(sessions.len() as u64, "session")),
        |own| match (own.texts.first(), own.texts.last()) {
            (Some(from), Some(to)) => format!("from {} {from} to {to}", own.name),
            _ => String::new(),
        },
    );
    let rates = ends("throughput").map_or(String::new(), |(first, last)| {
        format!(", throughput from {first} to {last}")
    });
    Some(format!(
        "{over}, latency.p95 of {} goes from {first} to {last}{rates}",
        clean(&load.address())
    ))
}

/// `11-22 02:00`.
fn moment(summary: &Summary) -> String {
    let started = summary.started.parse::<jiff::Timestamp>();
    started.map_or_else(
        |_| clean(&summary.session),
        |at| at.strftime("%m-%d %H:%M").to_string(),
    )
}
