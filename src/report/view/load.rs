//! One load and what became of it.

use super::balance::balance;
use super::counts::CountsView;
use super::load_facts::{Fact, LoadRuns};
use super::splits::SplitView;
use super::steps::StepView;
use crate::report::text::{TimesRow, clean, rows};
use crate::summary::{LoadDescription, Summary};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LoadView {
    /// It is one point of a sweep, which has a table of its own.
    pub(crate) is_point: bool,
    /// What stands above the first load of a phase.
    pub(crate) heading: Option<String>,
    pub(crate) name: String,
    /// k6's name of its executor.
    pub(crate) executor: String,
    pub(crate) plan: String,
    /// Of an open load: `3/s planned, 2.97/s started (99 %)`.
    pub(crate) arrivals: Option<String>,
    pub(crate) counts: CountsView,
    pub(crate) facts: Vec<Fact>,
    pub(crate) split_by: Option<String>,
    /// Of steps that stream, how far results are behind the audio: what they are judged by, because their latency is as long as the
    /// clip.
    pub(crate) streams: Vec<TimesRow>,
    /// Latency, of an open load service and lag too.
    pub(crate) times: Vec<TimesRow>,
    pub(crate) times_note: String,
    /// What must not be taken for latency or wall time, and stands apart.
    pub(crate) apart: Vec<Fact>,
    pub(crate) steps: Vec<StepView>,
    /// Apart by what `split_by` names.
    pub(crate) splits: Vec<SplitView>,
    /// What is to be said beside the judgement.
    pub(crate) warning: Option<String>,
    pub(crate) remarks: Vec<String>,
    /// States of a polled job that the plan does not know.
    pub(crate) states: Vec<String>,
    pub(crate) quantities: Vec<TimesRow>,
    pub(crate) plain: Vec<Fact>,
}

impl LoadView {
    pub(crate) fn of(summary: &Summary, about: &LoadDescription) -> Self {
        let is_point = about.owner().point().is_some();
        let own = |run: &'_ crate::summary::Run| run.number;
        let runs = summary
            .runs
            .iter()
            .flat_map(|run| run.loads.iter().map(move |load| (own(run), load)))
            .filter(|(_, load)| load.load == about.name && load.phase == about.phase)
            .collect();
        let source = LoadRuns {
            summary,
            about,
            runs,
        };
        let counts = CountsView::of(&source.runs);
        let timed = |quantity: &str| rows(summary, &about.owner(), quantity, quantity);
        let balance = balance(about, &source.runs);
        let shown: &[&str] = if about.open {
            &["latency", "service", "lag"]
        } else {
            &["latency"]
        };
        Self {
            is_point,
            heading: None,
            name: clean(&about.name),
            executor: clean(&about.executor),
            plan: clean(&about.plan),
            arrivals: source.arrivals(&counts),
            facts: source.facts(balance.as_ref()),
            split_by: about.split.as_ref().map(|split| clean(&split.by)),
            streams: source.streams(),
            times: shown
                .iter()
                .filter(|_| counts.started() > 0)
                .flat_map(|quantity| timed(quantity))
                .collect(),
            times_note: source.times_note(&counts),
            apart: source.apart(&counts),
            steps: StepView::all(summary, &about.owner(), &source.runs),
            splits: crate::report::view::splits::all(&source.runs),
            warning: balance.and_then(|balance| balance.warning),
            remarks: crate::report::view::remarks::all(&source.runs),
            states: source.states(),
            quantities: source.distributions(),
            plain: source.plain(),
            counts,
        }
    }
}
