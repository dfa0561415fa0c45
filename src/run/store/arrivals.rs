//! Latencies in the order in which iterations were due, out of the raw samples of a session.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use flate2::read::MultiGzDecoder;
use serde::Deserialize;

use crate::gate::baseline::Arrivals;
use crate::summary::{LoadDescription, Summary};

#[derive(Deserialize)]
struct SampleRow {
    run: usize,
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

/// The latencies of the measured ok iterations of each load in every run. `None` where the raw samples are not there.
/// A load name that several phases have is left out: its samples cannot be told apart.
pub(crate) fn arrivals(folder: &Path, summary: &Summary) -> Option<Arrivals> {
    let file = File::open(folder.join("samples.csv.gz")).ok()?;
    let mut all: BTreeMap<String, Vec<Vec<(u64, f64)>>> = BTreeMap::new();
    for load in &summary.loads {
        if summary
            .loads
            .iter()
            .filter(|other| other.name == load.name)
            .count()
            == 1
        {
            all.insert(load.name.clone(), vec![Vec::new(); summary.runs.len()]);
        }
    }
    let mut rows = csv::Reader::from_reader(MultiGzDecoder::new(file));
    // What a full disk cut off is not there; what is there counts.
    for row in rows.deserialize::<SampleRow>().map_while(Result::ok) {
        if row.kind != "iteration" || row.part != "measured" || row.outcome != "ok" {
            continue;
        }
        let latency = serde_json::from_str::<Latency>(&row.values)
            .ok()
            .and_then(|values| values.latency);
        let run = all
            .get_mut(&row.load)
            .and_then(|runs| runs.get_mut(row.run.checked_sub(1)?));
        if let (Some(run), Some(latency)) = (run, latency) {
            run.push((row.due_ns, latency));
        }
    }
    let in_order = |mut run: Vec<(u64, f64)>| {
        run.sort_by_key(|(due, _)| *due);
        run.into_iter().map(|(_, latency)| latency).collect()
    };
    let address = |name: &str| {
        summary
            .loads
            .iter()
            .find(|load| load.name == name)
            .map(LoadDescription::address)
    };
    Some(
        all.into_iter()
            .filter_map(|(name, runs)| {
                Some((address(&name)?, runs.into_iter().map(in_order).collect()))
            })
            .collect(),
    )
}
