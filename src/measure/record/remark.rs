//! What was noticed about steps without being an error: refusals that the plan expects, and oddities.

use std::collections::BTreeMap;

use super::error_log::fold;
use crate::metric::StepId;

/// Groups kept at most; remarks beyond are counted together.
const GROUPS: usize = 100;

/// What a remark is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RemarkKind {
    /// The target refused as the plan expects.
    Rejection,
    /// Something that was not as it should be and spoiled a value, not the iteration.
    Oddity,
}

/// Remarks that are one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// How many.
    pub count: u64,
    /// The first one, as it was.
    pub example: String,
}

/// All remarks of a worker or a run, in groups like errors.
#[derive(Debug, Clone, Default)]
pub struct Remarks {
    groups: BTreeMap<(RemarkKind, StepId, String), Remark>,
    beyond: u64,
}

impl Remarks {
    /// Counts a remark in its group.
    pub fn add(&mut self, kind: RemarkKind, step: StepId, text: String) {
        self.enter(
            (kind, step, fold(&text)),
            Remark {
                count: 1,
                example: text,
            },
        );
    }

    /// Adds another worker's remarks.
    pub fn merge(&mut self, other: Self) {
        self.beyond += other.beyond;
        other
            .groups
            .into_iter()
            .for_each(|(key, remark)| self.enter(key, remark));
    }

    /// Those of one kind, most frequent first.
    #[must_use]
    pub fn of(&self, kind: RemarkKind) -> Vec<(StepId, &Remark)> {
        let own = self.groups.iter().filter(|((of, _, _), _)| *of == kind);
        let mut all: Vec<_> = own.map(|((_, step, _), remark)| (*step, remark)).collect();
        all.sort_by_key(|(_, remark)| std::cmp::Reverse(remark.count));
        all
    }

    /// Remarks that found no group free.
    #[must_use]
    pub const fn beyond(&self) -> u64 {
        self.beyond
    }

    fn enter(&mut self, key: (RemarkKind, StepId, String), remark: Remark) {
        let full = self.groups.len() >= GROUPS;
        match self.groups.get_mut(&key) {
            Some(own) => own.count += remark.count,
            None if full => self.beyond += remark.count,
            None => drop(self.groups.insert(key, remark)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_grouped_merged_and_bounded() {
        let mut one = Remarks::default();
        one.add(
            RemarkKind::Rejection,
            StepId(0),
            "HTTP 503: memory 92%".to_owned(),
        );
        one.add(RemarkKind::Oddity, StepId(0), "no audio".to_owned());
        let mut two = Remarks::default();
        two.add(
            RemarkKind::Rejection,
            StepId(0),
            "HTTP 503: memory 95%".to_owned(),
        );
        for n in 0..200 {
            two.add(RemarkKind::Oddity, StepId(n), "x".to_owned());
        }
        assert_eq!(two.beyond(), 101, "one group is the rejection's");
        one.merge(two);
        let rejected = one.of(RemarkKind::Rejection);
        assert_eq!(rejected.len(), 1);
        assert_eq!(
            (rejected[0].1.count, rejected[0].1.example.as_str()),
            (2, "HTTP 503: memory 92%")
        );
        assert_eq!(one.of(RemarkKind::Oddity).len(), GROUPS - 1);
    }
}
