//! Sessions of a service that does not exist: nights of a nightly job, as noisy as a usual machine makes them.
//!
//! A job takes 900 ms × exp(0.35·a) with `a` an AR(1) series (φ 0.5), and 2 % of them stall (Lomax 2.2), in some runs more
//! than in others. Every run and every session has a pace of its own, and a few are 10 to 50 % slower for no reason of the
//! service's.

use perfgate::metric::{Address, Better};
use perfgate::summary::{ComparisonPolicy, LoadDescription, Metric, MetricValue, Run, Summary};
use perfgate::units::Unit;
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

use super::session::{counts, load_run};

/// Jobs of one run.
const JOBS: usize = 360;
/// Runs of one session.
pub const RUNS: usize = 3;
/// What is said of the samples behind a percentile, so that the 99th is judged too, noisy as it is.
const SAMPLES: u64 = 1_000;

/// What ten metrics are compared, with their tolerances.
pub const COMPARED: [(&str, Unit, Better, &str); 10] = [
    ("job.latency.p50", Unit::Seconds, Better::Lower, "10%"),
    ("job.latency.p95", Unit::Seconds, Better::Lower, "15%"),
    ("job.latency.p99", Unit::Seconds, Better::Lower, "25%"),
    ("job.latency.mean", Unit::Seconds, Better::Lower, "10%"),
    ("job.throughput", Unit::PerSecond, Better::Higher, "10%"),
    ("job.error_rate", Unit::Ratio, Better::Lower, "0.5%"),
    ("job.rtfx.mean", Unit::Factor, Better::Higher, "10%"),
    ("job.poll.latency.p50", Unit::Seconds, Better::Lower, "10%"),
    ("job.poll.latency.p95", Unit::Seconds, Better::Lower, "15%"),
    ("job.poll.latency.mean", Unit::Seconds, Better::Lower, "10%"),
];

/// How noisy sessions are.
#[derive(Debug, Clone, Copy)]
pub struct Noise {
    /// Standard deviation of a run's pace, as a logarithm.
    pub run: f64,
    /// Of a session's.
    pub session: f64,
    /// How many runs, and how many sessions, are slow for no reason.
    pub outliers: f64,
    /// Runs of a session.
    pub runs: usize,
    /// A control load beside the jobs, which feels the machine of the session alone.
    pub canary: bool,
}

/// Of a usual machine.
pub const TYPICAL: Noise = Noise {
    run: 0.035,
    session: 0.02,
    outliers: 0.03,
    runs: RUNS,
    canary: false,
};

/// Of one that others share.
pub const NOISY: Noise = Noise {
    run: 0.07,
    session: 0.04,
    outliers: 0.05,
    ..TYPICAL
};

/// Makes sessions.
pub struct Service {
    dice: Pcg64Mcg,
    noise: Noise,
    made: u64,
    /// How many times slower the machine is tonight, for every session of the night.
    machine: f64,
}

impl Service {
    pub fn new(seed: u64, noise: Noise) -> Self {
        Self {
            dice: Pcg64Mcg::seed_from_u64(seed),
            noise,
            made: 0,
            machine: 1.0,
        }
    }

    /// A new night: some have a slow machine for all of their sessions.
    pub fn night(&mut self, slow: f64) {
        self.machine = if self.uniform() < slow {
            1.1 + 0.4 * self.uniform()
        } else {
            1.0
        };
    }

    /// One more session; its jobs take `pace` times as long as they should.
    pub fn session(&mut self, pace: f64) -> Summary {
        self.made += 1;
        let mut summary = Summary {
            session: format!("night-{:06}", self.made),
            started: format!("night-{:06}", self.made),
            comparison: ComparisonPolicy {
                confirm: 2,
                r#match: vec!["load_hash".to_owned()],
                ..ComparisonPolicy::default()
            },
            ..Summary::empty("simulated")
        };
        let load = |name: &str, canary: bool| LoadDescription {
            phase: None,
            name: name.to_owned(),
            executor: "constant-arrival-rate".to_owned(),
            plan: "3/s for 2m".to_owned(),
            open: true,
            users: None,
            canary,
            split: None,
        };
        summary.loads.push(load("job", false));
        if self.noise.canary {
            summary.loads.push(load("control", true));
        }
        let own = self.machine * self.pace(self.noise.session);
        for run in 0..self.noise.runs {
            let speed = own * self.pace(self.noise.run);
            let (mut metrics, failed) = self.run(speed, pace);
            if self.noise.canary {
                let took = 0.01 * own * (0.01 * self.normal()).exp();
                metrics.push(metric(
                    "control.latency.p50",
                    Unit::Seconds,
                    Better::Lower,
                    took,
                ));
            }
            let mut report = Run::empty(run as u64 + 1);
            let all = JOBS as u64;
            report.loads.push(load_run(
                "job",
                counts([all, all, 0, all - failed, failed, 0, 0, 0]),
            ));
            summary.runs.push(report);
            summary.add_metrics(run, metrics);
        }
        summary
    }

    /// The metrics of one run in the order of `COMPARED`, and how many jobs failed.
    fn run(&mut self, speed: f64, pace: f64) -> (Vec<(Address, Metric)>, u64) {
        let mut jobs = self.jobs(speed * pace);
        let mut polls: Vec<f64> = (0..JOBS)
            .map(|_| 0.02 * speed * (0.25 * self.normal()).exp())
            .collect();
        let failed = (0..JOBS).filter(|_| self.uniform() < 0.005).count();
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        let (of_jobs, of_polls) = (mean(&jobs), mean(&polls));
        jobs.sort_by(f64::total_cmp);
        polls.sort_by(f64::total_cmp);
        let rank =
            |values: &[f64], share: f64| values[(share * values.len() as f64).ceil() as usize - 1];
        let values = [
            rank(&jobs, 0.5),
            rank(&jobs, 0.95),
            rank(&jobs, 0.99),
            of_jobs,
            3.0 / of_jobs,
            failed as f64 / JOBS as f64,
            5.0 / of_jobs,
            rank(&polls, 0.5),
            rank(&polls, 0.95),
            of_polls,
        ];
        let metrics = COMPARED
            .iter()
            .zip(values)
            .map(|(&(name, unit, better, _), value)| metric(name, unit, better, value));
        (metrics.collect(), failed as u64)
    }

    /// Latencies in seconds, in the order of the jobs.
    fn jobs(&mut self, speed: f64) -> Vec<f64> {
        let stalls = 0.02 * (0.5 * self.normal()).exp();
        let mut along = self.normal();
        let mut job = |_| {
            along = 0.5 * along + 0.75f64.sqrt() * self.normal();
            let stall = if self.uniform() < stalls {
                self.uniform().powf(-1.0 / 2.2)
            } else {
                1.0
            };
            0.9 * speed * stall * (0.35 * along).exp()
        };
        (0..JOBS).map(&mut job).collect()
    }

    /// A factor around one; sometimes slow for no reason.
    fn pace(&mut self, sd: f64) -> f64 {
        let slow = if self.uniform() < self.noise.outliers {
            1.1 + 0.4 * self.uniform()
        } else {
            1.0
        };
        slow * (sd * self.normal()).exp()
    }

    /// Above 0, at most 1.
    fn uniform(&mut self) -> f64 {
        ((self.dice.next_u64() >> 11) + 1) as f64 / (1u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        let (radius, angle) = (
            (-2.0 * self.uniform().ln()).sqrt(),
            std::f64::consts::TAU * self.uniform(),
        );
        radius * angle.cos()
    }
}

fn metric(name: &str, unit: Unit, better: Better, value: f64) -> (Address, Metric) {
    let samples = if unit == Unit::Ratio {
        JOBS as u64
    } else {
        SAMPLES
    };
    let runs = vec![MetricValue {
        value: Some(value),
        samples,
        ..MetricValue::default()
    }];
    (name.into(), Metric { unit, better, runs })
}
