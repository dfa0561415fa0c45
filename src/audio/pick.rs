//! Which clip an iteration takes.

use rand_pcg::rand_core::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::speech::dice;

/// How a pool hands out its clips.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pick {
    /// Iteration n takes clip n mod count.
    #[default]
    RoundRobin,
    /// Any clip, drawn from the seed and the number of the iteration.
    Random,
    /// Each clip once; the load ends with the list.
    Sequential,
}

impl Pick {
    /// The place of iteration `n`'s clip among `count`: a function of its arguments, so that it is the same on any number of workers.
    #[must_use]
    pub fn place(self, n: u64, count: usize, seed: u64) -> Option<usize> {
        let many = u64::try_from(count).ok().filter(|many| *many > 0)?;
        let place = match self {
            Self::RoundRobin => n % many,
            Self::Sequential => n,
            // The high half of a product: even for every count, without a remainder's bias.
            Self::Random => {
                ((u128::from(dice(seed, n).next_u64()) * u128::from(many)) >> 64) as u64
            }
        };
        usize::try_from(place).ok().filter(|place| *place < count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_of_picking() {
        let first = |pick: Pick, count| (0..7).map(|n| pick.place(n, count, 1)).collect::<Vec<_>>();
        assert_eq!(first(Pick::RoundRobin, 3), [0, 1, 2, 0, 1, 2, 0].map(Some));
        assert_eq!(
            first(Pick::Sequential, 3),
            [Some(0), Some(1), Some(2), None, None, None, None]
        );
        assert_eq!(first(Pick::RoundRobin, 0), [None; 7]);
    }

    #[test]
    fn random_depends_on_seed_and_iteration_alone_and_is_even() {
        let forward: Vec<_> = (0..3_000).map(|n| Pick::Random.place(n, 3, 9)).collect();
        let backward: Vec<_> = (0..3_000)
            .rev()
            .map(|n| Pick::Random.place(n, 3, 9))
            .collect();
        assert!(forward.iter().eq(backward.iter().rev()));
        for clip in 0..3 {
            let share = forward.iter().filter(|place| **place == Some(clip)).count();
            assert!((900..1_100).contains(&share), "{share}");
        }
        assert_ne!(
            forward,
            (0..3_000)
                .map(|n| Pick::Random.place(n, 3, 10))
                .collect::<Vec<_>>()
        );
    }
}
