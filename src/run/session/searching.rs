//! A search under way: each point is an ordinary phase of a plan of its own, read again with the value.

use super::bound_plan::{BoundPlan, SearchPoint};
use super::control::Control;
use super::progress::RunEvent;
use super::running_session::RunningSession;
use crate::plan::{Override, Phase, SweepPoint};
use crate::run::RunError;
use crate::stats::bisection::{Attempt, Bisection, SearchEnd, SearchStep};
use crate::summary::{PhaseDescription, SweepDescription};

impl RunningSession<'_> {
    /// A whole search. Returns why no later phase is to be run, where that is so.
    pub(super) async fn search(
        &mut self,
        (phase, point): (&Phase, &SweepPoint),
        control: &mut Control<'_>,
    ) -> Result<Option<String>, RunError> {
        let Some(mut search) = point.bisection() else {
            return Ok(None);
        };
        let before = self.bound.clone();
        let mut over = None;
        let end = loop {
            let value = match search.next() {
                SearchStep::Done(end) => break Some(end),
                SearchStep::Try(value) => value,
            };
            let at = SearchPoint {
                phase: phase.plain_name().map(str::to_owned),
                value: Override {
                    name: point.over().to_owned(),
                    value: value.to_string(),
                },
                name: match search.tried(value) {
                    0 => value.to_string(),
                    tries => format!("{value}#{}", tries + 1),
                },
            };
            let (why, attempt) = self.search_point(at, &search, control).await?;
            search.answer(value, attempt);
            over = why;
            if over.is_some() {
                break None;
            }
        };
        self.search_point = None;
        self.bound = before;
        let unwritten = self.samples.open(self.run.number, &self.running.catalog);
        self.not_written(unwritten);
        if let Some(end) = end {
            self.search_ended(phase, end);
        }
        Ok(over)
    }

    async fn search_point(
        &mut self,
        at: SearchPoint,
        search: &Bisection,
        control: &mut Control<'_>,
    ) -> Result<(Option<String>, Attempt), RunError> {
        self.search_point = Some(at.clone());
        self.rebind()?;
        let bound: BoundPlan<'_> = self.bound.clone();
        let (phase, prepared) = (&bound.plan().phases[0], &bound.prepared().phases[0]);
        let unwritten = self
            .samples
            .open(self.run.number, &bound.prepared().catalog);
        self.not_written(unwritten);
        control.tell(&RunEvent::PhaseBegins {
            phase,
            number: search.tries() + 1,
            of: search.at_most() as usize,
        });
        let over = self
            .with_hooks((phase, prepared), 0, false, control)
            .await?;
        if over.is_some() {
            return Ok((over, Attempt::Invalid));
        }
        let decision = self.decide(prepared);
        if decision.invalid {
            return Ok((None, Attempt::Invalid));
        }
        self.describe_point(phase, &at);
        self.summary.loads.extend(
            prepared
                .loads
                .iter()
                .map(crate::plan::PreparedLoad::describe),
        );
        let attempt = if decision.accepted {
            Attempt::Accepted
        } else {
            Attempt::Refused
        };
        Ok((None, attempt))
    }

    /// Adds a point that was measured to what the session says of itself.
    fn describe_point(&mut self, phase: &Phase, at: &SearchPoint) {
        let name = phase.name.clone().unwrap_or_default();
        if !self.summary.phases.iter().any(|own| own.name == name) {
            self.summary.phases.push(PhaseDescription {
                name,
                description: phase.description.clone(),
            });
        }
        if let Some(sweep) = self.sweep_of(at.phase.as_deref()) {
            if !sweep.points.contains(&at.name) {
                sweep.points.push(at.name.clone());
            }
            let order = |point: &String| sweep_order(point);
            sweep.points.sort_by(|a, b| order(a).total_cmp(&order(b)));
        }
    }

    fn sweep_of(&mut self, phase: Option<&str>) -> Option<&mut SweepDescription> {
        let mut sweeps = self.summary.sweeps.iter_mut();
        sweeps.find(|sweep| sweep.phase.as_deref() == phase)
    }

    /// Says how the search ended. Where it found no evidence the generator is to blame, and the session is none.
    fn search_ended(&mut self, phase: &Phase, end: SearchEnd) {
        if let (SearchEnd::NoEvidence, Some(health)) = (end, self.unused_health.take()) {
            self.run.health.merge(health);
        }
        if let Some(sweep) = self.sweep_of(phase.plain_name()) {
            sweep.end = Some(end.into());
        }
    }
}

/// Points by their value, the tries of one in their order.
fn sweep_order(point: &str) -> f64 {
    let (value, tries) = point.split_once('#').unwrap_or((point, "1"));
    let number = |text: &str| text.parse::<f64>().unwrap_or_default();
    number(value) + 1e-9 * number(tries)
}
