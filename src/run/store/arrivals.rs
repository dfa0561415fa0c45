//! Latencies in the order in which iterations were due, out of the raw samples of a session.

use std::fs::File;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use crate::gate::baseline::Arrivals;
use crate::summary::{LoadDescription, Summary};

#[derive(Deserialize)]
struct SampleRow {
    run: usize,
    /// Samples of earlier releases do not say it.
    #[serde(default)]
    phase: Option<String>,
    load: String,
    part: String,
    kind: String,
    due_ns: u64,
    outcome: String,
    values: String,
}

#[derive(Deserialize)]
struct Latency {
    latency: Option<f64>,
}

/// Of each run the latencies with the moments at which their iterations were due.
type RunLatencies = Vec<Vec<(u64, f64)>>;

/// The latencies of the measured ok iterations of each load in every run. `None` where the raw samples are not there.
/// Samples of earlier releases do not name their phase: there a load name that several phases have is left out.
pub(crate) fn arrivals(folder: &Path, summary: &Summary) -> Option<Arrivals> {
    let file = File::open(folder.join("samples.csv.gz")).ok()?;
    let mut all: Vec<(&LoadDescription, RunLatencies)> = summary
        .loads
        .iter()
        .map(|load| (load, vec![Vec::new(); summary.runs.len()]))
        .collect();
    let is_only = |load: &LoadDescription| {
        let same = summary.loads.iter().filter(|other| other.name == load.name);
        same.count() == 1
    };
    let mut rows = csv::Reader::from_reader(MultiGzDecoder::new(file));
    let names_phase = rows
        .headers()
        .is_ok_and(|columns| columns.iter().any(|name| name == "phase"));
    if !names_phase {
        all.retain(|(load, _)| is_only(load));
    }
    // What a full disk cut off is not there; what is there counts.
    for row in rows.deserialize::<SampleRow>().map_while(Result::ok) {
        if row.kind != "iteration" || row.part != "measured" || row.outcome != "ok" {
            continue;
        }
        let latency = serde_json::from_str::<Latency>(&row.values)
            .ok()
            .and_then(|values| values.latency);
        let phase = row.phase.as_deref().filter(|phase| !phase.is_empty());
        let own = all.iter_mut().find(|(load, _)| {
            load.name == row.load && (!names_phase || load.phase.as_deref() == phase)
        });
        let run = own.and_then(|(_, runs)| runs.get_mut(row.run.checked_sub(1)?));
        if let (Some(run), Some(latency)) = (run, latency) {
            run.push((row.due_ns, latency));
        }
    }
    let in_order = |mut run: Vec<(u64, f64)>| {
        run.sort_by_key(|(due, _)| *due);
        run.into_iter().map(|(_, latency)| latency).collect()
    };
    Some(
        all.into_iter()
            .map(|(load, runs)| (load.address(), runs.into_iter().map(in_order).collect()))
            .collect(),
    )
}
