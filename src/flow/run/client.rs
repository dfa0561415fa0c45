//! The record of one conversation.

use super::context::StepContext;
use crate::clock::Tick;
use crate::flow::program::step::CompiledStep;
use crate::flow::stream::measured::dialling;
use crate::flow::stream::state::StreamState;
use crate::measure::ClientRecord;
use crate::metric::Outcome;
use crate::protocol::Timing;

/// How a conversation ended, for its record.
#[derive(Debug)]
pub(crate) struct ClientEnding<'a> {
    pub(crate) at: Tick,
    pub(crate) outcome: Outcome,
    pub(crate) error: Option<&'a str>,
    pub(crate) close: Option<u16>,
    pub(crate) timing: &'a Timing,
}

/// Records what a client sent and received.
pub(crate) fn record_client<T>(
    context: &mut StepContext<'_, T>,
    step: &CompiledStep,
    state: &StreamState,
    ending: &ClientEnding<'_>,
) {
    let sent = step.audio.as_ref().and_then(|pool| context.clip(pool));
    let moments = &state.moments;
    let since = |at: Option<Tick>| at.map(|at| at.since(state.start));
    let dialled = dialling(ending.timing);
    let transcript = step.transcript.as_ref().and_then(|_| state.pieces.text());
    // As in the rate of the load: what was refused or cut off is no transcript of the clip.
    let ok = ending.outcome == Outcome::Ok && step.transcript.is_some();
    let words = ok
        .then(|| context.word_errors(step, transcript.as_deref()))
        .flatten();
    let open = ending.timing.started + dialled;
    context.recorder.client(ClientRecord {
        step: step.id,
        clip: sent.map(|sent| sent.clip.name.clone()),
        audio: sent.map(|sent| (sent.clip.seconds, moments.sent())),
        time: (state.start, ending.at),
        outcome: ending.outcome,
        error: ending.error.map(str::to_owned),
        connect: ending.timing.connect.map(|_| dialled),
        handshake: moments
            .connected
            .filter(|_| ending.timing.sent.is_some() && step.binding.kind().has_handshake)
            .map(|at| at.since(open)),
        ready: since(moments.ready),
        first_message: since(state.first),
        messages: state.messages,
        delays: state.reach.delays.clone(),
        stale: state.reach.stale.clone(),
        tail: state.tail(),
        idle: state.idle(),
        pace: moments.pace(),
        coverage: state
            .coverage()
            .filter(|_| step.transcript.is_some() || !state.reach.delays.is_empty()),
        transcript,
        words,
        close: ending.close,
        gaps: moments.gaps.clone(),
        heard: state.said.clone(),
    });
}
