//! The file `clients.jsonl`: one line for each conversation, written beside the load.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::clock::Tick;
use crate::document::Mask;
use crate::measure::ClientSample;
use crate::metric::Catalog;
use crate::units::Duration;

/// The name of the file in a session's folder.
pub const CLIENTS: &str = "clients.jsonl";

/// One conversation. Times are in seconds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientLine {
    /// The run, from 1.
    pub run: u64,
    /// The phase, where the plan has phases.
    pub phase: Option<String>,
    /// The load.
    pub load: String,
    /// Which part of it the conversation belongs to.
    pub part: String,
    /// The step.
    pub step: String,
    /// The virtual user, from 1.
    pub client: u64,
    /// The iteration of the load, from 0.
    pub iteration: u64,
    /// The value that the load is split by; "unknown" where it is split and the conversation has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// The clip.
    pub audio_file: Option<String>,
    /// The length of the clip.
    pub audio_s: Option<f64>,
    /// How much of it was sent.
    pub sent_s: Option<f64>,
    /// How it ended.
    pub outcome: String,
    /// What went wrong.
    pub error: Option<String>,
    /// When it began, on the clock of the run that `samples.csv.gz` counts by.
    pub start_s: f64,
    /// How long it took.
    pub duration_s: f64,
    /// Name, TCP and TLS together.
    pub connect_s: Option<f64>,
    /// From there to the reply that makes it a WebSocket.
    pub handshake_s: Option<f64>,
    /// From the begin to the message that says ready.
    pub ready_s: Option<f64>,
    /// From the begin to the first message after that.
    pub first_message_s: Option<f64>,
    /// Messages that came.
    pub messages: u64,
    /// From audio sent to the message that reached its end.
    pub delay_s: Option<Spread>,
    /// From each chunk of audio sent to the first message that reached it.
    pub staleness_s: Option<Spread>,
    /// From the end of the audio to the last message.
    pub tail_s: Option<f64>,
    /// How long the plan listened on in vain, before `finish`.
    #[serde(skip_serializing_if = "is_zero")]
    pub idle_s: f64,
    /// Seconds of audio sent per second.
    pub pace: Option<f64>,
    /// Of the seconds sent, the share that results cover.
    pub coverage: Option<f64>,
    /// What the target understood.
    pub transcript: Option<String>,
    /// The word error rate of one that ended well; nothing without a reference.
    pub wer: Option<f64>,
    /// The close code.
    pub close: Option<u16>,
    /// How long there was no connection, each time that it was taken up again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps_s: Vec<f64>,
    /// The first messages.
    pub heard: Vec<HeardLine>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(seconds: &f64) -> bool {
    *seconds == 0.0
}

impl ClientLine {
    /// How long the target worked on it: without the tail behind the audio, and without what the plan listened on in vain.
    #[must_use]
    pub fn processing_s(&self) -> f64 {
        (self.duration_s - self.tail_s.unwrap_or(0.0) - self.idle_s).max(0.0)
    }
}

/// A few numbers about several values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// How many.
    pub count: u64,
    /// The least.
    pub min: f64,
    /// The mean.
    pub mean: f64,
    /// The median, nearest rank.
    pub median: f64,
    /// The 95th percentile, nearest rank.
    pub p95: f64,
    /// The largest.
    pub max: f64,
}

/// One message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HeardLine {
    /// Seconds since the begin of the conversation.
    pub at_s: f64,
    /// Its first 500 characters.
    pub text: String,
}

impl Spread {
    /// Of these values; `None` without any.
    #[must_use]
    pub fn of(mut values: Vec<f64>) -> Option<Self> {
        values.sort_by(f64::total_cmp);
        let count = values.len();
        let rank =
            |share: f64| values[((share * count as f64).ceil() as usize).clamp(1, count) - 1];
        let (min, max) = (*values.first()?, *values.last()?);
        let mean = values.iter().sum::<f64>() / count as f64;
        Some(Self {
            count: count as u64,
            min,
            mean,
            median: rank(0.5),
            p95: rank(0.95),
            max,
        })
    }
}

impl ClientLine {
    fn of(run: u64, catalog: &Catalog, client: &ClientSample) -> Self {
        let (note, load) = (&client.note, catalog.load(client.load));
        let seconds = |time: Option<Duration>| time.map(Duration::as_secs_f64);
        let all = |times: &[Duration]| {
            times
                .iter()
                .map(|time| time.as_secs_f64())
                .collect::<Vec<_>>()
        };
        let begin = note.time.0;
        let heard = note.heard.iter().map(|(at, text)| HeardLine {
            at_s: at.since(begin).as_secs_f64(),
            text: text.clone(),
        });
        Self {
            run,
            phase: load.phase.clone(),
            load: load.name.clone(),
            part: client.part.name().to_owned(),
            step: catalog.step(note.step).name.clone(),
            client: client.vu,
            iteration: client.n,
            split: client.split.clone(),
            audio_file: note.clip.clone(),
            audio_s: note.audio.map(|(all, _)| all),
            sent_s: note.audio.map(|(_, sent)| sent),
            outcome: note.outcome.name().to_owned(),
            error: note.error.clone(),
            start_s: begin.since(Tick::ZERO).as_secs_f64(),
            duration_s: note.time.1.since(begin).as_secs_f64(),
            connect_s: seconds(note.connect),
            handshake_s: seconds(note.handshake),
            ready_s: seconds(note.ready),
            first_message_s: seconds(note.first_message),
            messages: note.messages,
            delay_s: Spread::of(all(&note.delays)),
            staleness_s: Spread::of(all(&note.stale)),
            tail_s: seconds(note.tail),
            idle_s: note.idle.as_secs_f64(),
            pace: note.pace,
            coverage: note.coverage,
            transcript: note.transcript.clone(),
            wer: note.words.and_then(|words| words.rate()),
            close: note.close,
            gaps_s: all(&note.gaps),
            heard: heard.collect(),
        }
    }
}

/// Writes the file; there is none where nothing is written.
#[derive(Debug)]
pub(super) struct ClientFile {
    path: PathBuf,
    mask: Mask,
    file: Option<BufWriter<File>>,
}

impl ClientFile {
    pub(super) fn new(path: PathBuf, mask: Mask) -> Self {
        Self {
            path,
            mask,
            file: None,
        }
    }

    pub(super) fn write(
        &mut self,
        run: u64,
        catalog: &Catalog,
        client: &ClientSample,
    ) -> io::Result<()> {
        self.line(&ClientLine::of(run, catalog, client))
    }

    /// Appends a line, secrets masked.
    pub(super) fn line<T: Serialize>(&mut self, line: &T) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                let file = File::options().create(true).append(true).open(&self.path)?;
                self.file.insert(BufWriter::new(file))
            }
        };
        let line = self.mask.document(serde_json::to_value(line)?);
        serde_json::to_writer(&mut *file, &line)?;
        file.write_all(b"\n")
    }

    /// A text without secrets.
    pub(super) fn masked(&self, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        self.mask.text(text)
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), BufWriter::flush)
    }
}

/// Every conversation of a session, in the order in which they ended; none where nothing was streamed. A last line that was cut off
/// is left out.
///
/// # Errors
/// When the file cannot be read.
pub fn read_clients(folder: &Path) -> io::Result<Vec<ClientLine>> {
    let text = match std::fs::read_to_string(folder.join(CLIENTS)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    Ok(text
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_has_every_number_however_few_there_are() {
        assert_eq!(Spread::of(Vec::new()), None);
        let one = Spread::of(vec![2.0]).expect("one");
        assert_eq!(
            (one.count, one.min, one.median, one.p95, one.max),
            (1, 2.0, 2.0, 2.0, 2.0)
        );
        let twenty = Spread::of((1..=20).map(f64::from).collect()).expect("twenty");
        assert_eq!((twenty.mean, twenty.median, twenty.p95), (10.5, 10.0, 19.0));
    }
}
