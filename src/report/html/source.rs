//! What a page is made from.

use super::budget::Budget;
use crate::gate::Verdict;
use crate::gate::baseline::{Baseline, Curve, Recorded, Setting};
use crate::history::Line;
use crate::report::View;
use crate::summary::{Conversations, Latencies, Summary};

/// The documents, the one view of them, and how much there is room for.
pub(super) struct Source<'a> {
    pub(super) summary: &'a Summary,
    pub(super) verdict: &'a Verdict,
    pub(super) view: &'a View,
    pub(super) then: Option<Then<'a>>,
    /// The whole session that `then` stands for, where two sessions are held against each other.
    pub(super) other: Option<&'a Summary>,
    /// The distributions of the session, where they are known.
    pub(super) latencies: Option<&'a Latencies>,
    /// Its conversations.
    pub(super) conversations: Option<&'a Conversations>,
    pub(super) baseline: Option<&'a Baseline>,
    pub(super) past: &'a [Line],
    pub(super) budget: Budget,
}

/// The recorded session that stands for what was normal.
#[derive(Clone, Copy)]
pub(super) struct Then<'a> {
    pub(super) recorded: &'a Recorded,
    /// It did the same work on the same class of machine.
    pub(super) comparable: bool,
}

impl<'a> Then<'a> {
    /// The newest recorded session that is comparable; without one the newest of all, for seeing what differs.
    pub(super) fn of(summary: &Summary, baseline: &'a Baseline) -> Option<Self> {
        let words = &summary.yardstick.r#match;
        let own = Setting::of_summary(words, summary);
        let comparable = |recorded: &&Recorded| {
            recorded.set_aside.is_none()
                && own == Setting::of_recorded(words, recorded)
                && recorded.session != summary.session
        };
        let newest = baseline.sessions.iter().rev().find(comparable);
        newest
            .map(|recorded| Self {
                recorded,
                comparable: true,
            })
            .or_else(|| {
                baseline.sessions.last().map(|recorded| Self {
                    recorded,
                    comparable: false,
                })
            })
            .filter(|then| then.recorded.session != summary.session)
    }
}

/// What is drawn behind the curves of a load.
#[derive(Clone, Copy)]
pub(super) struct Behind<'a> {
    pub(super) curve: &'a Curve,
    /// `recorded` or `then`.
    pub(super) word: &'static str,
    /// `the recorded session`.
    pub(super) whose: &'static str,
}

impl Source<'_> {
    /// The earlier curve of a load, where it is comparable.
    pub(super) fn behind(&self, load: &str) -> Option<Behind<'_>> {
        let curve = self
            .then
            .filter(|then| then.comparable)?
            .recorded
            .curves
            .get(load)?;
        Some(match self.other {
            None => Behind {
                curve,
                word: "recorded",
                whose: "the recorded session",
            },
            Some(_) => Behind {
                curve,
                word: "then",
                whose: "the other session",
            },
        })
    }
}
