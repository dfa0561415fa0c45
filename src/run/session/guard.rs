//! Watches one load by the rules that end it early.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::clock::Tick;
use crate::engine::Budget;
use crate::gate::{ABORT_SECONDS, AbortRule};
use crate::measure::SecondSlot;
use crate::metric::LoadId;
use crate::schedule::Schedule;
use crate::summary::Aborted;
use crate::units::Duration;

/// A worker reports a second this long after it is over, at the latest.
const REPORTED: u64 = 2;

/// One load with its rules and its last seconds.
pub(crate) struct Guard {
    pub(crate) load: LoadId,
    pub(crate) budget: Arc<Budget>,
    pub(crate) fired: Option<Aborted>,
    rules: Vec<AbortRule>,
    recent: VecDeque<SecondSlot>,
    /// When measuring begins, from time zero; `None` where warm-up iterations decide.
    measured_from: Option<Duration>,
    /// The next second to look at the end of.
    next: u64,
}

impl Guard {
    pub(crate) fn new(
        load: LoadId,
        schedule: &Schedule,
        budget: &Arc<Budget>,
        rules: &[AbortRule],
    ) -> Self {
        let measured_from = match schedule {
            Schedule::Open(open) => Some(open.window().0),
            Schedule::Closed(closed) => match closed.warm_up {
                crate::schedule::WarmUpSpec::For(time) => Some(closed.ramp_up + time),
                crate::schedule::WarmUpSpec::Iterations(0) => Some(closed.ramp_up),
                crate::schedule::WarmUpSpec::Iterations(_) => None,
            },
        };
        Self {
            load,
            budget: Arc::clone(budget),
            fired: None,
            rules: rules
                .iter()
                .filter(|rule| rule.load == load)
                .cloned()
                .collect(),
            recent: VecDeque::new(),
            measured_from,
            next: 0,
        }
    }

    /// One more second of the load on some worker.
    pub(crate) fn add(&mut self, slot: &SecondSlot) {
        if self.rules.is_empty() {
            return;
        }
        self.recent.push_back(slot.clone());
        let keep = self.next.saturating_sub(ABORT_SECONDS + REPORTED);
        self.recent.retain(|slot| slot.second >= keep);
    }

    /// Looks at every second that all workers have reported; `true` where a rule is crossed for the first time.
    pub(crate) fn look(&mut self, zero: Tick, now: Tick) -> bool {
        if self.rules.is_empty() || self.fired.is_some() || now <= zero {
            return false;
        }
        let from = self
            .measured_from
            .or_else(|| Some(self.budget.measured_since()?.since(zero)));
        let Some(from) = from.map(|from| from.as_secs_f64().ceil() as u64) else {
            return false;
        };
        let complete = (now.since(zero).as_nanos() / 1_000_000_000).saturating_sub(REPORTED);
        while self.next <= complete {
            let end = self.next;
            self.next += 1;
            if end >= from + ABORT_SECONDS && self.judge(end) {
                return true;
            }
        }
        false
    }

    /// The seconds before `end`.
    fn judge(&mut self, end: u64) -> bool {
        let window = end - ABORT_SECONDS..end;
        let slots: Vec<&SecondSlot> = self
            .recent
            .iter()
            .filter(|slot| window.contains(&slot.second))
            .collect();
        let crossed = self
            .rules
            .iter()
            .find_map(|rule| Some((rule, rule.crossed(&slots)?)));
        self.fired = crossed.map(|(rule, value)| Aborted {
            metric: rule.line.metric.clone(),
            bound: rule.line.bound.clone(),
            value,
            unit: rule.unit(),
            at_s: end as f64,
            file: rule.line.file.clone(),
            line: rule.line.line,
        });
        self.fired.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::Catalog;
    use crate::summary::{Demand, ThresholdLine};

    #[test]
    fn ten_bad_seconds_after_warm_up_end_the_load_and_fewer_do_not() {
        let mut catalog = Catalog::default();
        let load = catalog.add_load(None, "asr");
        let line = ThresholdLine {
            metric: "asr.error_rate".into(),
            bound: "< 50%".to_owned(),
            demand: Demand::Must,
            file: String::new(),
            line: 0,
            told: None,
        };
        let rule = AbortRule::new(&catalog, line).expect("a rule");
        let plan: crate::schedule::Load =
            toml::from_str("rate = '1/s'\nduration = '1m'\nwarm_up = '3s'").expect("a load");
        let schedule = plan.schedule(1);
        let budget = Arc::new(Budget::new(&schedule));
        let mut guard = Guard::new(load, &schedule, &budget, std::slice::from_ref(&rule));
        let zero = Tick::from_nanos(7_000_000_000);
        let mut fired_at = None;
        for second in 0..40 {
            let mut slot = SecondSlot::new(second);
            // Warm-up fails throughout, and so does everything from the twentieth second on.
            slot.ended = if (3..20).contains(&second) {
                [1, 0, 0, 0, 0]
            } else {
                [0, 1, 0, 0, 0]
            };
            guard.add(&slot);
            if guard.look(zero, zero + Duration::from_secs(second + 2)) {
                fired_at = Some(second);
            }
        }
        // Five of the ten seconds before 25 are bad: that is no longer below 50 %.
        assert_eq!(
            guard.fired.map(|fired| (fired.at_s, fired.value)),
            Some((25.0, 0.5))
        );
        assert_eq!(fired_at, Some(25));
    }
}
