//! Two targets under the same plan, run in turn: A B B A, so that what changes slowly falls on both alike.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::error::RunError;
use super::prepare::prepare;
use super::session::{Control, Finished, RunEvent, RunningSession, Settings, Signals, finish};
use super::store::{SessionFolder, write_judgement};
use crate::clock::wall_now;
use crate::diag::Sources;
use crate::gate::baseline::MetricPolicy;
use crate::gate::{Verdict, judge_pairs};
use crate::metric::Address;
use crate::plan::Plan;

/// One of the two targets: the plan that sends to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AbSide<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) sources: &'a Sources,
}

/// Both targets with their evidence and the judgement.
#[derive(Debug)]
pub(crate) struct AbComparison {
    pub(crate) base: Finished,
    pub(crate) head: Finished,
    pub(crate) verdict: Verdict,
    pub(crate) folder: PathBuf,
    /// What could not be written, one sentence each.
    pub(crate) unwritten: Vec<String>,
}

/// Runs the plan so many times against each of the two, and judges the pairs by `compared`; without it by the tolerances
/// of the plan. `against` says what the base is.
pub(crate) async fn ab_compare(
    sides: [AbSide<'_>; 2],
    pairs: u64,
    compared: Option<&BTreeMap<Address, MetricPolicy>>,
    against: &str,
    settings: &Settings,
    tell: &mut dyn FnMut(&RunEvent<'_>),
) -> Result<AbComparison, RunError> {
    let signals = Signals::listen()?;
    let mut control = Control { signals, tell };
    let plan = sides[1].plan;
    let started = wall_now();
    let folder = SessionFolder::create(&settings.results, &plan.name, started)?;
    let (base, head) =
        run_in_turn(sides, pairs, (&folder, started), settings, &mut control).await?;
    let of_plan = MetricPolicy::of_plan(&head.summary);
    let verdict = judge_pairs(
        &base.summary,
        &head.summary,
        compared.unwrap_or(&of_plan),
        against,
    );
    let mut unwritten = write_judgement(&folder.path, &head.summary, &verdict, None, None);
    unwritten.extend(base.unwritten.iter().chain(&head.unwritten).cloned());
    Ok(AbComparison {
        verdict: if unwritten.is_empty() {
            verdict
        } else {
            verdict.unwritten()
        },
        base,
        head,
        folder: folder.path.clone(),
        unwritten,
    })
}

async fn run_in_turn(
    [base, head]: [AbSide<'_>; 2],
    pairs: u64,
    (folder, started): (&SessionFolder, jiff::Timestamp),
    settings: &Settings,
    control: &mut Control<'_>,
) -> Result<(Finished, Finished), RunError> {
    let folders = [folder.side("base")?, folder.side("head")?];
    let prepared = [
        prepare(base.plan, base.sources, settings).await?,
        prepare(head.plan, head.sources, settings).await?,
    ];
    let mut sessions = [
        RunningSession::new(base.plan, &prepared[0], settings, &folders[0], started)?,
        RunningSession::new(head.plan, &prepared[1], settings, &folders[1], started)?,
    ];
    let rest = head.plan.session.rest;
    'pairs: for number in 1..=pairs {
        let order = if number % 2 == 1 { [0, 1] } else { [1, 0] };
        for (turn, side) in order.into_iter().enumerate() {
            let session = &mut sessions[side];
            let first = number == 1 && turn == 0;
            if !first && !session.pause(rest, control).await {
                break 'pairs;
            }
            control.tell(&RunEvent::SideBegins {
                side: ["base", "head"][side],
                number,
                of: pairs,
            });
            session.run_phases(number, control).await?;
            if session.is_over() {
                break 'pairs;
            }
        }
    }
    let [base, head] = sessions.map(|session| finish(session.summarise(), settings));
    Ok((base, head))
}
