//! Sessions with everything that a page can draw, and baselines of them.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2DeflateSerializer};
use perfgate::gate::baseline::{Baseline, MetricPolicy, Recorded};
use perfgate::metric::Better;
use perfgate::summary::{ComparisonPolicy, Latencies, LoadRun, Machine, Series, Summary};
use perfgate::units::Unit;
use serde_json::json;

use super::played::{iterations, replay, seconds};
use super::session::{add_run, counts, nightly};

const COMPARED: [(&str, Unit, Better, &str); 6] = [
    (
        "transcribe.latency.p50",
        Unit::Seconds,
        Better::Lower,
        "10%",
    ),
    (
        "transcribe.latency.p95",
        Unit::Seconds,
        Better::Lower,
        "15%",
    ),
    (
        "transcribe.latency.p99",
        Unit::Seconds,
        Better::Lower,
        "25%",
    ),
    (
        "transcribe.job.queue.p95",
        Unit::Seconds,
        Better::Lower,
        "15%",
    ),
    (
        "transcribe.throughput",
        Unit::PerSecond,
        Better::Higher,
        "10%",
    ),
    ("transcribe.error_rate", Unit::Ratio, Better::Lower, "0.5%"),
];

/// The nightly session with its seconds, `pace` times as slow as usual.
pub fn charted(pace: f64) -> Summary {
    charted_with([360, 360, 0, 360, 0, 0, 0, 0], pace)
}

/// The same with other counts.
pub fn charted_with(measured: [u64; 8], pace: f64) -> Summary {
    let mut summary = nightly();
    summary.runs.clear();
    summary.metrics.clear();
    add_run(&mut summary, counts(measured), pace);
    summary.tool = "0.1.0".to_owned();
    summary.session = "20261122T020000Z".to_owned();
    summary.started = "2026-11-22T02:00:00Z".to_owned();
    summary.plan.file = "plans/nightly.toml".to_owned();
    summary.plan.effective = json!({ "target": { "url": "http://asr.test:8001" } });
    summary.load_hash = "5f2d8a90c1b7".to_owned();
    summary.labels.insert("model".to_owned(), "tiny".to_owned());
    summary.generator = machine("6.1.0-20");
    summary.target = Some(machine("6.1.0-20"));
    summary.comparison = ComparisonPolicy {
        file: "baselines/transcription-nightly.json".to_owned(),
        r#match: ["load_hash", "labels", "cpu", "cpus"]
            .map(str::to_owned)
            .to_vec(),
        confirm: 0,
        ..ComparisonPolicy::default()
    };
    // What the session of the terminal's tests lacks, and a recorded curve needs.
    let far = summary
        .metrics
        .iter()
        .filter(|(name, _)| name.stat() == Some("p99"))
        .map(|(name, own)| (name.with_stat("p99_9"), own.clone()));
    let far: Vec<_> = far.collect();
    summary.metrics.extend(far);
    replay(&mut summary);
    summary
}

/// So many seconds at so many iterations a second, for pages of long sessions; `lost` of them end in another way than well, a minute in.
pub fn series(seconds: u64, rate: u64, pace: f64, lost: u64) -> Series {
    let mut series = Series::default();
    for second in 0..seconds {
        let wave = 1.0 + 0.2 * (second as f64 / 9.0).sin() + 0.05 * (second as f64 / 1.7).cos();
        let bad = if (70..70 + lost).contains(&second) {
            1
        } else {
            0
        };
        let ended = if second == 0 { 0 } else { rate };
        series.second.push(second);
        series.planned.push(rate);
        series.started.push(rate);
        series.dropped.push(0);
        // Now and then one takes a second longer, and the next second ends one more.
        let shift = u64::from(second % 7 == 3);
        let catch = u64::from(second % 7 == 4 && second > 1);
        let ok = (ended + catch).saturating_sub(shift + bad);
        series.ok.push(ok);
        series.not_ok.push(bad.min(ended));
        let latency = |factor: f64| (ok > 0).then(|| (pace * wave * factor * 1e6).round() / 1e6);
        series.p50_s.push(latency(0.92));
        series.p95_s.push(latency(1.35));
        series.p99_s.push(latency(1.5));
    }
    series.second.push(seconds);
    series.planned.push(0);
    series.started.push(0);
    series.dropped.push(0);
    series.ok.push(rate);
    series.not_ok.push(0);
    series.p50_s.push(Some(0.9 * pace));
    series.p95_s.push(Some(1.2 * pace));
    series.p99_s.push(Some(1.3 * pace));
    series
}

/// The file `histograms` of a session: its iterations one by one; of one that has been given longer seconds, those.
pub fn histograms(summary: &Summary) -> String {
    let mut lines = vec![format!(
        r#"{{"schema":"perfgate.histograms/1","session":{}}}"#,
        json!(summary.session)
    )];
    for (at, run) in summary.runs.iter().enumerate() {
        let load = &run.loads[0];
        let name = json!({ "run": run.number, "load": load.load });
        let mut line = |more: serde_json::Value| {
            let mut own = name.clone();
            own.as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            lines.push(own.to_string());
        };
        let ok: Vec<(u64, f64, bool)> = if load.series == seconds(summary, at) {
            let all = iterations(summary, at)
                .into_iter()
                .filter(|one| one.kind == "ok");
            all.map(|one| (one.end_s as u64, one.latency_s(), one.measured))
                .collect()
        } else {
            of_seconds(load)
        };
        let mut measured: Histogram<u32> = Histogram::new(3).unwrap();
        measured.auto(true);
        let mut by_second: BTreeMap<u64, Histogram<u32>> = BTreeMap::new();
        for (second, seconds, counts) in ok {
            let nanos = (seconds * 1e9) as u64;
            let slot = by_second.entry(second).or_insert_with(|| {
                let mut slot = Histogram::new(2).unwrap();
                slot.auto(true);
                slot
            });
            slot.record(nanos).unwrap();
            if counts {
                measured.record(nanos).unwrap();
            }
        }
        for (second, slot) in &by_second {
            line(json!({ "second": second, "histogram": encoded(slot) }));
        }
        let lost = load
            .counts
            .get("measured")
            .map_or(0, |counts| counts.timed_out + counts.interrupted);
        line(
            json!({ "step": null, "quantity": "latency", "part": "measured", "scale": 1e9, "count": measured.len(),
            "lost": lost, "longest_lost": 0, "histogram": encoded(&measured) }),
        );
    }
    lines.join("\n")
}

/// Iterations that fit seconds which were made without any: when they ended, their latency, and whether they are measured.
fn of_seconds(load: &LoadRun) -> Vec<(u64, f64, bool)> {
    let series = &load.series;
    let mut all = Vec::new();
    for (at, second) in series.second.iter().enumerate() {
        let (Some(p50), Some(p99)) = (series.p50_s[at], series.p99_s[at]) else {
            continue;
        };
        let measured = (load.window_s.0..load.window_s.1).contains(&(*second as f64));
        let latency = |n: u64| p50 + (p99 - p50) * n as f64 / series.ok[at].max(2) as f64;
        all.extend((0..series.ok[at]).map(|n| (*second, latency(n), measured)));
    }
    all
}

/// The same as it is read; nothing for a session without runs.
pub fn latencies(summary: &Summary) -> Option<Latencies> {
    let some = summary
        .runs
        .iter()
        .flat_map(|run| &run.loads)
        .any(|load| !load.series.second.is_empty());
    some.then(|| Latencies::read(&histograms(summary)).unwrap())
}

fn encoded(histogram: &Histogram<u32>) -> String {
    let mut bytes = Vec::new();
    V2DeflateSerializer::new()
        .serialize(histogram, &mut bytes)
        .unwrap();
    STANDARD.encode(bytes)
}

/// A baseline of six nights before it.
pub fn recorded() -> Baseline {
    let mut baseline = Baseline::empty("transcription-nightly");
    for (name, unit, better, tolerance) in COMPARED {
        baseline.metrics.insert(
            name.into(),
            MetricPolicy::within(unit, better, Some(tolerance.to_owned())),
        );
    }
    for (at, pace) in [1.0, 1.02, 0.99, 1.01, 0.985, 1.0].into_iter().enumerate() {
        let mut summary = charted(pace);
        summary.session = format!("202611{:02}T020000Z", at + 2);
        summary.started = format!("2026-11-{:02}T02:00:00Z", at + 2);
        summary.generator.kernel = "6.1.0-18".to_owned();
        let recorded = Recorded::of(
            &summary,
            &baseline.metrics,
            "first nights of the new model",
            Some("2e90d14"),
        );
        baseline.sessions.push(recorded);
    }
    baseline.derive();
    baseline
}

fn machine(kernel: &str) -> Machine {
    Machine {
        cpu: "Intel(R) Xeon(R) Gold 6338".to_owned(),
        cpus: 8,
        memory_bytes: 33_500_000_000,
        os: "linux".to_owned(),
        kernel: kernel.to_owned(),
    }
}
