//! Two sessions held against each other.

use std::collections::BTreeSet;

use super::circumstances::{Circumstances, Difference};
use super::headline::{headline, session_value};
use super::sheet::{Sheet, SheetPart, SheetRow};
use crate::gate::amount;
use crate::gate::baseline::Tolerance;
use crate::metric::{Address, Better};
use crate::report::text::{Tone, clean, plural, text};
use crate::summary::{Metric, MetricValue, Summary};
use crate::units::{Unit, print_apart};

const READ: &str = "A change is called better or worse where it is larger than the plan allows for this metric, or than is usual \
                    for its kind. One session against one other does not say whether that was chance.";

struct Change {
    /// The change as text; `–` where there is none to be told.
    text: String,
    /// Larger than is allowed: for the worse, for the better, or one that no direction is better of.
    beyond: Option<Better>,
    allowed: String,
}

/// What changed from one session to another: what they were made under, and every metric.
#[must_use]
pub fn session_diff(then: &Summary, now: &Summary) -> Sheet {
    let rows = rows(then, now);
    // What is a part of something else would be counted many times over.
    let first = || rows.iter().filter(|row| !row.detail);
    let count = |word: &str| {
        first()
            .filter(|row| row.cells.last().is_some_and(|cell| cell == word))
            .count() as u64
    };
    let (worse, better) = (count("worse"), count("better"));
    let (shape, tone) = match (worse, better) {
        (0, _) => ("✓", Tone::Good),
        _ => ("▲", Tone::Warn),
    };
    let beyond = |count: u64| {
        if count == 1 {
            "1 metric is".to_owned()
        } else {
            format!("{} are", plural(count, "metric"))
        }
    };
    let conclusion = match (worse, better) {
        (0, 0) => "no metric that matters most is better or worse by more than is usual".to_owned(),
        (worse, 0) => format!("{} worse by more than is usual", beyond(worse)),
        (0, better) => format!(
            "{} better by more than is usual, none is worse",
            beyond(better)
        ),
        (worse, better) => format!(
            "{} worse by more than is usual, {better} better",
            beyond(worse)
        ),
    };
    let differences = Circumstances::from(now).since(&Circumstances::from(then));
    let difference = |difference: &Difference| {
        SheetRow::plain(vec![
            difference.what.clone(),
            difference.then.clone(),
            difference.now.clone(),
        ])
    };
    let changed = SheetPart::new(
        "What changed besides the numbers",
        if differences.is_empty() {
            "Nothing that is known of."
        } else {
            "What is not listed is the same."
        },
        &["what", "then", "now"],
        differences.iter().map(difference).collect(),
    );
    let columns = ["metric", "#then", "#now", "#change", "#allowed", "result"];
    Sheet {
        title: format!(
            "{}: {} over {}",
            clean(&now.plan.name),
            clean(&now.session),
            clean(&then.session)
        ),
        facts: vec![side("then", then), side("now", now)],
        parts: vec![
            changed,
            SheetPart::new("Metrics, now over then", READ, &columns, rows),
        ],
        conclusion,
        shape,
        tone,
    }
}

/// `then: 20261121T020000Z, 3 runs, 1080 iterations`.
fn side(word: &str, summary: &Summary) -> String {
    let started: u64 = summary
        .runs
        .iter()
        .flat_map(|run| &run.loads)
        .filter_map(|load| load.counts.get("measured"))
        .map(|counts| counts.started)
        .sum();
    let runs = plural(summary.runs.len() as u64, "run");
    let cut = if summary.interrupted.is_some() {
        ", ended early"
    } else {
        ""
    };
    let session = clean(if summary.session.is_empty() {
        &summary.started
    } else {
        &summary.session
    });
    format!(
        "{word}: {session}, {runs}, {}{cut}",
        plural(started, "iteration")
    )
}

/// Every metric that is more than nothing in one of them, what matters most first.
fn rows(then: &Summary, now: &Summary) -> Vec<SheetRow> {
    let mut first = headline(now);
    first.extend(
        headline(then)
            .into_iter()
            .filter(|metric| !now.metrics.contains_key(metric)),
    );
    let all: BTreeSet<&Address> = then.metrics.keys().chain(now.metrics.keys()).collect();
    let others = all
        .into_iter()
        .filter(|metric| !first.contains(metric))
        .map(|metric| (metric, true));
    let order = first.iter().map(|metric| (metric, false)).chain(others);
    order
        .filter_map(|(metric, detail)| row(then, now, metric, detail))
        .collect()
}

fn row(then: &Summary, now: &Summary, metric: &Address, detail: bool) -> Option<SheetRow> {
    let about = now
        .metrics
        .get(metric)
        .or_else(|| then.metrics.get(metric))?;
    let (old, new) = (session_value(then, metric), session_value(now, metric));
    if [old, new]
        .iter()
        .all(|own| own.value.is_none_or(|value| value == 0.0))
    {
        return None;
    }
    let (shown_old, shown_new) = match (old, new) {
        (
            MetricValue {
                value: Some(a),
                beyond: false,
                ..
            },
            MetricValue {
                value: Some(b),
                beyond: false,
                ..
            },
        ) => print_apart(a, b, about.unit),
        _ => (text(old, about.unit), text(new, about.unit)),
    };
    let change = change(now, metric, about, old, new);
    let (word, tone) = match change.beyond {
        Some(Better::Lower) => ("worse", Tone::Bad),
        Some(Better::Higher) => ("better", Tone::Good),
        Some(Better::Neither) => ("changed", Tone::Warn),
        None => ("", Tone::Plain),
    };
    let cells = vec![
        clean(metric),
        shown_old,
        shown_new,
        change.text,
        change.allowed,
        word.to_owned(),
    ];
    Some(SheetRow {
        cells,
        tone,
        detail,
    })
}

/// The change of a metric; `beyond` is `Lower` for the worse and `Higher` for the better.
fn change(
    plan: &Summary,
    metric: &Address,
    about: &Metric,
    old: MetricValue,
    new: MetricValue,
) -> Change {
    let own = plan
        .comparison
        .tolerances
        .iter()
        .find(|line| line.metric == *metric);
    let tolerance = own.and_then(|line| line.tolerance.parse().ok());
    let tolerance = tolerance.unwrap_or_else(|| Tolerance::by_default(metric, about.unit));
    let allowed = tolerance.allows(metric, about.unit, about.better).ok();
    let words = match (&allowed, about.unit) {
        (None, _) => "–".to_owned(),
        (Some(allowed), Unit::Ratio) => amount(allowed.absolute.unwrap_or(0.0), Unit::Ratio, false),
        (Some(_), _) => tolerance.to_string(),
    };
    let nothing = |text: &str| Change {
        text: text.to_owned(),
        beyond: None,
        allowed: words.clone(),
    };
    let (before, after) = match (old, new) {
        (MetricValue { value: None, .. }, _) => return nothing("new"),
        (_, MetricValue { value: None, .. }) => return nothing("gone"),
        _ if old.beyond || new.beyond => return nothing("–"),
        (
            MetricValue {
                value: Some(before),
                ..
            },
            MetricValue {
                value: Some(after), ..
            },
        ) => (before, after),
    };
    let difference = after - before;
    let relative = about.unit != Unit::Ratio && before > 0.0;
    let shown = if relative {
        difference / before
    } else {
        difference
    };
    let sign = if shown < 0.0 { "−" } else { "+" };
    let text = if difference == 0.0 {
        "0".to_owned()
    } else {
        format!("{sign}{}", amount(shown.abs(), about.unit, relative))
    };
    let large = allowed.is_some_and(|allowed| {
        let share = allowed
            .relative
            .is_none_or(|most| before == 0.0 || (difference / before).abs() > most);
        share && allowed.absolute.is_none_or(|most| difference.abs() > most)
    });
    let direction = match about.better {
        Better::Neither => Better::Neither,
        Better::Lower if difference > 0.0 => Better::Lower,
        Better::Higher if difference < 0.0 => Better::Lower,
        Better::Lower | Better::Higher => Better::Higher,
    };
    Change {
        text,
        beyond: large.then_some(direction),
        allowed: words,
    }
}
