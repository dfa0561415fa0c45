//! Before anything is measured: the embedded target, the compiled plan, and targets that are ready.

use std::ops::Deref;

use url::Url;

use super::RunError;
use super::session::Settings;
use crate::clock::{Clock, wall_now};
use crate::diag::Sources;
use crate::endpoint::{DemoProcess, NotReady, Probed};
use crate::plan::{Phase, Plan, Prepared, PreparedPhase};

/// A compiled plan, with the embedded target that it is sent to.
pub(crate) struct Running {
    prepared: Prepared,
    /// Ends when this is dropped.
    demo: Option<DemoProcess>,
    /// Makes what must be unique differ from session to session.
    pub(super) nonce: u64,
}

impl Running {
    /// Where the embedded target listens, where there is one.
    pub(super) fn demo_url(&self) -> Option<&Url> {
        self.demo.as_ref().map(|demo| &demo.url)
    }
}

impl Deref for Running {
    type Target = Prepared;

    fn deref(&self) -> &Prepared {
        &self.prepared
    }
}

/// Starts the embedded target, where the plan has one, and compiles the plan.
pub(crate) async fn prepare(
    plan: &Plan,
    sources: &Sources,
    settings: &Settings,
) -> Result<Running, RunError> {
    let mut targets = plan.phases.iter().map(|phase| &phase.target);
    let demo = match targets.find_map(|target| target.demo.as_ref()) {
        Some(spec) => Some(DemoProcess::start(&settings.program, spec).await?),
        None => None,
    };
    let nonce = wall_now().as_nanosecond() as u64;
    let url = demo.as_ref().map(|demo| &demo.url);
    let prepared = plan
        .bind(url, nonce, sources)
        .map_err(|diagnostics| RunError::Plan(diagnostics.render(sources, false)))?;
    Ok(Running {
        prepared,
        demo,
        nonce,
    })
}

/// Waits until everything that a phase probes is ready. `tell` hears of each probe.
pub(crate) async fn wait_until_ready(
    phase: &Phase,
    prepared: &PreparedPhase,
    tell: &mut dyn FnMut(&str),
) -> Result<(), NotReady> {
    let clock = Clock::real();
    let probed = Probed {
        target: &phase.target,
        base: prepared.base.as_ref(),
        wiring: &phase.wiring,
    };
    for ready in phase.target.ready.iter().flat_map(|list| &list.0) {
        tell(&ready.path);
        ready.wait(&probed, &clock).await?;
    }
    Ok(())
}
