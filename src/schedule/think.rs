//! Seeded pauses between the iterations of a virtual user.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

use crate::units::{Duration, DurationRange};

/// The think times of one virtual user: the same for a seed on any number of threads.
#[derive(Debug, Clone)]
pub struct ThinkTimes {
    source: Pcg64Mcg,
}

impl ThinkTimes {
    /// The think times of user `vu`.
    #[must_use]
    pub fn new(seed: u64, vu: u64) -> Self {
        // Spread by a large odd number, so that neighbouring users do not think alike.
        let source =
            Pcg64Mcg::seed_from_u64(seed ^ vu.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        Self { source }
    }

    /// The next pause, drawn evenly from a range.
    pub fn pause(&mut self, range: DurationRange) -> Duration {
        let share = (self.source.next_u64() >> 11) as f64 / (1u64 << 53) as f64;
        range.at(share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_lie_in_their_range_and_differ_between_users() {
        let range: DurationRange = "1s .. 3s".parse().expect("range");
        let mut one = ThinkTimes::new(5, 0);
        let mut two = ThinkTimes::new(5, 1);
        let (a, b): (Vec<_>, Vec<_>) = (0..50)
            .map(|_| (one.pause(range), two.pause(range)))
            .unzip();
        assert!(
            a.iter()
                .chain(&b)
                .all(|p| (range.low..=range.high).contains(p))
        );
        assert_ne!(a, b);
    }
}
