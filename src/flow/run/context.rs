//! What a step runs against.

use super::failure::{StepEnd, StepFailure};
use super::iteration::IterationState;
use super::reply::StepReply;
use crate::audio::WordErrors;
use crate::clock::Clock;
use crate::flow::program::clip::PickedClip;
use crate::flow::program::flow::Flow;
use crate::flow::program::step::{CompiledCapture, CompiledStep};
use crate::flow::stream::message::shorten_to;
use crate::measure::{ErrorRecord, Recorder, RemarkKind, TranscriptRecord};
use crate::metric::{ErrorClass, Outcome};
use crate::protocol::{Request, RequestError};

/// What went wrong is told in so many characters.
const LONGEST: usize = 1_000;

/// The connections of a user, the state of its iteration, and where it is recorded.
pub(crate) struct StepContext<'a, T> {
    pub(crate) flow: &'a Flow,
    pub(crate) clock: &'a Clock,
    pub(crate) transport: &'a mut T,
    pub(crate) state: &'a mut IterationState,
    pub(crate) recorder: &'a mut Recorder,
}

impl<T> StepContext<'_, T> {
    /// The clip that this iteration takes from a pool.
    pub(crate) fn clip(&self, pool: &str) -> Option<&PickedClip> {
        self.state.clip(self.flow, pool)
    }

    /// The request of a step, with the values of now.
    pub(crate) fn request(&self, step: &CompiledStep) -> Result<Request, RequestError> {
        step.http.request(&self.state.values, &|pool: &str| {
            self.clip(pool).map(PickedClip::attachment)
        })
    }

    /// Keeps what later steps want of the reply.
    pub(crate) fn capture(&mut self, step: &CompiledStep, reply: &StepReply<'_>) -> StepEnd {
        for (place, captured) in step.capture.iter().enumerate() {
            let CompiledCapture {
                name,
                slot,
                from,
                default,
            } = captured;
            let Some(value) = reply.captured(place).or_else(|| default.clone()) else {
                let message = format!("nothing to capture as `{name}` at {from}");
                let why = reply.why_nothing(from.needs_json());
                return Err(StepFailure::failed(ErrorClass::Check, message + &why));
            };
            self.state.values.set(*slot, value);
        }
        Ok(())
    }

    /// How far a transcript is from what the clip says; one that is missing lacks every word.
    pub(crate) fn word_errors(
        &self,
        step: &CompiledStep,
        transcript: Option<&str>,
    ) -> Option<WordErrors> {
        let name = step.reference.as_ref()?;
        let reference = self.clip(name)?.clip.text.as_ref()?;
        let how = self.flow.pools.get(name)?.comparison();
        WordErrors::compared(reference, transcript.unwrap_or_default(), how)
    }

    /// Keeps the transcript of a step that ended well, where the plan asks for it.
    pub(crate) fn keep_transcript(
        &mut self,
        step: &CompiledStep,
        text: Option<&str>,
        words: Option<WordErrors>,
    ) {
        if !self.flow.transcripts || step.transcript.is_none() {
            return;
        }
        let clip = step.reference.as_ref().and_then(|pool| self.clip(pool));
        let note = TranscriptRecord {
            step: step.id,
            clip: clip.map(|picked| picked.clip.name.clone()),
            text: text.map(|text| self.state.hide(self.flow, text)),
            words,
        };
        self.recorder.transcript(note);
    }

    /// Records why a step did not end well.
    pub(crate) fn record_failure(&mut self, place: usize, failure: StepFailure) {
        let StepFailure { outcome, message } = failure;
        let (step, Some(message)) = (self.flow.steps[place].id, message) else {
            return;
        };
        // A value of megabytes that a target gave is in the message of what cannot be done with it.
        let message = shorten_to(&self.state.hide(self.flow, &message), LONGEST);
        self.recorder.reason(&message);
        match outcome.class() {
            Some(class) => self.recorder.error(ErrorRecord {
                step: Some(step),
                class,
                message,
                at: self.clock.now(),
            }),
            None if outcome == Outcome::Rejected => {
                self.recorder.remark(RemarkKind::Rejection, step, message);
            }
            None => {}
        }
    }

    /// Records what was odd about a step.
    pub(crate) fn record_oddities(
        &mut self,
        step: &CompiledStep,
        found: impl IntoIterator<Item = String>,
    ) {
        for message in found {
            self.recorder.remark(RemarkKind::Oddity, step.id, message);
        }
    }
}
