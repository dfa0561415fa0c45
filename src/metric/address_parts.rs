//! Where the parts of an address stand in its text.

use std::ops::Range;

use super::kinds::KINDS;
use super::stat::{DRIFT, IMBALANCE, OF_SERIES, Stat};

/// The statistic of k6's counters and rates.
pub(super) const RATE: &str = "rate";

/// Where the parts stand in the text.
#[derive(Debug, Clone, Default)]
pub(super) struct AddressParts {
    pub(super) phase: Option<Range<usize>>,
    pub(super) load: Option<Range<usize>>,
    pub(super) step: Option<Range<usize>>,
    pub(super) quantity: Range<usize>,
    pub(super) stat: Option<Range<usize>>,
    pub(super) point: Option<Range<usize>>,
}

/// The first word of a quantity of two, `requests` in `requests.error_rate`, and the other.
pub(super) fn group(quantity: &str) -> (Option<&str>, &str) {
    match quantity.split_once('.') {
        Some((group, last)) => (Some(group), last),
        None => (None, quantity),
    }
}

fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    !text.is_empty() && text.chars().all(fits)
}

fn is_stat(text: &str) -> bool {
    let is_percentile = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || c == '_')
    };
    text == DRIFT
        || OF_SERIES.contains(&text)
        || Stat::named(text).is_some()
        || text.strip_prefix('p').is_some_and(is_percentile)
}

impl AddressParts {
    pub(super) fn of(text: &str) -> Self {
        Self::of_load(text).unwrap_or_else(|| Self::foreign(text))
    }

    /// Every text is an address: what has no load is a metric of another tool.
    fn foreign(text: &str) -> Self {
        match text.rsplit_once('.') {
            Some((name, stat)) if is_stat(stat) || stat == RATE => Self {
                quantity: 0..name.len(),
                stat: Some(name.len() + 1..text.len()),
                ..Self::default()
            },
            _ => Self {
                quantity: 0..text.len(),
                ..Self::default()
            },
        }
    }

    fn of_load(text: &str) -> Option<Self> {
        let (head, rest) = text.split_once('.')?;
        let (phase, load) = match head.split_once('/') {
            Some((phase, _)) => (Some(0..phase.len()), phase.len() + 1..head.len()),
            None => (None, 0..head.len()),
        };
        if !is_name(&text[load.clone()]) || phase.clone().is_some_and(|p| !is_name(&text[p])) {
            return None;
        }
        let start = head.len() + 1;
        let (rest, point) = match rest.rsplit_once('@') {
            Some((rest, _)) => (rest, Some(start + rest.len() + 1..text.len())),
            None => (rest, None),
        };
        let (body, stat) = match rest.rsplit_once('.') {
            Some((body, stat)) if is_stat(stat) || stat == IMBALANCE => {
                let from = start + body.len() + 1;
                (body, Some(from..from + stat.len()))
            }
            _ => (rest, None),
        };
        if stat.is_none() && (is_stat(rest) || rest == RATE) {
            return None;
        }
        let is_metric = |word: &str| KINDS.iter().any(|kind| group(kind.name).0 == Some(word));
        let step = match body.split_once('.') {
            Some((step, _)) if is_name(step) && !is_metric(step) => Some(start..start + step.len()),
            _ => None,
        };
        let from = step.as_ref().map_or(start, |step| step.end + 1);
        Some(Self {
            phase,
            load: Some(load),
            step,
            quantity: from..start + body.len(),
            stat,
            point,
        })
    }
}
