//! The file `samples.csv.gz`: every finished iteration, step and exchange, written beside the load and never in its way.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::rows::Rows;
use super::transcripts::{TRANSCRIPTS, TranscriptLine};
use crate::document::Mask;
use crate::measure::{Batch, Sample};
use crate::metric::Catalog;
use crate::summary::clients::{CLIENTS, ClientFile};

/// Batches on their way; when the writer is slower than this, samples are dropped and counted.
const QUEUE: usize = 64;
/// A gzip member of its own this often: what a killed run leaves is readable up to here.
const MEMBER: Duration = Duration::from_secs(2);

const COLUMNS: [&str; 17] = [
    "run",
    "phase",
    "load",
    "part",
    "iteration",
    "vu",
    "kind",
    "step",
    "due_ns",
    "start_ns",
    "sent_ns",
    "end_ns",
    "outcome",
    "error",
    "reason",
    "values",
    "tags",
];

/// Sees every sample on its way to the file, and why it did not end well, on the writer's thread: for who wants to watch them go by.
pub type Watcher = Arc<dyn Fn(&Catalog, &Sample, &str) + Send + Sync>;

/// The thread that writes samples.
#[derive(Debug)]
pub struct SampleWriter {
    sender: SyncSender<Batch>,
    thread: JoinHandle<io::Result<SamplesWritten>>,
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SamplesWritten {
    /// Rows, without the heading.
    pub rows: u64,
}

impl SampleWriter {
    /// Appends the samples of one run to `path`, the conversations to a file beside it; the first run writes the heading.
    ///
    /// # Errors
    /// When the file cannot be opened or there is no thread.
    pub fn start(
        path: &Path,
        run: u64,
        catalog: Arc<Catalog>,
        watcher: Option<Watcher>,
        mask: Mask,
    ) -> io::Result<Self> {
        let file = File::options().create(true).append(true).open(path)?;
        let mut files = LineFiles {
            transcripts: ClientFile::new(path.with_file_name(TRANSCRIPTS), mask.clone()),
            clients: ClientFile::new(path.with_file_name(CLIENTS), mask),
        };
        let (sender, receiver) = sync_channel(QUEUE);
        let thread = thread::Builder::new()
            .name("samples".to_owned())
            .spawn(move || {
                let written = write_all(
                    (file, &mut files),
                    run,
                    &catalog,
                    &receiver,
                    watcher.as_ref(),
                );
                // After an error the load goes on: what still comes is taken and thrown away.
                if written.is_err() {
                    receiver.iter().for_each(drop);
                }
                written
            })?;
        Ok(Self { sender, thread })
    }

    /// Where workers send their samples.
    #[must_use]
    pub const fn sender(&self) -> &SyncSender<Batch> {
        &self.sender
    }

    /// Waits until everything is on disk. Every other sender must be gone.
    ///
    /// # Errors
    /// When anything could not be written.
    pub fn finish(self) -> io::Result<SamplesWritten> {
        drop(self.sender);
        self.thread
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the thread that writes samples panicked")))
    }
}

/// The files beside it, each there only where something is written into it.
struct LineFiles {
    clients: ClientFile,
    transcripts: ClientFile,
}

impl LineFiles {
    fn flush(&mut self) -> io::Result<()> {
        self.clients.flush()?;
        self.transcripts.flush()
    }
}

fn write_all(
    (file, files): (File, &mut LineFiles),
    run: u64,
    catalog: &Catalog,
    receiver: &Receiver<Batch>,
    watcher: Option<&Watcher>,
) -> io::Result<SamplesWritten> {
    let mut members = Members::new(file);
    let mut written = SamplesWritten::default();
    let run_text = run.to_string();
    let mut rows = Rows::new(&run_text, catalog);
    if run == 1 {
        rows.csv.write_record(COLUMNS)?;
    }
    loop {
        match receiver.recv_timeout(MEMBER) {
            Ok(batch) => {
                for (sample, values) in batch.iter() {
                    let reason = files.clients.masked(batch.reason_of(sample));
                    if let Some(watcher) = watcher {
                        watcher(catalog, sample, &reason);
                    }
                    rows.write(sample, values, (&reason, batch.tags_of(sample)))?;
                    written.rows += 1;
                }
                let text = rows.take()?;
                members.write(&text)?;
                batch
                    .clients
                    .iter()
                    .try_for_each(|client| files.clients.write(run, catalog, client))?;
                for sample in &batch.transcripts {
                    let line = TranscriptLine::of(run, catalog, sample);
                    files.transcripts.line(&line)?;
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                members.next()?;
                files.flush()?;
            }
            Err(RecvTimeoutError::Disconnected) => {
                let rest = rows.take()?;
                members.write(&rest)?;
                members.close()?;
                files.flush()?;
                return Ok(written);
            }
        }
    }
}

/// One gzip member after the other in one file.
struct Members {
    file: File,
    open: Option<GzEncoder<Vec<u8>>>,
    clock: crate::clock::RealClock,
    begun: crate::clock::Tick,
}

impl Members {
    fn new(file: File) -> Self {
        Self {
            file,
            open: None,
            clock: crate::clock::RealClock::start(),
            begun: crate::clock::Tick::ZERO,
        }
    }

    fn write(&mut self, text: &[u8]) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        let member = self.open.get_or_insert_with(|| {
            self.begun = now;
            GzEncoder::new(Vec::with_capacity(1 << 16), Compression::fast())
        });
        member.write_all(text)?;
        if now.since(self.begun) >= MEMBER.into() {
            self.next()
        } else {
            self.spill()
        }
    }

    /// Hands on what the encoder has ready, so that memory stays flat whatever the rate.
    fn spill(&mut self) -> io::Result<()> {
        if let Some(member) = &mut self.open
            && member.get_ref().len() > 1 << 16
        {
            self.file.write_all(member.get_ref())?;
            member.get_mut().clear();
        }
        Ok(())
    }

    fn next(&mut self) -> io::Result<()> {
        match self.open.take() {
            Some(member) => self.file.write_all(&member.finish()?),
            None => Ok(()),
        }
    }

    fn close(mut self) -> io::Result<()> {
        self.next()?;
        self.file.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Tick;
    use crate::measure::{Measurement, SampleKind};
    use crate::metric::{LoadPart, MetricLevel, Outcome};
    use std::io::Read;

    #[test]
    fn samples_are_read_back_over_all_members() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.csv.gz");
        let mut catalog = Catalog::default();
        let load = catalog.add_load(Some("smoke"), "transcribe");
        let step = catalog.add_step(load, "submit", MetricLevel::Stream);
        let latency = catalog.find(load, Some(step), "latency").unwrap();
        let gap_id = catalog.find(load, Some(step), "gap").unwrap();
        let catalog = Arc::new(catalog);
        for run in 1..=2 {
            let writer =
                SampleWriter::start(&path, run, Arc::clone(&catalog), None, Mask::default())
                    .unwrap();
            let sample = Sample {
                load,
                part: LoadPart::Measured,
                n: 7,
                vu: 3,
                kind: SampleKind::Exchange(step),
                due: Tick::from_nanos(5),
                start: Tick::from_nanos(6),
                sent: None,
                end: Tick::from_nanos(9),
                outcome: Outcome::TimedOut,
                values_end: 3,
                tags_end: 1,
                reasons_end: 1,
            };
            let untagged = Sample {
                tags_end: 0,
                ..sample
            };
            let two = [2_000_000, 250_000_000].map(|gap| (gap_id, Measurement::Known(gap)));
            let values = [&[(latency, Measurement::Beyond(1_500_000_000))][..], &two].concat();
            let tags = vec![Arc::from(r#"{"file":"a.wav"}"#)];
            let batch = Batch {
                samples: vec![sample, untagged],
                values,
                tags,
                reasons: vec![Arc::from("no answer within 1s")],
                clients: Vec::new(),
                transcripts: Vec::new(),
            };
            writer.sender().send(batch).unwrap();
            assert_eq!(writer.finish().unwrap(), SamplesWritten { rows: 2 });
        }
        let mut text = String::new();
        flate2::read::MultiGzDecoder::new(File::open(&path).unwrap())
            .read_to_string(&mut text)
            .unwrap();
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        let all: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>().unwrap();
        assert_eq!(all.len(), 4);
        assert_eq!(
            all[2].iter().collect::<Vec<_>>(),
            [
                "2",
                "smoke",
                "transcribe",
                "measured",
                "7",
                "3",
                "step",
                "submit",
                "5",
                "6",
                "",
                "9",
                "timed_out",
                "timeout",
                "no answer within 1s",
                "{\">latency\":1.5,\"gap\":[0.002,0.25]}",
                "{\"file\":\"a.wav\"}"
            ]
        );
        assert_eq!(
            all[3].iter().skip(15).collect::<Vec<_>>(),
            ["{}", "{}"],
            "without values and tags of its own"
        );
    }
}
