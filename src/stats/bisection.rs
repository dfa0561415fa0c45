//! The largest value that is accepted, found by halving: repeated where the answer is near, bounded by a budget.

use std::collections::BTreeMap;

/// What was found out of one value in one try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attempt {
    /// It was accepted.
    Accepted,
    /// It was refused.
    Refused,
    /// The try is no evidence.
    Invalid,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum SearchStep {
    /// This value is to be tried.
    Try(f64),
    /// The search is over.
    Done(SearchEnd),
}

/// Why a search is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchEnd {
    /// The largest accepted and the smallest refused value are as near as is asked.
    Found,
    /// Even the largest value is accepted.
    AllAccepted,
    /// Even the smallest value is refused.
    NoneAccepted,
    /// As many tries were made as are allowed.
    Budget,
    /// One value gave no evidence again and again.
    NoEvidence,
}

/// A search between two values.
#[derive(Debug, Clone)]
pub struct Bisection {
    from: f64,
    to: f64,
    /// How near the two sides have to be, as a share.
    precision: f64,
    at_most: u64,
    /// Only whole numbers are tried.
    whole: bool,
    tries: Vec<(f64, Attempt)>,
}

/// So often in a row a value may give no evidence.
const PATIENCE: usize = 3;
/// A value next to the answer is tried at least so often.
const AT_THE_EDGE: usize = 2;

/// The tries of one value that are evidence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many accepted it.
    pub accepted: usize,
    /// How many refused it.
    pub refused: usize,
}

impl Tally {
    /// What most tries say; `None` where they are even.
    #[must_use]
    pub const fn majority(self) -> Option<Attempt> {
        if self.accepted > self.refused {
            Some(Attempt::Accepted)
        } else if self.refused > self.accepted {
            Some(Attempt::Refused)
        } else {
            None
        }
    }
}

impl Bisection {
    /// A search from a value above zero to a larger one. Whole ends are searched by whole numbers.
    #[must_use]
    pub fn new(from: f64, to: f64, precision: f64, at_most: u64) -> Self {
        Self {
            from,
            to,
            precision,
            at_most,
            whole: from.fract() == 0.0 && to.fract() == 0.0,
            tries: Vec::new(),
        }
    }

    /// How often a value was tried.
    #[must_use]
    pub fn tried(&self, value: f64) -> usize {
        self.tries.iter().filter(|(own, _)| *own == value).count()
    }

    /// How many tries there were.
    #[must_use]
    pub const fn tries(&self) -> usize {
        self.tries.len()
    }

    /// How many tries there may be.
    #[must_use]
    pub const fn at_most(&self) -> u64 {
        self.at_most
    }

    /// Takes notice of one try.
    pub fn answer(&mut self, value: f64, answer: Attempt) {
        self.tries.push((value, answer));
    }

    /// What is to be done now.
    #[must_use]
    pub fn next(&self) -> SearchStep {
        let last = self.tries.iter().rev();
        let vain = last
            .take_while(|(_, answer)| *answer == Attempt::Invalid)
            .count();
        if vain >= PATIENCE {
            return SearchStep::Done(SearchEnd::NoEvidence);
        }
        if self.tries.len() as u64 >= self.at_most {
            return SearchStep::Done(SearchEnd::Budget);
        }
        let tallies = tallies(&self.tries);
        if let Some(value) = self.open(&tallies, self.from) {
            return SearchStep::Try(value);
        }
        let (low, high) = bracket(&tallies);
        let Some(low) = low else {
            return SearchStep::Done(SearchEnd::NoneAccepted);
        };
        let Some(high) = high else {
            return self
                .open(&tallies, self.to)
                .map_or(SearchStep::Done(SearchEnd::AllAccepted), SearchStep::Try);
        };
        let middle = self.between(low, high);
        if let Some(middle) = middle {
            return SearchStep::Try(middle);
        }
        // Both sides of the answer have to say so more than once, and not to be even.
        let weak = [low, high]
            .into_iter()
            .find(|value| self.open(&tallies, *value).is_some());
        weak.map_or(SearchStep::Done(SearchEnd::Found), SearchStep::Try)
    }

    /// The value, where it is not known well enough: it was tried too seldom, or its tries are even.
    fn open(&self, tallies: &BTreeMap<u64, Tally>, value: f64) -> Option<f64> {
        let tally = tallies.get(&value.to_bits()).copied().unwrap_or_default();
        let count = tally.accepted + tally.refused;
        let is_end = value == self.from && tally.accepted > 0 && tally.refused == 0;
        let enough = if is_end { 1 } else { AT_THE_EDGE };
        (count < enough || tally.majority().is_none()).then_some(value)
    }

    /// The value half way between two by their ratio; `None` where they are near enough.
    fn between(&self, low: f64, high: f64) -> Option<f64> {
        let near = high / low - 1.0 <= self.precision || self.whole && high - low <= 1.0;
        if near {
            return None;
        }
        let middle = (low * high).sqrt();
        Some(if self.whole {
            middle.round().clamp(low + 1.0, high - 1.0)
        } else {
            // Three digits are as near as anyone asks, and names of points stay short.
            let digits = 10_f64.powf(2.0 - middle.log10().floor());
            let short = (middle * digits).round() / digits;
            if short > low && short < high {
                short
            } else {
                middle
            }
        })
    }
}

/// The tries of each value. Values above zero are in the order of their bits.
fn tallies(tries: &[(f64, Attempt)]) -> BTreeMap<u64, Tally> {
    let mut all: BTreeMap<u64, Tally> = BTreeMap::new();
    for (value, answer) in tries {
        let tally = all.entry(value.to_bits()).or_default();
        match answer {
            Attempt::Accepted => tally.accepted += 1,
            Attempt::Refused => tally.refused += 1,
            Attempt::Invalid => {}
        }
    }
    all
}

/// The smallest value that most tries refuse, and the largest below it that most accept.
fn bracket(tallies: &BTreeMap<u64, Tally>) -> (Option<f64>, Option<f64>) {
    let says = |answer| move |(_, tally): &(&u64, &Tally)| tally.majority() == Some(answer);
    let value = |(bits, _): (&u64, &Tally)| f64::from_bits(*bits);
    let high = tallies.iter().find(says(Attempt::Refused)).map(value);
    let mut below = tallies
        .iter()
        .filter(|(bits, _)| high.is_none_or(|high| f64::from_bits(**bits) < high));
    (below.rfind(says(Attempt::Accepted)).map(value), high)
}

/// The capacity that these tries show: the largest accepted value below the smallest refused one, and the values between
/// which it lies: the largest that every try accepts, and the smallest above that every try refuses. `None` as the upper one
/// where no try refuses a value.
#[must_use]
pub fn capacity(tries: &[(f64, Attempt)]) -> Option<(f64, (f64, Option<f64>))> {
    let tallies = tallies(tries);
    let (low, high) = bracket(&tallies);
    let low = low?;
    let sure = |of: fn(&Tally) -> bool| move |(_, tally): &(&u64, &Tally)| of(tally);
    let value = |(bits, _): (&u64, &Tally)| f64::from_bits(*bits);
    let accepted = tallies
        .iter()
        .filter(sure(|tally| tally.refused == 0 && tally.accepted > 0));
    let surely = accepted.map(value).rfind(|value| *value <= low);
    let refused = tallies
        .iter()
        .filter(sure(|tally| tally.accepted == 0 && tally.refused > 0));
    let surely_not = refused.map(value).find(|value| *value > low);
    Some((low, (surely.unwrap_or(low), surely_not.or(high))))
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};

    use super::*;

    fn run(search: &mut Bisection, mut accepts: impl FnMut(f64) -> Attempt) -> SearchEnd {
        loop {
            match search.next() {
                SearchStep::Try(value) => {
                    let answer = accepts(value);
                    search.answer(value, answer);
                }
                SearchStep::Done(end) => return end,
            }
        }
    }

    fn sharp(limit: f64) -> impl Fn(f64) -> Attempt {
        move |value| {
            if value <= limit {
                Attempt::Accepted
            } else {
                Attempt::Refused
            }
        }
    }

    #[test]
    fn a_sharp_limit_is_found_to_the_precision() {
        for limit in [1.0, 2.0, 7.0, 13.0, 50.0, 99.0] {
            let mut search = Bisection::new(1.0, 100.0, 0.05, 20);
            assert_eq!(run(&mut search, sharp(limit)), SearchEnd::Found, "{limit}");
            let (found, (low, high)) = capacity(&search.tries).unwrap();
            assert!(
                found <= limit && limit < high.unwrap(),
                "{limit}: {found} {high:?}"
            );
            assert!(high.unwrap() - found <= (0.05 * found).max(1.0));
            assert_eq!(low, found);
            assert!(search.tries() <= 16, "{}", search.tries());
        }
        let mut search = Bisection::new(0.5, 40.0, 0.02, 30);
        assert_eq!(run(&mut search, sharp(3.3)), SearchEnd::Found);
        let (found, _) = capacity(&search.tries).unwrap();
        assert!((3.2..=3.3).contains(&found), "{found}");
    }

    #[test]
    fn ends_that_cannot_bracket_and_budgets_are_said() {
        let end = |limit: f64, at_most| {
            let mut search = Bisection::new(4.0, 64.0, 0.05, at_most);
            (
                run(&mut search, sharp(limit)),
                capacity(&search.tries),
                search.tries(),
            )
        };
        assert_eq!(end(1.0, 20), (SearchEnd::NoneAccepted, None, 2));
        assert_eq!(
            end(100.0, 20),
            (SearchEnd::AllAccepted, Some((64.0, (64.0, None))), 3)
        );
        let (ended, found, tries) = end(20.0, 5);
        assert_eq!((ended, tries), (SearchEnd::Budget, 5));
        let (low, high) = found.unwrap().1;
        assert!(low <= 20.0 && 20.0 < high.unwrap());
    }

    #[test]
    fn what_is_no_evidence_is_tried_again_and_is_no_refusal() {
        let mut search = Bisection::new(1.0, 32.0, 0.05, 40);
        let mut first = std::collections::BTreeSet::new();
        let ended = run(&mut search, |value| {
            if first.insert(value.to_bits()) {
                Attempt::Invalid
            } else {
                sharp(9.0)(value)
            }
        });
        assert_eq!(ended, SearchEnd::Found);
        assert_eq!(capacity(&search.tries).unwrap().0, 9.0);
        let mut search = Bisection::new(1.0, 32.0, 0.05, 40);
        assert_eq!(
            run(&mut search, |_| Attempt::Invalid),
            SearchEnd::NoEvidence
        );
        assert_eq!(search.tries(), 3);
    }

    #[test]
    fn a_known_capacity_is_found_under_noise_and_its_interval_holds_it() {
        let (mut near, mut held) = (0, 0);
        for seed in 0..100 {
            let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
            let limit = 20.0 + 60.0 * random.random::<f64>();
            let mut search = Bisection::new(1.0, 128.0, 0.05, 20);
            run(&mut search, |value| {
                let noise: f64 = (0..12).map(|_| random.random::<f64>() - 0.5).sum();
                sharp(limit * (1.0 + 0.02 * noise))(value)
            });
            let (found, (low, high)) = capacity(&search.tries).unwrap();
            near += u32::from((found / limit - 1.0).abs() <= 0.05 + 1.0 / limit);
            held += u32::from(low <= limit && limit <= high.unwrap());
        }
        assert!(near >= 95 && held >= 85, "{near} near, {held} held of 100");
    }
}
