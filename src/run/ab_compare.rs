//! Two targets under the same plan, run in turn: A B B A, so that what changes slowly falls on both alike.

use crate::metric::Address;
use std::collections::BTreeMap;
use std::path::PathBuf;

use super::error::RunError;
use super::execute::{Finished, Settings, prepare};
use super::session::Event;
use super::session::Session;
use super::session::Signals;
use super::store::SessionFolder;
use super::store::write_judgement;
use crate::clock::wall_now;
use crate::diag::Sources;
use crate::gate::baseline::Compared;
use crate::gate::{Verdict, judge_pairs};
use crate::plan::Plan;

/// One of the two targets: the plan that sends to it.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The files that it was read from.
    pub sources: &'a Sources,
}

/// Both targets with their evidence and the judgement.
#[derive(Debug)]
pub struct Duel {
    /// The one that is known.
    pub base: Finished,
    /// The one that is judged.
    pub head: Finished,
    /// The judgement.
    pub verdict: Verdict,
    /// The folder of both.
    pub folder: PathBuf,
    /// What could not be written, one sentence each.
    pub unwritten: Vec<String>,
}

impl Duel {
    /// Runs the plan so many times against each of the two, and judges the pairs by `compared`; without it by the tolerances
    /// of the plan. `against` says what the base is.
    ///
    /// # Errors
    /// When nothing could be sent.
    pub async fn fight(
        [base, head]: [Side<'_>; 2],
        pairs: u64,
        compared: Option<&BTreeMap<Address, Compared>>,
        against: &str,
        settings: &Settings,
        tell: &mut dyn FnMut(&Event<'_>),
    ) -> Result<Self, RunError> {
        let mut signals = Signals::listen()?;
        let begin = wall_now();
        let folder = SessionFolder::create(&settings.results, &head.plan.name, begin)?;
        let folders = [folder.side("base")?, folder.side("head")?];
        let fought = both(
            [base, head],
            pairs,
            &folders,
            settings,
            begin,
            &mut signals,
            tell,
        )
        .await;
        if fought.is_err() {
            folders
                .iter()
                .chain([&folder])
                .for_each(SessionFolder::remove_if_empty);
        }
        let (base, head) = fought?;
        let of_plan = Compared::of_plan(&head.summary);
        let verdict = judge_pairs(
            &base.summary,
            &head.summary,
            compared.unwrap_or(&of_plan),
            against,
        );
        let mut unwritten = write_judgement(&folder.path, &head.summary, &verdict, None, None);
        unwritten.extend(base.unwritten.iter().chain(&head.unwritten).cloned());
        let verdict = if unwritten.is_empty() {
            verdict
        } else {
            verdict.unwritten()
        };
        Ok(Self {
            base,
            head,
            verdict,
            folder: folder.path,
            unwritten,
        })
    }
}

async fn both(
    [base, head]: [Side<'_>; 2],
    pairs: u64,
    folders: &[SessionFolder; 2],
    settings: &Settings,
    begin: jiff::Timestamp,
    signals: &mut Signals,
    tell: &mut dyn FnMut(&Event<'_>),
) -> Result<(Finished, Finished), RunError> {
    let prepared = [
        prepare(base.plan, None, base.sources)?,
        prepare(head.plan, None, head.sources)?,
    ];
    let mut base_session = Session::new(base.plan, &prepared[0], settings, &folders[0], begin)?;
    let mut head_session = Session::new(head.plan, &prepared[1], settings, &folders[1], begin)?;
    let mut first = true;
    'pairs: for number in 1..=pairs {
        let order = if number % 2 == 1 {
            ["base", "head"]
        } else {
            ["head", "base"]
        };
        for side in order {
            let session = if side == "base" {
                &mut base_session
            } else {
                &mut head_session
            };
            if !first && !session.pause(session.rest(), signals).await {
                break 'pairs;
            }
            first = false;
            tell(&Event::SideBegins {
                side,
                number,
                of: pairs,
            });
            session.run(number, signals, tell).await?;
            if session.is_over() {
                break 'pairs;
            }
        }
    }
    Ok((base_session.finish()?, head_session.finish()?))
}
