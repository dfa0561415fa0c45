//! What a page is made from.

use super::budget::PageBudget;
use crate::gate::Verdict;
use crate::gate::baseline::{Baseline, Curve, Recorded, Setting};
use crate::history::HistoryEntry;
use crate::report::view::View;
use crate::summary::{Conversations, Latencies, Summary};

/// The documents, the one view of them, and how much there is room for.
pub(crate) struct PageSource<'a> {
    pub(crate) summary: &'a Summary,
    pub(crate) verdict: &'a Verdict,
    pub(crate) view: &'a View,
    pub(crate) then: Option<Then<'a>>,
    /// The whole session that `then` stands for, where two sessions are held against each other.
    pub(crate) other: Option<&'a Summary>,
    /// The distributions of the session, where they are known.
    pub(crate) latencies: Option<&'a Latencies>,
    pub(crate) conversations: Option<&'a Conversations>,
    pub(crate) baseline: Option<&'a Baseline>,
    pub(crate) past: &'a [HistoryEntry],
    pub(crate) budget: PageBudget,
}

/// The recorded session that stands for what was normal.
#[derive(Clone, Copy)]
pub(crate) struct Then<'a> {
    pub(crate) recorded: &'a Recorded,
    /// It did the same work on the same class of machine.
    pub(crate) comparable: bool,
}

impl<'a> Then<'a> {
    /// The newest recorded session that is comparable; without one the newest of all, for seeing what differs.
    pub(crate) fn of(summary: &Summary, baseline: &'a Baseline) -> Option<Self> {
        let words = &summary.comparison.r#match;
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
pub(crate) struct Behind<'a> {
    pub(crate) curve: &'a Curve,
    /// `recorded` or `then`.
    pub(crate) word: &'static str,
    /// `the recorded session`.
    pub(crate) whose: &'static str,
}

impl PageSource<'_> {
    /// The earlier curve of a load, where it is comparable.
    pub(crate) fn behind(&self, load: &str) -> Option<Behind<'_>> {
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
