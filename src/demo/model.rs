//! The model behind the service: a cache of what it has heard, and how it goes to sleep.

use std::collections::{HashSet, VecDeque};

use sha2::{Digest, Sha256};

use super::spec::DemoSpec;
use crate::clock::Tick;
use crate::units::Duration;

/// Answers that are remembered.
const REMEMBERED: usize = 64;

/// What a request finds.
#[derive(Debug)]
pub(crate) struct Model {
    cache: bool,
    known: HashSet<[u8; 32]>,
    order: VecDeque<[u8; 32]>,
    idle_after: Option<Duration>,
    cold_start: Duration,
    last_use: Tick,
    pub(crate) cache_hits: u64,
    pub(crate) cold_starts: u64,
}

impl Model {
    pub(crate) fn new(spec: &DemoSpec) -> Self {
        Self {
            cache: spec.cache.0,
            known: HashSet::new(),
            order: VecDeque::new(),
            idle_after: (!spec.idle_after.is_zero()).then_some(spec.idle_after),
            cold_start: spec.cold_start,
            last_use: Tick::ZERO,
            cache_hits: 0,
            cold_starts: 0,
        }
    }

    /// Whether this content was answered before; it is remembered from now on.
    pub(crate) fn knows(&mut self, content: &[u8]) -> bool {
        if !self.cache {
            return false;
        }
        let hash: [u8; 32] = Sha256::digest(content).into();
        if self.known.contains(&hash) {
            self.cache_hits += 1;
            return true;
        }
        if self.order.len() == REMEMBERED {
            self.order
                .pop_front()
                .map(|oldest| self.known.remove(&oldest));
        }
        self.order.push_back(hash);
        self.known.insert(hash);
        false
    }

    /// Whether it is loaded now.
    pub(crate) fn is_loaded(&self, now: Tick) -> bool {
        self.idle_after
            .is_none_or(|idle| now.since(self.last_use) < idle)
    }

    /// The work of a request that arrives now, with the time to load the model where it sleeps.
    pub(crate) fn work(&mut self, now: Tick, work: Duration) -> Duration {
        if self.is_loaded(now) {
            return work;
        }
        self.cold_starts += 1;
        work + self.cold_start
    }

    /// It is in use until then.
    pub(crate) fn used_until(&mut self, at: Tick) {
        self.last_use = self.last_use.max(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(keys: &str) -> DemoSpec {
        toml::from_str(&format!("service = 'transcription'\n{keys}")).expect(keys)
    }

    #[test]
    fn content_is_known_the_second_time_and_forgotten_in_time() {
        let mut model = Model::new(&spec("cache = true"));
        assert!(!model.knows(b"a") && model.knows(b"a") && !model.knows(b"b"));
        assert!(!(0..REMEMBERED).any(|n| model.knows(&n.to_le_bytes())));
        assert!(!model.knows(b"a"), "it was the oldest");
        let mut off = Model::new(&spec(""));
        assert!(!off.knows(b"a") && !off.knows(b"a"));
    }

    #[test]
    fn a_model_that_sleeps_starts_cold_once() {
        let mut model = Model::new(&spec("idle_after = '10s'\ncold_start = '3s'"));
        let (second, work) = (Duration::from_secs(1), Duration::from_secs(1));
        let at = |seconds: u64| Tick::ZERO + Duration::from_secs(seconds);
        assert_eq!(model.work(at(5), work), work);
        model.used_until(at(5) + second);
        assert_eq!(
            (model.is_loaded(at(15)), model.work(at(16), work)),
            (true, Duration::from_secs(4))
        );
        model.used_until(at(20));
        assert_eq!((model.work(at(21), work), model.cold_starts), (work, 1));
    }
}
