//! What stays within its tolerance night after night, and is worse all the same.

use super::entry::HistoryEntry;
use crate::gate::baseline::Baseline;
use crate::gate::{Deviation, Normal, amount};
use crate::metric::Address;
use crate::stats::cusum::{Cusum, Rule};
use crate::stats::order::median;
use crate::units::Unit;

/// What each session must exceed, when the sum alarms, and the most that one session counts, in standard deviations: four
/// sessions are the fewest that alarm, and one outlier is no drift.
const RULE: Rule = Rule {
    kappa: 0.5,
    alarm: 8.0,
    clip: 3.0,
};
/// So many of the latest sessions must be worse by more than half the tolerance, in their median.
const LATEST: usize = 5;

/// A metric that has become worse without leaving its tolerance.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// The metric's full address.
    pub metric: Address,
    /// Its base unit.
    pub unit: Unit,
    /// Whether the change is a share of the baseline; otherwise it is in the base unit.
    pub relative: bool,
    /// The median change since it began; positive is more.
    pub change: f64,
    /// Sessions since then.
    pub sessions: usize,
    /// The session with which it began.
    pub since: String,
    /// How many of them are beyond the tolerance by themselves.
    pub beyond: usize,
}

/// Looks for drift in the sessions of one plan, in any order: those that are evidence, of work and on machines that the
/// baseline knows, and that began after the newest session recorded in it. In the order of the metrics' names.
///
/// For each metric D is the change from the centre of its machine class, positive where it is worse, and z = D / `s_eff`. It
/// drifts where C = max(0, C + clip(z, ±3) − 0.5) is above 8 after the last session, the median of the last five D is above
/// half the tolerance, and the last session is within it: of one that is not, the comparison itself speaks.
#[must_use]
pub fn drifts(lines: &[&HistoryEntry], baseline: &Baseline, words: &[String]) -> Vec<Drift> {
    let normal = Normal::of(baseline, words);
    let newest = baseline
        .sessions
        .iter()
        .map(|recorded| recorded.started.as_str())
        .max()
        .unwrap_or_default();
    let recorded = |line: &HistoryEntry| {
        baseline
            .sessions
            .iter()
            .any(|session| line.is(&session.session, &session.started))
    };
    let later =
        |line: &&&HistoryEntry| line.counts() && line.started.as_str() > newest && !recorded(line);
    let mut lines: Vec<_> = lines
        .iter()
        .filter(later)
        .map(|line| (*line, line.setting(words)))
        .collect();
    lines.sort_by(|a, b| (&a.0.started, &a.0.session).cmp(&(&b.0.started, &b.0.session)));
    let of = |metric: &Address| {
        let deviations = lines.iter().filter_map(|(line, setting)| {
            Some((
                line.session.as_str(),
                normal.deviation(metric, setting, &line.metrics.get(metric)?.runs)?,
            ))
        });
        drift(
            metric,
            baseline.metrics[metric].unit,
            &deviations.collect::<Vec<_>>(),
        )
    };
    baseline.metrics.keys().filter_map(of).collect()
}

/// The drift of one metric whose sessions deviate so, in order.
fn drift(metric: &Address, unit: Unit, deviations: &[(&str, Deviation)]) -> Option<Drift> {
    let z: Vec<f64> = deviations
        .iter()
        .map(|(_, deviation)| deviation.z())
        .collect();
    let path = Cusum::of(&z, RULE).path;
    let (_, last) = deviations.last()?;
    if path.last().is_none_or(|sum| *sum <= RULE.alarm) || !last.is_within() {
        return None;
    }
    let latest = &deviations[deviations.len().saturating_sub(LATEST)..];
    // What is worse than any number is as bad as it gets, and has a place among the others.
    let changes: Vec<f64> = latest
        .iter()
        .map(|(_, deviation)| deviation.change.clamp(f64::MIN, f64::MAX))
        .collect();
    if median(&changes)? <= last.bound / 2.0 {
        return None;
    }
    // It began where the sum has left zero for the last time.
    let began = path
        .iter()
        .rposition(|sum| *sum <= 0.0)
        .map_or(0, |at| at + 1);
    let since = &deviations[began..];
    let shown: Vec<f64> = since
        .iter()
        .map(|(_, deviation)| deviation.shown())
        .filter(|change| change.is_finite())
        .collect();
    Some(Drift {
        metric: metric.to_owned(),
        unit,
        relative: last.relative,
        change: median(&shown)?,
        sessions: since.len(),
        since: since.first()?.0.to_owned(),
        beyond: since
            .iter()
            .filter(|(_, deviation)| !deviation.is_within())
            .count(),
    })
}

impl Drift {
    /// `drift: … is 6.1 % above its baseline over the last 9 sessions, since …; each alone is within its tolerance`.
    #[must_use]
    pub fn sentence(&self) -> String {
        let side = if self.change < 0.0 { "below" } else { "above" };
        let alone = match self.beyond {
            0 => "each alone is within its tolerance".to_owned(),
            1 => "1 of them is beyond its tolerance, the last is within it".to_owned(),
            beyond => format!("{beyond} of them are beyond its tolerance, the last is within it"),
        };
        format!(
            "drift: `{}` is {} {side} its baseline over the last {} sessions, since {}; {alone}",
            self.metric,
            amount(self.change.abs(), self.unit, self.relative),
            self.sessions,
            self.since
        )
    }
}
