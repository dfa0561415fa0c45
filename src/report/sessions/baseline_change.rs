//! What an update does to a baseline: old and new, metric by metric.

use crate::gate::baseline::{Baseline, Derived};
use crate::report::text::clean;
use crate::units::{Unit, print, print_apart};

/// One metric on one class of machine, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BaselineRow {
    pub(crate) metric: String,
    /// The machine class; empty where there is only one.
    pub(crate) class: String,
    /// What was normal; `–` where nothing was.
    pub(crate) old: String,
    pub(crate) new: String,
    /// `+4.2 %`; `–` where there was nothing.
    pub(crate) change: String,
    /// How much sessions differ: a standard deviation; `–` for one session.
    pub(crate) spread: String,
    pub(crate) tolerance: String,
    pub(crate) sessions: String,
}

/// Every metric of the new baseline beside the old one.
pub(crate) fn baseline_rows(old: Option<&Baseline>, new: &Baseline) -> Vec<BaselineRow> {
    let mut rows = Vec::new();
    for (metric, compared) in &new.metrics {
        let tolerance = compared
            .tolerance
            .clone()
            .or_else(|| compared.bound.clone())
            .unwrap_or_default();
        let Some(classes) = new.derived.get(metric) else {
            rows.push(BaselineRow {
                metric: clean(metric),
                class: String::new(),
                old: "–".to_owned(),
                new: "–".to_owned(),
                change: "–".to_owned(),
                spread: "–".to_owned(),
                tolerance: clean(&tolerance),
                sessions: "0".to_owned(),
            });
            continue;
        };
        for (class, now) in classes {
            let before = old.and_then(|old| old.derived.get(metric)?.get(class));
            let shown = |own: &Derived, other: Option<&Derived>| {
                other.map_or_else(
                    || print(own.center, compared.unit),
                    |other| print_apart(own.center, other.center, compared.unit).0,
                )
            };
            let spread = match (now.sessions, compared.unit) {
                (0 | 1, _) => "–".to_owned(),
                (_, Unit::Ratio) => format!("{} points", print(now.spread * 100.0, Unit::Count)),
                _ => print(now.spread, Unit::Ratio),
            };
            rows.push(BaselineRow {
                metric: clean(metric),
                class: if classes.len() > 1 {
                    clean(class)
                } else {
                    String::new()
                },
                old: before.map_or("–".to_owned(), |before| shown(before, Some(now))),
                new: shown(now, before),
                change: before.map_or("–".to_owned(), |before| {
                    change(before.center, now.center, compared.unit)
                }),
                spread,
                tolerance: clean(&tolerance),
                sessions: now.sessions.to_string(),
            });
        }
    }
    rows
}

fn change(old: f64, new: f64, unit: Unit) -> String {
    let sign = if new < old { "−" } else { "+" };
    if unit == Unit::Ratio || old == 0.0 {
        return format!(
            "{sign}{} points",
            print((new - old).abs() * 100.0, Unit::Count)
        );
    }
    format!("{sign}{}", print((new / old - 1.0).abs(), Unit::Ratio))
}
