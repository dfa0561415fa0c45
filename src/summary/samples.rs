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

use super::clients::{CLIENTS, ClientFile};
use crate::clock::Tick;
use crate::document::Mask;
use crate::measure::{Batch, Measurement, Sample, SampleKind};
use crate::metric::{Catalog, ErrorClass, MetricId};

/// Batches on their way; when the writer is slower than this, samples are dropped and counted.
const QUEUE: usize = 64;
/// A gzip member of its own this often: what a killed run leaves is readable up to here.
const MEMBER: Duration = Duration::from_secs(2);

const COLUMNS: [&str; 15] = [
    "run",
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
    "values",
    "tags",
];

/// Sees every sample on its way to the file, on the writer's thread: for who wants to watch them go by.
pub type Watcher = Arc<dyn Fn(&Catalog, &Sample) + Send + Sync>;

/// The thread that writes samples.
#[derive(Debug)]
pub struct SampleWriter {
    sender: SyncSender<Batch>,
    thread: JoinHandle<io::Result<Written>>,
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
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
        let mut clients = ClientFile::new(path.with_file_name(CLIENTS), mask);
        let (sender, receiver) = sync_channel(QUEUE);
        let thread = thread::Builder::new()
            .name("samples".to_owned())
            .spawn(move || {
                let written = write_all(
                    (file, &mut clients),
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
    pub fn finish(self) -> io::Result<Written> {
        drop(self.sender);
        self.thread
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the thread that writes samples panicked")))
    }
}

fn write_all(
    (file, clients): (File, &mut ClientFile),
    run: u64,
    catalog: &Catalog,
    receiver: &Receiver<Batch>,
    watcher: Option<&Watcher>,
) -> io::Result<Written> {
    let mut members = Members::new(file);
    let mut written = Written::default();
    let run_text = run.to_string();
    let mut rows = Rows::new(&run_text, catalog);
    if run == 1 {
        rows.csv.write_record(COLUMNS)?;
    }
    loop {
        match receiver.recv_timeout(MEMBER) {
            Ok(batch) => {
                for (sample, values) in batch.iter() {
                    if let Some(watcher) = watcher {
                        watcher(catalog, sample);
                    }
                    rows.write(sample, values, batch.tags_of(sample))?;
                    written.rows += 1;
                }
                let text = rows.take()?;
                members.write(&text)?;
                batch
                    .clients
                    .iter()
                    .try_for_each(|client| clients.write(run, catalog, client))?;
            }
            Err(RecvTimeoutError::Timeout) => {
                members.next()?;
                clients.flush()?;
            }
            Err(RecvTimeoutError::Disconnected) => {
                let rest = rows.take()?;
                members.write(&rest)?;
                members.close()?;
                clients.flush()?;
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

    /// Ends the current member.
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

/// Rows as text. What a row is made with is kept, so that a row allocates nothing.
struct Rows<'a> {
    run: &'a str,
    catalog: &'a Catalog,
    csv: csv::Writer<Vec<u8>>,
    field: Vec<u8>,
    name: String,
}

impl<'a> Rows<'a> {
    fn new(run: &'a str, catalog: &'a Catalog) -> Self {
        Self {
            run,
            catalog,
            csv: csv::Writer::from_writer(Vec::new()),
            field: Vec::new(),
            name: String::new(),
        }
    }

    fn write(
        &mut self,
        sample: &Sample,
        values: &[(MetricId, Measurement)],
        tags: &str,
    ) -> io::Result<()> {
        let catalog = self.catalog;
        let (kind, step) = match sample.kind {
            SampleKind::Iteration => ("iteration", ""),
            SampleKind::Exchange(step) | SampleKind::Step(step) => {
                ("step", catalog.step(step).name.as_str())
            }
            SampleKind::Request(step) => ("request", catalog.step(step).name.as_str()),
        };
        self.text(self.run)?;
        self.text(&catalog.load(sample.load).name)?;
        self.text(sample.part.name())?;
        self.number(Some(sample.n))?;
        self.number(Some(sample.vu))?;
        self.text(kind)?;
        self.text(step)?;
        self.number(Some(sample.due.as_nanos()))?;
        self.number(Some(sample.start.as_nanos()))?;
        self.number(sample.sent.map(Tick::as_nanos))?;
        self.number(Some(sample.end.as_nanos()))?;
        self.text(sample.outcome.name())?;
        self.text(sample.outcome.class().map_or("", ErrorClass::name))?;
        self.json(values)?;
        self.text(tags)?;
        self.csv.write_record(None::<&[u8]>)?;
        Ok(())
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        Ok(self.csv.write_field(text)?)
    }

    fn number(&mut self, number: Option<u64>) -> io::Result<()> {
        self.field.clear();
        if let Some(number) = number {
            write!(self.field, "{number}")?;
        }
        Ok(self.csv.write_field(&self.field)?)
    }

    /// The values of a sample in base units; one that was given up has `>` before its name, several of one name are a list.
    fn json(&mut self, values: &[(MetricId, Measurement)]) -> io::Result<()> {
        self.field.clear();
        self.field.push(b'{');
        let alike = |a: &(MetricId, Measurement), b: &(MetricId, Measurement)| {
            a.0 == b.0 && is_known(a.1) == is_known(b.1)
        };
        for (nth, group) in values.chunk_by(alike).enumerate() {
            let entry = self.catalog.entry(group[0].0);
            self.name.clear();
            self.name
                .push_str(if is_known(group[0].1) { "" } else { ">" });
            self.name.push_str(&entry.quantity);
            self.field
                .extend_from_slice(if nth == 0 { b"" } else { b"," });
            serde_json::to_writer(&mut self.field, &self.name)?;
            self.field.push(b':');
            for (nth, (_, value)) in group.iter().enumerate() {
                let (Measurement::Known(raw) | Measurement::Beyond(raw)) = value;
                let open: &[u8] = if group.len() > 1 { b"[" } else { b"" };
                self.field
                    .extend_from_slice(if nth == 0 { open } else { b"," });
                serde_json::to_writer(&mut self.field, &(*raw as f64 / entry.kind.scale()))?;
            }
            self.field
                .extend_from_slice(if group.len() > 1 { b"]" } else { b"" });
        }
        self.field.push(b'}');
        Ok(self.csv.write_field(&self.field)?)
    }

    fn take(&mut self) -> io::Result<Vec<u8>> {
        self.csv.flush()?;
        let fresh = csv::Writer::from_writer(Vec::new());
        std::mem::replace(&mut self.csv, fresh)
            .into_inner()
            .map_err(|e| io::Error::other(e.to_string()))
    }
}

const fn is_known(value: Measurement) -> bool {
    matches!(value, Measurement::Known(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::{LoadPart, MetricLevel, Outcome};
    use std::io::Read;

    #[test]
    fn samples_are_read_back_over_all_members() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.csv.gz");
        let mut catalog = Catalog::default();
        let load = catalog.add_load(None, "transcribe");
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
                clients: Vec::new(),
            };
            writer.sender().send(batch).unwrap();
            assert_eq!(writer.finish().unwrap(), Written { rows: 2 });
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
                "{\">latency\":1.5,\"gap\":[0.002,0.25]}",
                "{\"file\":\"a.wav\"}"
            ]
        );
        assert_eq!(
            all[3].iter().skip(13).collect::<Vec<_>>(),
            ["{}", "{}"],
            "without values and tags of its own"
        );
    }
}
