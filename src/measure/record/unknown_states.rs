//! States of jobs that the plan does not know.

use std::collections::BTreeMap;

use crate::metric::StepId;

/// A target that says another state each time fills no memory: so many are told apart,
const GROUPS: usize = 100;
/// and all others are this one.
const OTHERS: &str = "…";

/// How often each state was seen that the plan does not know.
#[derive(Debug, Clone, Default)]
pub struct UnknownStates {
    groups: BTreeMap<(StepId, String), u64>,
}

impl UnknownStates {
    /// Counts a state of a step.
    pub fn add(&mut self, step: StepId, state: String, count: u64) {
        let full = self.groups.len() >= GROUPS;
        match self.groups.get_mut(&(step, state.clone())) {
            Some(own) => *own += count,
            None => {
                let state = if full { OTHERS.to_owned() } else { state };
                *self.groups.entry((step, state)).or_default() += count;
            }
        }
    }

    /// Adds another worker's.
    pub fn merge(&mut self, other: Self) {
        for ((step, state), count) in other.groups {
            self.add(step, state, count);
        }
    }

    /// Each state with its step and how often it was seen.
    pub fn iter(&self) -> impl Iterator<Item = (StepId, &str, u64)> {
        self.groups
            .iter()
            .map(|((step, state), count)| (*step, state.as_str(), *count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_counted_and_bounded() {
        let mut all = UnknownStates::default();
        for n in 0..1_000 {
            all.add(StepId(0), format!("s{:03}", n % 500), 1);
        }
        let mut twice = all.clone();
        twice.merge(all);
        assert_eq!(twice.iter().count(), GROUPS + 1);
        assert_eq!(twice.iter().map(|(_, _, count)| count).sum::<u64>(), 2_000);
        assert!(
            twice
                .iter()
                .any(|(_, state, count)| (state, count) == ("s007", 4))
        );
    }
}
