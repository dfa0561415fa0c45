//! What is lost and what is wrong, spread evenly over all streams.

use std::sync::atomic::{AtomicU64, Ordering};

use super::StreamSpec;
use crate::demo::faults::hits;
use crate::units::Ratio;

/// Counts the segments and the words of all streams, so that a share is exact however short each stream is.
#[derive(Debug)]
pub(crate) struct Odds {
    lost: Ratio,
    wrong: Ratio,
    segments: AtomicU64,
    words: AtomicU64,
}

impl Odds {
    pub(crate) fn new(spec: &StreamSpec) -> Self {
        let (lost, wrong) = (spec.lost_share, spec.wrong_words_share);
        Self {
            lost,
            wrong,
            segments: AtomicU64::new(0),
            words: AtomicU64::new(0),
        }
    }

    /// Whether the next segment is one that is never sent.
    pub(crate) fn loses_segment(&self) -> bool {
        hits(self.lost, self.segments.fetch_add(1, Ordering::Relaxed))
    }

    /// Whether the next word that is said is a wrong one.
    pub(crate) fn replaces_word(&self) -> bool {
        hits(self.wrong, self.words.fetch_add(1, Ordering::Relaxed))
    }
}
