//! perfgate's numbers beside nginx's own log.

use serde_json::Value;

use crate::support::demo_target::DemoTarget;
use crate::support::nginx::{Logged, Nginx};
use crate::support::perfgate::{Perfgate, calmly};

const PAGES: u64 = 300;
const UPLOADS: u64 = 30;

/// Small pages, and uploads that the embedded target takes 150 ms for, side by side.
fn plan(url: &str, version: &str, authority: &str) -> String {
    format!(
        r#"
audio.speech.synthesize = {{ seconds = 3 }}

[target]
url          = "{url}"
http_version = "{version}"
tls          = {{ ca = "{authority}" }}
ready        = "/health"

[[flow.page]]
name     = "fetch"
http.get = "/page"

[[flow.slow]]
name           = "upload"
http.post      = "/slow"
http.multipart = {{ file = {{ audio = "speech" }} }}

[load.page]
vus        = 2
iterations = {PAGES}
think      = "4ms"

[load.slow]
vus        = 2
iterations = {UPLOADS}
"#
    )
}

#[track_caller]
fn value(summary: &Value, name: &str) -> Option<f64> {
    summary["metrics"][name]["runs"][0]["value"].as_f64()
}

/// The mean of a step's requests without what their connections took, and how many they were.
#[track_caller]
fn mean_of(summary: &Value, step: &str) -> (f64, u64) {
    let sum = |time: &str| {
        let of = |stat: &str| value(summary, &format!("{step}.{time}.{stat}"));
        of("mean").unwrap_or(0.0) * of("count").unwrap_or(0.0)
    };
    let count = value(summary, &format!("{step}.latency.count"))
        .unwrap_or_else(|| panic!("no count of `{step}`"));
    (
        (sum("latency") - sum("dns") - sum("connect") - sum("tls")) / count,
        count as u64,
    )
}

#[test]
#[ignore = "compares times: `just truth`"]
#[expect(
    clippy::print_stderr,
    reason = "a test that is left out has to be noticed"
)]
fn truth_of_nginx() {
    if !Nginx::is_installed() {
        eprintln!(
            "\n!!! nginx is not installed: perfgate's numbers were NOT compared with its log (apt-get install nginx)\n"
        );
        return;
    }
    for (kind, version, protocol) in [
        ("plain", "1.1", "HTTP/1.1"),
        ("tls", "1.1", "HTTP/1.1"),
        ("h2", "2", "HTTP/2.0"),
    ] {
        let scene = || {
            let target = DemoTarget::start("transcription", "slots=8 service_time=150ms");
            let nginx = Nginx::start(&format!("{}/v1/audio/transcriptions", target.url));
            let url = match kind {
                "plain" => format!("http://localhost:{}", nginx.plain),
                "tls" => format!("https://localhost:{}", nginx.tls),
                _ => format!("https://localhost:{}", nginx.h2),
            };
            let plan = plan(&url, version, &nginx.authority().display().to_string());
            let done = Perfgate::new().plan(&plan).run("run plan.toml");
            (done, nginx.log())
        };
        let (done, log) = calmly(scene);
        let summary = done.exits(0).summary();
        for (step, path, count) in [
            ("page.fetch", "/page", PAGES),
            ("slow.upload", "/slow", UPLOADS),
        ] {
            let lines: Vec<&Logged> = log.iter().filter(|line| line.path == path).collect();
            let odd = lines
                .iter()
                .find(|line| line.status != "200" || line.protocol != protocol);
            assert!(odd.is_none(), "{kind} {path}: {odd:?}");
            let (mean, measured) = mean_of(&summary, step);
            assert_eq!(
                (measured, lines.len() as u64),
                (count, count),
                "{kind} {path}"
            );
            let truth = lines.iter().map(|line| line.request_time).sum::<f64>() / count as f64;
            super::close(
                &format!("{kind} {path}"),
                mean,
                truth,
                (0.02 * truth).max(0.002),
            );
        }
        assert_eq!(log.len() as u64, PAGES + UPLOADS, "{kind}");
        assert_eq!(
            value(&summary, "page.fetch.tls.count").unwrap_or(0.0),
            if kind == "plain" { 0.0 } else { 2.0 }
        );
    }
}
