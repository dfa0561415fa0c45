//! A session among others.

use crate::gate::Overall;
use crate::metric::{Address, Owner};
use crate::report::text::clean;
use crate::summary::Summary;

/// One session and how it was judged.
#[derive(Debug, Clone)]
pub struct JudgedSession {
    /// The session.
    pub summary: Summary,
    /// Its own judgement.
    pub verdict: Overall,
}

/// The full address of a metric of a load: `*` is the first of its steps that has it.
pub(crate) fn metric_of(sessions: &[&JudgedSession], load: &Owner, metric: &str) -> Address {
    let Some(metric) = metric.strip_prefix("*.") else {
        return load.metric(metric);
    };
    let is_of_step = |address: &&Address| {
        let step = address.step().map(|step| load.step(step));
        step.is_some_and(|step| step.metric(metric) == **address)
    };
    let mut all = sessions.iter();
    let found = all.find_map(|session| session.summary.metrics.keys().find(is_of_step));
    found.cloned().unwrap_or_default()
}

/// `11-22 02:00`.
pub(crate) fn moment(summary: &Summary) -> String {
    let started = summary.started.parse::<jiff::Timestamp>();
    started.map_or_else(
        |_| clean(&summary.session),
        |at| at.strftime("%m-%d %H:%M").to_string(),
    )
}
