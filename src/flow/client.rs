//! The record of one conversation.

use super::heard::{Heard, dialling};
use super::step::{Step, Transport};
use super::user::FlowUser;
use crate::clock::Tick;
use crate::measure::{ClientNote, Recorder};
use crate::metric::Outcome;
use crate::protocol::{Exchange, Timing};

/// How a conversation ended, for its record.
#[derive(Debug)]
pub(super) struct Ending<'a> {
    pub(super) at: Tick,
    pub(super) outcome: Outcome,
    pub(super) error: Option<&'a str>,
    pub(super) close: Option<u16>,
    pub(super) timing: &'a Timing,
}

impl<E: Exchange> FlowUser<E> {
    /// Notes down what a client said and heard.
    pub(super) fn note_client(
        &self,
        step: &Step,
        heard: &Heard,
        ending: &Ending<'_>,
        notes: &mut Recorder,
    ) {
        let sent = step.audio.as_ref().and_then(|pool| self.sent(pool));
        let moments = &heard.moments;
        let since = |at: Option<Tick>| at.map(|at| at.since(heard.start));
        let dialled = dialling(ending.timing);
        let transcript = step.transcript.as_ref().and_then(|_| heard.pieces.text());
        // As in the rate of the load: what was refused or cut off is no transcript of the clip.
        let ok = ending.outcome == Outcome::Ok && step.transcript.is_some();
        let words = ok
            .then(|| self.words(step, transcript.as_deref()))
            .flatten();
        let open = ending.timing.started + dialled;
        notes.client(ClientNote {
            step: step.id,
            clip: sent.map(|sent| sent.clip.name.clone()),
            audio: sent.map(|sent| (sent.clip.seconds, moments.sent())),
            time: (heard.start, ending.at),
            outcome: ending.outcome,
            error: ending.error.map(str::to_owned),
            connect: ending.timing.connect.map(|_| dialled),
            handshake: moments
                .connected
                .filter(|_| {
                    ending.timing.sent.is_some()
                        && matches!(step.transport, Transport::WebSocket(_))
                })
                .map(|at| at.since(open)),
            ready: since(moments.ready),
            first_message: since(heard.first),
            messages: heard.messages,
            delays: heard.reach.delays.clone(),
            stale: heard.reach.stale.clone(),
            tail: heard.tail(),
            pace: moments.pace(),
            coverage: heard
                .coverage()
                .filter(|_| step.transcript.is_some() || !heard.reach.delays.is_empty()),
            transcript,
            words,
            close: ending.close,
            gaps: moments.gaps.clone(),
            heard: heard.said.clone(),
        });
    }
}
