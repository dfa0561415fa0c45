//! What the target understood of one iteration, where it is kept.

use crate::audio::WordErrors;
use crate::metric::{LoadId, LoadPart, StepId};

/// The transcript of one step that ended well.
#[derive(Debug, Clone)]
pub struct TranscriptRecord {
    /// The step.
    pub step: StepId,
    /// The clip that it is held against.
    pub clip: Option<String>,
    /// What the target understood; `None` where the reply has no transcript.
    pub text: Option<String>,
    /// How far that is from what was said, where somebody wrote it down.
    pub words: Option<WordErrors>,
}

/// The transcript with the iteration that it belongs to.
#[derive(Debug, Clone)]
pub struct TranscriptSample {
    /// The load.
    pub load: LoadId,
    /// The part of the load.
    pub part: LoadPart,
    /// The iteration's number, from 0.
    pub n: u64,
    /// The virtual user, from 1.
    pub vu: u64,
    /// What was understood.
    pub note: TranscriptRecord,
}
