//! A load apart by a value of its iterations: a captured worker's name, the length of the clip.

use std::collections::BTreeMap;

use super::{Counts, Distribution, Measurement};
use crate::audio::WordErrors;
use crate::metric::Outcome;

/// Values kept apart at most; the rest are one.
const VALUES: usize = 64;
/// The name of the rest.
const OTHER: &str = "(other)";
/// The name of iterations in which the value was missing.
pub(super) const UNKNOWN: &str = "unknown";

/// What became of the measured iterations with one value.
#[derive(Debug, Clone)]
pub struct SplitPart {
    /// How many, and how they ended. Dropped arrivals have no value and are in none.
    pub counts: Counts,
    /// Their latency in nanoseconds, two digits; losses rank above every known value.
    pub latency: Distribution,
    /// How far their transcripts are from what was said.
    pub words: WordErrors,
}

/// The measured iterations of a load by value, so many values at most.
#[derive(Debug, Clone, Default)]
pub struct Split {
    parts: BTreeMap<String, SplitPart>,
}

impl Split {
    /// Counts a finished iteration; `None` where it had no value.
    pub fn add(&mut self, value: Option<&str>, outcome: Outcome, latency: u64) {
        let part = self.part(value.unwrap_or(UNKNOWN));
        part.counts.whole(outcome);
        match outcome {
            Outcome::Ok => part.latency.record(Measurement::Known(latency)),
            lost if lost.is_slow_loss() => part.latency.record(Measurement::Beyond(latency)),
            _ => {}
        }
    }

    /// Adds how far a transcript of an iteration was from what was said.
    pub fn words(&mut self, value: Option<&str>, errors: WordErrors) {
        self.part(value.unwrap_or(UNKNOWN)).words += errors;
    }

    /// Adds another worker's iterations.
    pub fn merge(&mut self, other: Self) {
        for (value, more) in other.parts {
            let own = self.part(&value);
            own.counts.merge(&more.counts);
            own.latency.merge(&more.latency);
            own.words += more.words;
        }
    }

    /// Every value with what became of its iterations, in the order of the values.
    pub fn parts(&self) -> impl Iterator<Item = (&str, &SplitPart)> {
        self.parts
            .iter()
            .map(|(value, part)| (value.as_str(), part))
    }

    /// Iterations of the most loaded value for each one of the least loaded; `None` without a value.
    #[must_use]
    pub fn imbalance(&self) -> Option<f64> {
        let named = self
            .parts()
            .filter(|(value, _)| ![OTHER, UNKNOWN].contains(value));
        let started: Vec<u64> = named.map(|(_, part)| part.counts.started).collect();
        Some(*started.iter().max()? as f64 / *started.iter().min()? as f64)
    }

    fn part(&mut self, value: &str) -> &mut SplitPart {
        let full = self.parts.len() >= VALUES && !self.parts.contains_key(value);
        let value = if full { OTHER } else { value };
        // The name is copied once for each value, not once for each iteration.
        if !self.parts.contains_key(value) {
            let part = SplitPart {
                counts: Counts::default(),
                latency: Distribution::new(3),
                words: WordErrors::default(),
            };
            self.parts.insert(value.to_owned(), part);
        }
        self.parts
            .get_mut(value)
            .expect("it was put in if it was missing")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::ErrorClass;

    #[test]
    fn values_are_counted_apart_and_merged() {
        let mut one = Split::default();
        for (value, outcome) in [
            (Some("w1"), Outcome::Ok),
            (Some("w1"), Outcome::Failed(ErrorClass::Status)),
            (Some("w1"), Outcome::TimedOut),
            (None, Outcome::Failed(ErrorClass::Connect)),
        ] {
            one.add(value, outcome, 5);
        }
        let mut two = Split::default();
        two.add(Some("w2"), Outcome::Ok, 7);
        two.add(Some("w1"), Outcome::Ok, 9);
        one.merge(two);
        let counts: Vec<_> = one
            .parts()
            .map(|(value, part)| (value, part.counts.started, part.counts.ok))
            .collect();
        assert_eq!(counts, [("unknown", 1, 0), ("w1", 4, 2), ("w2", 1, 1)]);
        assert_eq!(one.imbalance(), Some(4.0));
        let w1 = &one
            .parts()
            .find(|(value, _)| *value == "w1")
            .expect("w1")
            .1
            .latency;
        assert_eq!((w1.count(), w1.lost(), w1.mean()), (2, 1, Some(7.0)));
        assert_eq!(Split::default().imbalance(), None);
    }

    #[test]
    fn memory_is_bounded_and_nothing_is_lost() {
        let mut split = Split::default();
        for n in 0..1_000 {
            split.add(Some(&n.to_string()), Outcome::Ok, 1);
        }
        assert_eq!(split.parts().count(), VALUES + 1);
        assert_eq!(
            split
                .parts()
                .map(|(_, part)| part.counts.started)
                .sum::<u64>(),
            1_000
        );
    }
}
