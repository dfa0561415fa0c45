//! The tables of many sessions side by side.

use super::circumstances::{Circumstances, Difference};
use super::headline::session_value;
use super::judged_session::{JudgedSession, metric_of};
use super::sheet::{Sheet, SheetPart, SheetRow};
use super::variable::Variable;
use crate::gate::Overall;
use crate::metric::Address;
use crate::report::text::{Tone, clean, plural, text};
use crate::summary::LoadDescription;
use crate::units::Unit;

/// Older sessions than these are for those who look for them.
const SHOWN: usize = 30;

/// Plans that have little in common differ in hundreds of values: so many are listed of each step.
const CHANGES: usize = 20;

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

pub(crate) fn sheet(
    sessions: &[&JudgedSession],
    loads: &[LoadDescription],
    variable: Option<&Variable>,
) -> Sheet {
    let count = plural(sessions.len() as u64, "session");
    let plans: Vec<String> = {
        let mut names: Vec<String> = sessions
            .iter()
            .map(|session| clean(&session.summary.plan.name))
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
            .map(|session| clean(&session.summary.started))
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
            .any(|session| session_value(&session.summary, metric).value.is_some())
    };
    let all = COLUMNS.map(|(head, metric)| (head, metric_of(sessions, &load.owner(), metric)));
    let shown: Vec<(&str, Address)> = all
        .into_iter()
        .filter(|(_, metric)| known(metric))
        .collect();
    let mut columns = vec!["session".to_owned()];
    columns.extend(variable.map(|variable| format!("#{}", variable.name)));
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
        cells.extend(variable.map(|variable| variable.texts[at].clone()));
        cells.push(started.map_or_else(|| "–".to_owned(), |count| count.to_string()));
        cells.extend(shown.iter().map(|(_, metric)| {
            let unit = summary
                .metrics
                .get(metric)
                .map_or(Unit::Count, |metric| metric.unit);
            text(session_value(summary, metric), unit)
        }));
        // A file of another tool has no rules of its own: nothing was judged.
        let unjudged = summary.origin.is_some()
            && summary.thresholds.is_empty()
            && summary.comparison.tolerances.is_empty();
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
    let own = variable.map(|variable| format!("vars.{}", variable.name));
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
            let mut news = changes.into_iter().filter(|change| is_news(&change.what));
            let row = |difference: Difference| {
                SheetRow::plain(vec![
                    clean(&now.session),
                    difference.what,
                    difference.then,
                    difference.now,
                ])
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
        let metric = load.owner().metric(metric);
        let known: Vec<String> = sessions
            .iter()
            .filter_map(|session| {
                Some((
                    session_value(&session.summary, &metric),
                    session.summary.metrics.get(&metric)?.unit,
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
        |variable| match (variable.texts.first(), variable.texts.last()) {
            (Some(from), Some(to)) => format!("from {} {from} to {to}", variable.name),
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
