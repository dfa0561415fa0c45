//! Every number of the summary follows from the raw samples: they are read and computed again, without any of perfgate's code.

use std::collections::BTreeMap;
use std::fs::File;

use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde_json::Value;

use crate::support::markup::table;
use crate::support::perfgate::{Done, Perfgate};

const PLAN: &str = r#"
target = { demo = { service = "transcription", service_time = "4ms", slots = 2, faults = { reset_share = "4%" } } }
audio.clip.synthesize = { seconds = 1 }

[[flow.ask]]
http.post = "/v1/audio/transcriptions"
http.multipart = { file = { audio = "clip" } }

[load.ask]
rate = "150/s"
warm_up = "200ms"
duration = "1s"
max_vus = 100

[threshold]
error_rate = "< 50%"

[session]
repeats = 2
"#;

#[derive(Deserialize)]
struct Row {
    run: usize,
    part: String,
    kind: String,
    due_ns: u64,
    start_ns: u64,
    end_ns: u64,
    outcome: String,
    error: String,
    values: String,
}

/// What a run of the load comes to by its raw samples.
#[derive(Default)]
struct Recomputed {
    outcomes: BTreeMap<String, u64>,
    classes: BTreeMap<String, u64>,
    latency: Vec<f64>,
    ends: Vec<u64>,
}

fn recompute(done: &Done) -> Vec<Recomputed> {
    let mut runs: Vec<Recomputed> = vec![Recomputed::default(), Recomputed::default()];
    let file = MultiGzDecoder::new(File::open(done.file("samples.csv.gz")).unwrap());
    for row in csv::Reader::from_reader(file).deserialize::<Row>() {
        let row = row.unwrap();
        if row.kind != "iteration" {
            continue;
        }
        let run = &mut runs[row.run - 1];
        let ok = row.outcome == "ok";
        if ok {
            // Of a load by duration all that end in the window count, whenever they began.
            run.ends.push(row.end_ns);
        }
        if row.part != "measured" {
            continue;
        }
        assert!(row.due_ns <= row.start_ns && row.start_ns <= row.end_ns);
        *run.outcomes.entry(row.outcome.clone()).or_default() += 1;
        if ok {
            let values: Value = serde_json::from_str(&row.values).unwrap();
            let latency = values["latency"].as_f64().unwrap();
            assert!(
                (latency - (row.end_ns - row.due_ns) as f64 / 1e9).abs() < 1e-9,
                "latency counts from the due time"
            );
            run.latency.push(latency);
        } else {
            *run.classes
                .entry(row.error.split(':').next().unwrap().to_owned())
                .or_default() += 1;
        }
    }
    runs.iter_mut()
        .for_each(|run| run.latency.sort_by(f64::total_cmp));
    runs
}

#[track_caller]
fn same(summary: &Value, run: usize, metric: &str, found: f64, within: f64) {
    let value = summary["metrics"][format!("ask.{metric}")]["runs"][run]["value"]
        .as_f64()
        .unwrap();
    assert!(
        (value - found).abs() <= within,
        "run {run}: {metric} is {value} in the summary, {found} by the samples"
    );
}

#[test]
fn the_summary_follows_from_the_raw_samples() {
    let done = Perfgate::new().plan(PLAN).run("run plan.toml");
    let summary = done.exits_unless_starved(0).summary();
    for (run, own) in recompute(&done).iter().enumerate() {
        let counts = done.counts_of(run, "measured");
        let of = |outcome: &str| own.outcomes.get(outcome).copied().unwrap_or(0);
        assert_eq!(
            (of("ok"), of("failed"), of("timed_out")),
            (counts.ok, counts.failed, counts.timed_out)
        );
        assert_eq!(own.outcomes.values().sum::<u64>(), counts.started);
        assert!(counts.failed > 0, "{counts:?}");
        let (n, lost) = (
            own.latency.len() as f64,
            (counts.failed + counts.timed_out) as f64,
        );
        same(
            &summary,
            run,
            "error_rate",
            lost / counts.started as f64,
            1e-12,
        );
        same(&summary, run, "latency.count", n, 0.0);
        same(
            &summary,
            run,
            "latency.mean",
            own.latency.iter().sum::<f64>() / n,
            1e-9,
        );
        same(&summary, run, "latency.min", own.latency[0], 1e-9);
        same(
            &summary,
            run,
            "latency.max",
            own.latency[own.latency.len() - 1],
            1e-9,
        );
        // Nearest rank, within the three significant digits of the histogram.
        for (stat, share) in [("p50", 0.5), ("p90", 0.9), ("p95", 0.95)] {
            let rank = own.latency[(share * n).ceil() as usize - 1];
            same(&summary, run, &format!("latency.{stat}"), rank, rank * 2e-3);
        }
        let load = &summary["runs"][run]["loads"][0];
        let zero = load["zero_s"].as_f64().unwrap();
        let [from, to] = [0, 1].map(|end| zero + load["window_s"][end].as_f64().unwrap());
        let inside = own
            .ends
            .iter()
            .filter(|end| (from..to).contains(&(**end as f64 / 1e9)))
            .count();
        same(
            &summary,
            run,
            "throughput",
            inside as f64 / (to - from),
            1.0 + 1e-9,
        );
        let errors: u64 = summary["runs"][run]["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["count"].as_u64().unwrap())
            .sum();
        assert!(
            errors >= own.classes.values().sum::<u64>(),
            "every failure is in a group"
        );
    }
    // The page counts every one of them in its bucket, over all runs.
    let page = std::fs::read_to_string(done.file("report.html")).unwrap();
    let all: Vec<f64> = recompute(&done)
        .into_iter()
        .flat_map(|own| own.latency)
        .collect();
    let within = |from: f64, to: f64| {
        all.iter()
            .filter(|value| (from..to).contains(*value))
            .count()
            .to_string()
    };
    let buckets: Vec<String> = table(&page, "Iterations by latency")
        .into_iter()
        .map(|row| row[1].clone())
        .collect();
    assert_eq!(
        buckets[..4],
        [
            within(0.0, 0.5),
            within(0.5, 1.0),
            within(1.0, 2.0),
            within(2.0, f64::INFINITY)
        ]
    );
    assert!(page.contains("Distribution of latency"));
}
