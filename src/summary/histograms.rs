//! The file `histograms`: every distribution and every second of a session, for merging without loss.

use std::collections::BTreeMap;
use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};
use serde::Serialize;

use super::series::{kinds, merged};
use crate::measure::LoadResult;
use crate::metric::{Catalog, LoadPart};

pub(super) const SCHEMA: &str = "perfgate.histograms/1";

/// JSON lines: a head, then one line a distribution and one a second. Histograms are HdrHistogram V2, deflated, base64.
#[derive(Debug, Default)]
pub struct HistogramFile {
    text: Vec<u8>,
}

#[derive(Serialize)]
struct HistogramsHeader {
    schema: &'static str,
    session: String,
}

#[derive(Serialize)]
struct DistributionLine {
    run: u64,
    /// Absent in a plan without phases.
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<String>,
    load: String,
    step: Option<String>,
    quantity: String,
    part: &'static str,
    /// Histogram units in one base unit.
    scale: f64,
    count: u64,
    lost: u64,
    longest_lost: u64,
    histogram: String,
}

#[derive(Serialize)]
struct SecondLine {
    run: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<String>,
    load: String,
    second: u64,
    planned: u64,
    started: u64,
    dropped: u64,
    /// ok, failed, rejected, timed out, interrupted.
    ended: [u64; 5],
    /// What went wrong, by class; absent where nothing did.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    errors: BTreeMap<&'static str, u64>,
    histogram: String,
}

impl HistogramFile {
    /// The begin of the file.
    ///
    /// # Errors
    /// None in practice: the text is kept in memory.
    pub fn new(session: &str) -> io::Result<Self> {
        let mut file = Self::default();
        file.line(&HistogramsHeader {
            schema: SCHEMA,
            session: session.to_owned(),
        })?;
        Ok(file)
    }

    /// Adds one load of one run.
    ///
    /// # Errors
    /// When a histogram cannot be serialized.
    pub fn add(&mut self, run: u64, catalog: &Catalog, result: &LoadResult) -> io::Result<()> {
        let id = result.stats.load();
        let (phase, load) = (&catalog.load(id).phase, &catalog.load(id).name);
        for (metric, entry) in catalog.entries().filter(|(_, entry)| entry.load == id) {
            let Some(distribution) = result.stats.distribution(metric) else {
                continue;
            };
            self.line(&DistributionLine {
                run,
                phase: phase.clone(),
                load: load.clone(),
                step: entry.step.map(|step| catalog.step(step).name.clone()),
                quantity: entry.quantity.clone(),
                part: LoadPart::Measured.name(),
                scale: entry.kind.scale(),
                count: distribution.count(),
                lost: distribution.lost(),
                longest_lost: distribution.longest_lost(),
                histogram: encode(distribution.histogram())?,
            })?;
        }
        for slot in merged(&result.slots) {
            self.line(&SecondLine {
                run,
                phase: phase.clone(),
                load: load.clone(),
                second: slot.second,
                planned: slot.planned,
                started: slot.started,
                dropped: slot.dropped,
                ended: slot.ended,
                errors: kinds(&slot).collect(),
                histogram: encode(&slot.latency)?,
            })?;
        }
        Ok(())
    }

    /// The whole file.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.text
    }

    fn line<T: Serialize>(&mut self, line: &T) -> io::Result<()> {
        serde_json::to_writer(&mut self.text, line)?;
        self.text.push(b'\n');
        Ok(())
    }
}

fn encode(histogram: &Histogram<u32>) -> io::Result<String> {
    let mut bytes = Vec::new();
    let failed =
        |e: hdrhistogram::serialization::V2DeflateSerializeError| io::Error::other(e.to_string());
    V2DeflateSerializer::new()
        .serialize(histogram, &mut bytes)
        .map_err(failed)?;
    Ok(STANDARD.encode(bytes))
}
