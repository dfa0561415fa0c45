//! The program as a person meets it: live runs against the embedded target. Counts, order, exit codes and texts, never speeds.

mod apart;
mod audio;
mod baselines;
mod compare;
mod diagnoses;
mod doctor;
mod faults;
mod flow_mistakes;
mod generator;
mod guide_plans;
mod help;
mod hook_scripts;
mod hooks;
mod imports;
mod init;
mod k6;
mod kinds;
mod mistakes;
mod monitors;
mod once;
mod outlook;
mod output;
mod phases;
mod reports;
mod run_url;
mod schema;
mod secrets;
mod sessions;
mod shipped_plans;
mod signals;
mod storage;
mod streams;
mod sweeps;
mod traceable;
mod trend;
mod truth;
mod typed_url;
mod words;

/// One upload an iteration against `target`, with the keys of the load given, and an error rate to be held.
fn uploads(target: &str, load: &str) -> String {
    format!(
        r#"target = {target}

[audio.clip]
synthesize = {{ seconds = 1 }}

[[flow.upload]]
http.post = "/v1/audio/transcriptions"
http.multipart = {{ file = {{ audio = "clip" }}, model = "tiny" }}

[load.upload]
{load}

[threshold]
error_rate = "< 1%"
"#
    )
}

/// One job an iteration, polled every 50 ms.
fn jobs(target: &str, load: &str) -> String {
    format!(
        r#"target = {target}

[audio.clip]
synthesize = {{ seconds = 1 }}

[[flow.work]]
name = "submit"
http.post = "/jobs/"
http.multipart = {{ file = {{ audio = "clip" }}, model = "tiny" }}
expect = {{ status = [200, 202] }}
capture = {{ job_id = "$.job_id" }}

[[flow.work]]
name = "job"
http.get = "/jobs/{{{{job_id}}}}"
poll = {{ every = "50ms", within = "5m", running = ["processing", "enriching"] }}

[load.work]
{load}

[threshold]
error_rate = "< 1%"
"#
    )
}

/// The embedded transcription service with some keys.
fn transcription(keys: &str) -> String {
    format!("{{ demo = {{ service = \"transcription\", service_time = \"5ms\", {keys} }} }}")
}
