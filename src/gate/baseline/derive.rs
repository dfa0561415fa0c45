//! What follows from recorded sessions: centres and spreads, and which session lies too far from the others.

use std::collections::BTreeMap;

use super::document::{Baseline, Derived, Recorded, SCHEMA, Severity, VERSION};
use super::scale::MetricScale;
use super::setting::Setting;
use super::spec::MATCH;
use crate::metric::Address;
use crate::stats::order::{median, modified_z};
use crate::stats::spread::sd;

/// Fewer sessions than this have no outliers.
const LEAST: usize = 5;
/// A session further than this from the median, in scaled median deviations, is set aside,
const FAR: f64 = 3.5;
/// at most one in so many.
const ONE_IN: usize = 4;
/// Deviations below 1 % are no reason to call a session far.
const FLOOR: f64 = 0.01;
/// Computed values agree to this share.
const AGREE: f64 = 1e-9;

impl Baseline {
    /// A baseline without metrics and sessions.
    #[must_use]
    pub fn empty(plan: &str) -> Self {
        Self {
            schema: format!("{SCHEMA}/{VERSION}"),
            plan: plan.to_owned(),
            description: String::new(),
            metrics: BTreeMap::new(),
            sessions: Vec::new(),
            derived: BTreeMap::new(),
            changes: Vec::new(),
        }
    }

    /// Computes what follows from the sessions.
    pub fn derive(&mut self) {
        self.derived = self.computed();
    }

    /// What is wrong with the file, each in one sentence.
    #[must_use]
    pub fn flaws(&self) -> Vec<String> {
        let mut flaws = Vec::new();
        for (metric, compared) in &self.metrics {
            match (&compared.bound, &compared.tolerance) {
                (Some(_), Some(_)) => flaws.push(format!(
                    "`{metric}` has a bound and a tolerance: keep one of them"
                )),
                (Some(bound), None) => {
                    flaws.extend(
                        bound
                            .parse::<crate::gate::MetricBound>()
                            .err()
                            .map(|error| {
                                let error = error.to_string().replace('\n', ": ");
                                format!("`{metric}`: {error}")
                            }),
                    );
                }
                (None, _) => flaws.extend(
                    MetricScale::of(metric, compared)
                        .err()
                        .map(|error| format!("`{metric}`: {error} ({})", error.help)),
                ),
            }
        }
        for recorded in &self.sessions {
            let uneven = |(metric, values): (&Address, &super::RecordedValues)| {
                (values.runs.len() != values.samples.len()
                    || values.runs.is_empty()
                    || values.runs.iter().any(|v| !v.is_finite()))
                .then(|| {
                    format!(
                        "session {}: `{metric}` needs one number and one count of samples a run",
                        recorded.session
                    )
                })
            };
            flaws.extend(recorded.metrics.iter().filter_map(uneven));
        }
        if flaws.is_empty() {
            flaws.extend(self.underived());
        }
        flaws
    }

    /// Where `derived` is not what follows from the sessions.
    fn underived(&self) -> Option<String> {
        let computed = self.computed();
        // What people no longer compare is computed no longer.
        let metrics = computed.keys().chain(
            self.derived
                .keys()
                .filter(|metric| self.metrics.contains_key(*metric)),
        );
        for metric in metrics {
            let (ours, theirs) = (computed.get(metric), self.derived.get(metric));
            let (Some(ours), Some(theirs)) = (ours, theirs) else {
                return Some(differs(metric, "", ours.is_some()));
            };
            for class in ours.keys().chain(theirs.keys()) {
                let (Some(a), Some(b)) = (ours.get(class), theirs.get(class)) else {
                    return Some(differs(metric, class, ours.contains_key(class)));
                };
                let near =
                    |a: f64, b: f64| (a - b).abs() <= AGREE * a.abs().max(b.abs()).max(AGREE);
                if a.sessions != b.sessions
                    || !near(a.center, b.center)
                    || !near(a.spread, b.spread)
                {
                    return Some(format!(
                        "derived: `{metric}` says {} ± {} from {} sessions, the sessions say {} ± {} from {}: was the file edited by \
                         hand, or merged? `perfgate update-baseline PLAN --derive --reason WHY` computes it anew",
                        plain(b.center),
                        plain(b.spread),
                        b.sessions,
                        plain(a.center),
                        plain(a.spread),
                        a.sessions
                    ));
                }
            }
        }
        None
    }

    fn computed(&self) -> BTreeMap<Address, BTreeMap<String, Derived>> {
        let mut all = BTreeMap::new();
        for (metric, compared) in self
            .metrics
            .iter()
            .filter(|(_, compared)| compared.bound.is_none())
        {
            let Ok(scale) = MetricScale::of(metric, compared) else {
                continue;
            };
            let mut classes = BTreeMap::new();
            for (class, sessions) in self.groups() {
                let places: Vec<f64> = sessions
                    .iter()
                    .filter_map(|own| own.transformed(metric, &scale))
                    .collect();
                let Some(centre) = median(&places).filter(|centre| centre.is_finite()) else {
                    continue;
                };
                let spread = sd(&places)
                    .filter(|spread| spread.is_finite())
                    .unwrap_or(0.0);
                let derived = Derived {
                    sessions: places.len() as u64,
                    center: scale.value(centre),
                    spread,
                };
                classes.insert(class, derived);
            }
            if !classes.is_empty() {
                all.insert(metric.clone(), classes);
            }
        }
        all
    }

    /// Sessions that count, by what has to be equal.
    fn groups(&self) -> BTreeMap<String, Vec<&Recorded>> {
        let mut groups: BTreeMap<String, Vec<&Recorded>> = BTreeMap::new();
        for recorded in self
            .sessions
            .iter()
            .filter(|recorded| recorded.set_aside.is_none())
        {
            groups
                .entry(self.class(recorded))
                .or_default()
                .push(recorded);
        }
        groups
    }

    /// Machine, labels and, where the plan has changed in between, the work of a session.
    #[must_use]
    pub fn class(&self, recorded: &Recorded) -> String {
        let words = MATCH.map(str::to_owned);
        let mut class = Setting::of_recorded(&words, recorded).class();
        let labels = recorded
            .labels
            .iter()
            .map(|(name, value)| format!(", {name}={value}"));
        labels.for_each(|label| class.push_str(&label));
        if self
            .sessions
            .iter()
            .any(|other| other.load_hash != recorded.load_hash)
        {
            let hash = recorded.load_hash.trim_start_matches("sha256:");
            class.push_str(&format!(", load {}", hash.get(..8).unwrap_or(hash)));
        }
        class
    }

    /// Sets aside sessions that lie too far from the others of their kind, and takes back those that no longer do.
    pub fn curate(&mut self) {
        self.sessions
            .iter_mut()
            .for_each(|recorded| recorded.set_aside = None);
        let mut found = Vec::new();
        for sessions in self
            .groups()
            .values()
            .filter(|sessions| sessions.len() >= LEAST)
        {
            let mut far: Vec<(f64, String, String)> = Vec::new();
            for (at, recorded) in sessions.iter().enumerate() {
                far.extend(
                    self.furthest(sessions, at)
                        .map(|(z, why)| (z, recorded.session.clone(), why)),
                );
            }
            far.sort_by(|a, b| b.0.total_cmp(&a.0));
            far.truncate(sessions.len() / ONE_IN);
            found.extend(far);
        }
        for (_, session, why) in found {
            let own = self
                .sessions
                .iter_mut()
                .filter(|recorded| recorded.session == session);
            own.for_each(|recorded| recorded.set_aside = Some(why.clone()));
        }
    }

    /// In which metric a session lies furthest from the others, where that is too far.
    fn furthest(&self, sessions: &[&Recorded], at: usize) -> Option<(f64, String)> {
        let judged = self
            .metrics
            .iter()
            .filter(|(_, compared)| compared.severity == Severity::Fail);
        let mut worst: Option<(f64, String)> = None;
        for (metric, compared) in judged {
            let Some(scale) = MetricScale::of(metric, compared)
                .ok()
                .filter(|scale| scale.logarithmic)
            else {
                continue;
            };
            let places: Option<Vec<f64>> = sessions
                .iter()
                .map(|own| own.transformed(metric, &scale))
                .collect();
            let Some(z) = places.and_then(|places| modified_z(&places, FLOOR).get(at).copied())
            else {
                continue;
            };
            if z.abs() > FAR && worst.as_ref().is_none_or(|(most, _)| z.abs() > *most) {
                let side = if z > 0.0 { "above" } else { "below" };
                worst = Some((
                    z.abs(),
                    format!(
                        "`{metric}` is {:.1} deviations {side} the other sessions",
                        z.abs()
                    ),
                ));
            }
        }
        worst
    }
}

impl Recorded {
    /// The session's value of a metric on its scale.
    #[must_use]
    pub fn transformed(&self, metric: &Address, scale: &MetricScale) -> Option<f64> {
        let values = self.metrics.get(metric)?;
        if !scale.counted {
            return scale.session(&values.runs);
        }
        let (part, whole) = values.counted()?;
        Some(part / whole)
    }
}

impl super::RecordedValues {
    /// Of a share: how many of how many, over all runs.
    #[must_use]
    pub fn counted(&self) -> Option<(f64, f64)> {
        let whole: u64 = self.samples.iter().sum();
        let part = self
            .runs
            .iter()
            .zip(&self.samples)
            .map(|(share, of)| (share * *of as f64).round())
            .sum::<f64>();
        (whole > 0).then_some((part, whole as f64))
    }
}

fn differs(metric: &Address, class: &str, missing: bool) -> String {
    let place = if class.is_empty() {
        format!("`{metric}`")
    } else {
        format!("`{metric}` on {class}")
    };
    let what = if missing {
        format!("{place} is missing")
    } else {
        format!("no session has {place}")
    };
    format!(
        "derived: {what}: `perfgate update-baseline PLAN --derive --reason WHY` computes it anew"
    )
}

/// Six digits: enough to see what was edited.
fn plain(value: f64) -> String {
    let text = format!("{value:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
