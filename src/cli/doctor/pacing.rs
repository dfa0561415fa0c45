//! A short load on the embedded target: how exactly arrivals start, and what a request costs here.

use std::path::{Path, PathBuf};

use super::finding::Finding;
use crate::cli::failure::CommandFailure;
use crate::plan::{Options, load_text};
use crate::run::{Finished, Reference, Repetition, RunEvent, Settings};
use crate::units::{Duration, Unit, print};

/// 500 arrivals a second for three seconds.
const PLAN: &str = r#"
target = { demo = "speech" }
[[flow.look]]
http.get = "/health"
[load.look]
rate = "500/s"
duration = "3s"
warm_up = "500ms"
[threshold]
error_rate = "0%"
"#;
/// An arrival that starts later than this is late for most services.
const LATE_S: f64 = 0.001;

/// Runs the test in a folder of its own, and takes it away.
pub(crate) async fn pacing() -> Result<Vec<Finding>, CommandFailure> {
    let folder = std::env::temp_dir().join(format!("perfgate-doctor-{}", std::process::id()));
    let done = session(&folder).await;
    let _ = std::fs::remove_dir_all(&folder);
    Ok(findings(&done?))
}

async fn session(folder: &Path) -> Result<Finished, CommandFailure> {
    let options = Options {
        environment: &|_| None,
        presets: &[],
        set: &[],
        only: &[],
        seed: None,
        load: crate::plan::LoadOptions::default(),
        aim: None,
    };
    let loaded = load_text(Path::new("doctor.toml"), PLAN, &options);
    let Some(plan) = loaded.plan else {
        let found = loaded.diagnostics.render(&loaded.sources, false);
        return Err(CommandFailure::could_not_run(found));
    };
    let settings = Settings {
        results: PathBuf::from(folder),
        threads: None,
        program: std::env::current_exe().map_err(CommandFailure::could_not_run)?,
        reference: Reference::Nothing,
        history: None,
        warnings: Vec::new(),
        watcher: None,
        trust_generator: false,
    };
    let once = Repetition {
        sessions: 1,
        every: Duration::ZERO,
        confirm: false,
    };
    let done = once
        .run(
            &plan,
            &loaded.sources,
            &settings,
            &mut |_: &RunEvent<'_>| {},
            &mut |_| {},
        )
        .await
        .map_err(CommandFailure::could_not_run)?;
    done.sessions
        .into_iter()
        .next_back()
        .ok_or_else(|| CommandFailure::could_not_run("the test gave no session"))
}

fn findings(done: &Finished) -> Vec<Finding> {
    let value = |metric: &str| {
        let metric = done.summary.metrics.get(metric)?;
        metric.runs.last()?.value
    };
    let health = done.summary.runs.last().map(|run| &run.health);
    let time = |seconds: Option<f64>| {
        seconds.map_or_else(|| "–".to_owned(), |own| print(own, Unit::Seconds))
    };
    let lag = health.and_then(|health| health.lag_p99_s);
    let seen = format!("500/s: 99 % of the arrivals start within {}", time(lag));
    let pacing = if lag.is_some_and(|lag| lag <= LATE_S) {
        Finding::good("pacing", seen)
    } else {
        Finding::doubtful(
            "pacing",
            seen,
            "latencies below some milliseconds are not to be trusted here: use a quieter machine, or a core of its own (taskset)",
        )
    };
    let loopback = Finding::good(
        "loopback",
        format!(
            "a request takes {}, p99 {}",
            time(value("look.latency.p50")),
            time(value("look.latency.p99"))
        ),
    );
    let reasons: Vec<&str> = health
        .into_iter()
        .flat_map(|health| health.invalid.iter().map(String::as_str))
        .collect();
    let verdict = if reasons.is_empty() {
        Finding::good("generator", "healthy under 500/s")
    } else {
        Finding::bad(
            "generator",
            reasons.join("; "),
            "a session would end with exit code 4",
        )
    };
    vec![pacing, loopback, verdict]
}
