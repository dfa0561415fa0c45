//! Small sessions made by hand.

use std::collections::BTreeMap;

use perfgate::measure::Counts;
use perfgate::metric::{Address, Better};
use perfgate::summary::{
    Demand, ErrorLine, Health, LoadDescription, LoadRun, Metric, MetricValue, Run, Summary,
    ThresholdLine,
};
use perfgate::units::Unit;

/// A session of one open load of two steps, one run, everything well.
pub fn nightly() -> Summary {
    let mut summary = Summary::empty("transcription-nightly");
    summary.plan.description = "What the nightly job promises: three files a second".to_owned();
    summary.loads.push(LoadDescription {
        phase: None,
        name: "transcribe".to_owned(),
        executor: "constant-arrival-rate".to_owned(),
        plan: "3/s for 2m, at most 12 in flight".to_owned(),
        open: true,
        users: None,
        canary: false,
        split: None,
    });
    add_run(&mut summary, counts([360, 360, 0, 360, 0, 0, 0, 0]), 1.0);
    for (metric, bound) in [
        ("transcribe.latency.p95", "< 2s"),
        ("transcribe.latency.p99", "< 3s"),
        ("transcribe.job.queue.p95", "< 500ms"),
        ("transcribe.error_rate", "< 1%"),
        ("transcribe.throughput", "> 2.8/s"),
    ] {
        threshold(&mut summary, metric, bound);
    }
    summary.thresholds.push(ThresholdLine {
        file: String::new(),
        ..line("transcribe.drop_rate", "0")
    });
    summary
}

/// A run whose times are stretched by `pace`.
pub fn add_run(summary: &mut Summary, measured: Counts, pace: f64) {
    let number = summary.runs.len() as u64 + 1;
    let failed_mean_s = (measured.failed > 0).then_some(0.25);
    let warm_up = counts([30, 30, 0, 30, 0, 0, 0, 0]);
    let load = LoadRun {
        counts: BTreeMap::from([
            ("measured".to_owned(), measured),
            ("warm_up".to_owned(), warm_up),
        ]),
        steps: vec![
            ("submit".to_owned(), measured),
            ("job".to_owned(), counts([0, 0, 0, 0, 0, 0, 0, 0])),
        ],
        warm_up_mean_s: Some(1.21 * pace),
        failed_mean_s,
        ok_sum_s: 1.05 * pace * measured.ok as f64,
        ..load_run("transcribe", measured)
    };
    let mut run = Run::empty(number);
    run.wall_s = 131.4;
    run.loads.push(load);
    run.health = Health {
        lag_p99_s: Some(0.0009),
        busiest: 0.032,
        workers: 1,
        ..Health::default()
    };
    let job = counts([measured.ok, measured.ok, 0, measured.ok, 0, 0, 0, 0]);
    run.loads[0].steps[1].1 = job;
    summary.runs.push(run);
    let spread = |low: f64, high: f64| -> Vec<f64> {
        (0..measured.ok)
            .map(|n| pace * (low + (high - low) * n as f64 / measured.ok.max(2) as f64))
            .collect()
    };
    let mut metrics = Vec::new();
    for (name, low, high) in [
        ("latency", 0.4123, 1.7),
        ("service", 0.412, 1.6996),
        ("lag", 0.000_08, 0.0009),
        ("submit.latency", 0.035, 0.061),
        ("submit.first_byte", 0.031, 0.052),
        ("job.latency", 0.37, 1.64),
        ("job.total", 0.41, 1.7),
        ("job.queue", 0.05, 0.31),
        ("job.processing", 0.3, 1.2),
        ("job.slack", 0.01, 0.1),
    ] {
        metrics.extend(distribution(
            &format!("transcribe.{name}"),
            Unit::Seconds,
            &spread(low, high),
        ));
    }
    let polls: Vec<f64> = (0..measured.ok).map(|n| (2 + n % 6) as f64).collect();
    metrics.extend(distribution("transcribe.job.polls", Unit::Count, &polls));
    let rtfx: Vec<f64> = (0..measured.ok)
        .map(|n| (9.0 + n as f64 / 100.0) / pace)
        .collect();
    metrics.extend(distribution("transcribe.rtfx", Unit::Factor, &rtfx));
    let throughput = (measured.ok > 0).then_some(measured.ok as f64 / 120.0);
    for (name, unit, value) in [
        ("throughput", Unit::PerSecond, throughput),
        (
            "audio_throughput",
            Unit::Factor,
            throughput.map(|rate| rate * 5.0),
        ),
        ("error_rate", Unit::Ratio, measured.error_rate()),
        ("drop_rate", Unit::Ratio, measured.drop_rate()),
        ("ok", Unit::Count, Some(measured.ok as f64)),
    ] {
        metrics.push(one(
            &format!("transcribe.{name}"),
            unit,
            value,
            measured.started,
        ));
    }
    summary.add_metrics(usize::try_from(number).unwrap() - 1, metrics);
}

/// What became of a load of one step in a run of two minutes.
pub fn load_run(load: &str, measured: Counts) -> LoadRun {
    LoadRun {
        load: load.to_owned(),
        window_s: (10.0, 130.0),
        counts: BTreeMap::from([("measured".to_owned(), measured)]),
        requests: measured,
        answered: measured.started,
        ..LoadRun::default()
    }
}

/// planned, started, dropped, ok, failed, rejected, timed out, interrupted.
pub const fn counts(of: [u64; 8]) -> Counts {
    let [
        planned,
        started,
        dropped,
        ok,
        failed,
        rejected,
        timed_out,
        interrupted,
    ] = of;
    Counts {
        planned,
        started,
        dropped,
        ok,
        failed,
        rejected,
        timed_out,
        interrupted,
    }
}

/// Adds a threshold on the next line of the plan.
pub fn threshold(summary: &mut Summary, metric: &str, bound: &str) {
    let at = 30 + summary.thresholds.len();
    summary.thresholds.push(ThresholdLine {
        line: at,
        ..line(metric, bound)
    });
}

fn line(metric: &str, bound: &str) -> ThresholdLine {
    ThresholdLine {
        metric: metric.into(),
        bound: bound.to_owned(),
        demand: Demand::Must,
        file: "plans/nightly.toml".to_owned(),
        line: 0,
        told: None,
    }
}

/// Makes one value of a metric another one.
pub fn set(summary: &mut Summary, address: &str, run: usize, value: MetricValue) {
    summary.metrics.get_mut(address).unwrap().runs[run] = value;
}

/// An error in the step `submit`.
pub fn error(count: u64, class: &str, message: &str) -> ErrorLine {
    ErrorLine {
        phase: None,
        count,
        load: "transcribe".to_owned(),
        step: Some("submit".to_owned()),
        class: class.to_owned(),
        message: message.to_owned(),
        first_s: 72.4,
        last_s: 99.0,
    }
}

fn one(address: &str, unit: Unit, value: Option<f64>, samples: u64) -> (Address, Metric) {
    let runs = vec![MetricValue {
        value,
        samples,
        ..MetricValue::default()
    }];
    (
        address.into(),
        Metric {
            unit,
            better: Better::Lower,
            runs,
        },
    )
}

/// Every statistic of a quantity by these values.
pub fn distribution(address: &str, unit: Unit, values: &[f64]) -> Vec<(Address, Metric)> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    let mean = (n > 0).then(|| sorted.iter().sum::<f64>() / n as f64);
    let rank =
        |share: f64| (n > 0).then(|| sorted[((share * n as f64).ceil() as usize).clamp(1, n) - 1]);
    let stddev = mean.filter(|_| n > 1).map(|mean| {
        (sorted
            .iter()
            .map(|value| (value - mean).powi(2))
            .sum::<f64>()
            / (n - 1) as f64)
            .sqrt()
    });
    let stats = [
        ("min", sorted.first().copied()),
        ("mean", mean),
        ("p50", rank(0.5)),
        ("p90", rank(0.9)),
        ("p95", rank(0.95)),
        ("p99", rank(0.99)),
        ("max", sorted.last().copied()),
        ("stddev", stddev),
    ];
    let mut all: Vec<_> = stats
        .iter()
        .map(|(stat, value)| one(&format!("{address}.{stat}"), unit, *value, n as u64))
        .collect();
    all.push(one(
        &format!("{address}.count"),
        Unit::Count,
        Some(n as f64),
        n as u64,
    ));
    all
}
