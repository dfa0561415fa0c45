//! The file `transcripts.jsonl`: what the target understood of each iteration, where the plan asks for it.

use serde::Serialize;

use crate::measure::TranscriptSample;
use crate::metric::Catalog;

/// The name of the file in a session's folder.
pub const TRANSCRIPTS: &str = "transcripts.jsonl";

/// One transcript.
#[derive(Debug, Serialize)]
pub(crate) struct TranscriptLine<'a> {
    run: u64,
    phase: Option<&'a str>,
    load: &'a str,
    part: &'static str,
    step: &'a str,
    iteration: u64,
    vu: u64,
    audio_file: Option<&'a str>,
    transcript: Option<&'a str>,
    wer: Option<f64>,
}

impl<'a> TranscriptLine<'a> {
    pub(crate) fn of(run: u64, catalog: &'a Catalog, sample: &'a TranscriptSample) -> Self {
        let (load, note) = (catalog.load(sample.load), &sample.note);
        Self {
            run,
            phase: load.phase.as_deref(),
            load: &load.name,
            part: sample.part.name(),
            step: &catalog.step(note.step).name,
            iteration: sample.n,
            vu: sample.vu,
            audio_file: note.clip.as_deref(),
            transcript: note.text.as_deref(),
            wer: note.words.and_then(|words| words.rate()),
        }
    }
}
