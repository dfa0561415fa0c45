//! What perfgate itself costs: `just bench`. The target is a process of its own; numbers of one machine and one hour compare.
//! With `streams` as its argument, of live streams alone.

#![expect(clippy::print_stdout, reason = "a table for people")]
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot be made may panic"
)]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use flate2::read::MultiGzDecoder;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use serde_json::Value;

const GET: &str = r#"
[[flow.get]]
http.get = "/health"
"#;

const JOB: &str = r#"
audio.speech.synthesize = { seconds = 5.5 }

[[flow.job]]
name           = "submit"
http.post      = "/jobs/"
http.multipart = { file = { audio = "speech" } }
capture        = { job_id = "$.job_id" }

[[flow.job]]
name     = "done"
http.get = "/jobs/{{job_id}}"
poll     = { every = "20ms", running = ["processing", "enriching"] }
"#;

/// A flow that streams, to Deepgram's live API and to Riva.
const LISTEN: [(&str, &str, &str); 2] = [
    (
        "WebSocket",
        "deepgram",
        r#"
[[flow.live]]
name       = "listen"
websocket  = "/v1/listen?encoding=linear16&sample_rate=16000&channels=1&interim_results=true"
transcript = "join $.channel.alternatives[0].transcript when $.is_final is true"
[flow.live.stream]
audio  = { from = "speech", chunk = "100ms" }
covers = "$.channel.alternatives[0].words[-1].end"
finish = { json = { type = "CloseStream" } }
until  = { "$.type" = "is Metadata" }
"#,
    ),
    (
        "gRPC",
        "riva",
        r#"
[[flow.live]]
name       = "listen"
grpc       = "nvidia.riva.asr.RivaSpeechRecognition/StreamingRecognize"
transcript = "join $.results[?@.is_final].alternatives[0].transcript"
[flow.live.stream]
open.json.streaming_config = { interim_results = true, config = { encoding = "LINEAR_PCM", sample_rate_hertz = 16000 } }
audio  = { from = "speech", field = "audio_content", chunk = "100ms" }
covers = "$.results[0].audio_processed"
"#,
    ),
];

/// What `/proc/<pid>/stat` counts processor time by, on every Linux.
const TICKS_PER_SECOND: f64 = 100.0;

fn main() {
    if !std::env::args().any(|argument| argument == "streams") {
        requests();
    }
    streams();
}

fn requests() {
    println!("| what | rate | CPU | peak memory | |");
    println!("|---|---|---|---|---|");
    closed_loop();
    for rate in [500, 2_000] {
        open_loop(rate);
    }
    jobs();
}

/// A million requests of 64 users, each of them in `samples.csv.gz`.
fn closed_loop() {
    const COUNT: f64 = 1_000_000.0;
    let target = Target::start(&["transcription"]);
    let plan = format!(
        "target = \"{}\"\n{GET}\n[load.get]\nvus = 64\niterations = {COUNT}\n",
        target.url
    );
    let cost = generate(&plan);
    let rate = cost.metric("get.throughput");
    println!(
        "| GET, 64 users, 1,000,000 iterations with raw samples | {rate:.0}/s | {:.1} µs each | {:.1} MB | {} raw samples lost |",
        cost.cpu_s / COUNT * 1e6,
        cost.peak_mb,
        cost.summary["runs"][0]["samples_lost"]
    );
}

/// From the moment that a request is due to its first byte on the socket.
fn open_loop(rate: u32) {
    let target = Target::start(&["transcription"]);
    let plan = format!(
        "target = \"{}\"\n{GET}\n[load.get]\nrate = \"{rate}/s\"\nduration = \"10s\"\n",
        target.url
    );
    let cost = generate(&plan);
    let (late, slow) = lateness(&cost.session);
    let rank = |of: &[f64], share: f64| {
        of[((share * of.len() as f64).ceil() as usize).clamp(1, of.len()) - 1]
    };
    println!(
        "| GET, {rate}/s for 10 s | {:.1}/s | {:.1} µs each | {:.1} MB | sent after due: p50 {:.3} ms, p99 {:.3} ms; after its start: p50 {:.3} ms |",
        cost.metric("get.throughput"),
        cost.cpu_s / late.len() as f64 * 1e6,
        cost.peak_mb,
        rank(&late, 0.5),
        rank(&late, 0.99),
        rank(&slow, 0.5)
    );
}

/// As many jobs as 200 users get done: each takes 50 ms and is polled every 20 ms.
fn jobs() {
    let target = Target::start(&["jobs", "--set", "slots=200", "--set", "service_time=50ms"]);
    let plan = format!(
        "target = \"{}\"\n{JOB}\n[load.job]\nvus = 200\nduration = \"10s\"\n",
        target.url
    );
    let cost = generate(&plan);
    let jobs = cost.summary["runs"][0]["loads"][0]["counts"]["measured"]["ok"]
        .as_f64()
        .unwrap();
    println!(
        "| jobs with 176 KB each, 200 users | {:.0}/s | {:.3} s per 1,000 | {:.1} MB | a job took p50 {:.1} ms |",
        cost.metric("job.throughput"),
        cost.cpu_s / jobs * 1e3,
        cost.peak_mb,
        cost.metric("job.latency.p50") * 1e3
    );
}

/// So many streams of 25 seconds that begin within five: for twenty seconds there are all of them at once. The target has one processor,
/// the generator the other.
fn streams() {
    const SECONDS: f64 = 25.0;
    println!(
        "\n| streams | ended well | send lag p50, p99 | arrived late p99 | delay p50, p99 | pace | CPU a stream | CPU | the target's | peak memory |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (name, service, flow) in LISTEN {
        for count in [250.0, 500.0, 1_000.0, 2_000.0, 4_000.0] {
            let target = Target::start_on("0", &[service, "--set", "slots=100000"]);
            let url = target
                .url
                .replacen("http", if service == "riva" { "grpc" } else { "ws" }, 1);
            let load = format!(
                "[load.live]\nrate = \"{}/s\"\nduration = \"5s\"\nmax_vus = {count}\n",
                count / 5.0
            );
            let clip = format!("audio.speech.synthesize = {{ seconds = {SECONDS} }}");
            let before = target.cpu_seconds();
            let cost = generate_on(
                Some("1"),
                &format!("target.url = \"{url}\"\n{clip}\n{flow}\n{load}"),
            );
            let (target_cpu, truth) = (target.cpu_seconds() - before, target.truth());
            let ms = |metric: &str| cost.metric(&format!("live.listen.{metric}")) * 1e3;
            println!(
                "| {count} over {name} | {} | {:.2}, {:.2} ms | {:.2} ms | {:.1}, {:.1} ms | {:.3} | {:.3} % of a core | {:.1} s | {target_cpu:.1} s | {:.1} MB |",
                truth["streams"]["ended_well"],
                ms("send_lag.p50"),
                ms("send_lag.p99"),
                truth["streams"]["pacing"]["p99_s"]
                    .as_f64()
                    .unwrap_or(f64::NAN)
                    * 1e3,
                ms("delay.p50"),
                ms("delay.p99"),
                cost.metric("live.listen.pace.mean"),
                cost.cpu_s / (count * SECONDS) * 100.0,
                cost.cpu_s,
                cost.peak_mb
            );
        }
    }
}

fn program() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let program = own.ancestors().nth(2).unwrap().join("perfgate");
    assert!(
        program.exists(),
        "there is no {}: build it first",
        program.display()
    );
    program
}

/// perfgate on one processor.
fn on(processor: &str) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", processor]).arg(program());
    command
}

/// `perfgate demo`; it is ended when this is dropped.
struct Target {
    child: Child,
    url: String,
}

impl Target {
    fn start(arguments: &[&str]) -> Self {
        Self::begin(Command::new(program()), arguments)
    }

    /// On this processor.
    fn start_on(processor: &str, arguments: &[&str]) -> Self {
        Self::begin(on(processor), arguments)
    }

    fn begin(mut command: Command, arguments: &[&str]) -> Self {
        command
            .arg("demo")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut url)
            .unwrap();
        Self {
            child,
            url: url.trim().to_owned(),
        }
    }

    fn cpu_seconds(&self) -> f64 {
        cpu_seconds(&Path::new("/proc").join(self.child.id().to_string()))
    }

    /// What it has counted and timed.
    fn truth(&self) -> Value {
        let mut socket = TcpStream::connect(self.url.trim_start_matches("http://")).unwrap();
        socket
            .write_all(b"GET /truth HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut reply = String::new();
        socket.read_to_string(&mut reply).unwrap();
        serde_json::from_str(reply.split_once("\r\n\r\n").unwrap().1).unwrap()
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What one session has cost its generator, and what it says.
struct Cost {
    cpu_s: f64,
    peak_mb: f64,
    summary: Value,
    session: PathBuf,
    _folder: tempfile::TempDir,
}

impl Cost {
    fn metric(&self, address: &str) -> f64 {
        self.summary["metrics"][address]["runs"][0]["value"]
            .as_f64()
            .unwrap_or(f64::NAN)
    }
}

fn generate(plan: &str) -> Cost {
    generate_on(None, plan)
}

fn generate_on(processor: Option<&str>, plan: &str) -> Cost {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plan.toml");
    fs::write(&file, plan).unwrap();
    let mut command = processor.map_or_else(|| Command::new(program()), on);
    command
        .args(["run", "--quiet", "--progress", "none"])
        .arg(&file)
        .current_dir(folder.path());
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap();
    let pid = Pid::from_child(&child);
    let at = Path::new("/proc").join(child.id().to_string());
    let mut peak_mb = 0.0;
    // Left unreaped until its CPU time is read; its memory is gone by then, so that is looked at all the time.
    let ended = || {
        waitid(
            WaitId::Pid(pid),
            WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT,
        )
    };
    while ended().unwrap().is_none() {
        peak_mb = peak(&at).unwrap_or(peak_mb);
        sleep(Duration::from_millis(5));
    }
    let cpu_s = cpu_seconds(&at);
    let code = child.wait().unwrap().code();
    // Where streams break, their thresholds may be crossed.
    assert!(
        matches!(code, Some(0 | 4)) || processor.is_some(),
        "exit code {code:?}"
    );
    let session = folder.path().join("results/plan/latest");
    let summary = serde_json::from_slice(&fs::read(session.join("summary.json")).unwrap()).unwrap();
    Cost {
        cpu_s,
        peak_mb,
        summary,
        session,
        _folder: folder,
    }
}

/// The most memory that a process has used so far, in MB of a million bytes.
fn peak(process: &Path) -> Option<f64> {
    let status = fs::read_to_string(process.join("status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}

/// User and system time of a process.
fn cpu_seconds(process: &Path) -> f64 {
    let stat = fs::read_to_string(process.join("stat")).unwrap();
    let (_, fields) = stat.rsplit_once(") ").unwrap();
    let ticks: u64 = fields
        .split(' ')
        .skip(11)
        .take(2)
        .map(|ticks| ticks.parse::<u64>().unwrap())
        .sum();
    ticks as f64 / TICKS_PER_SECOND
}

/// `sent_ns - due_ns` and `sent_ns - start_ns` of every step, in milliseconds, each in order. What lies between due and start
/// is mostly the machine's: the time that it takes to wake a thread.
fn lateness(session: &Path) -> (Vec<f64>, Vec<f64>) {
    let file = File::open(session.join("samples.csv.gz")).unwrap();
    let mut rows = csv::Reader::from_reader(MultiGzDecoder::new(file));
    let columns = rows.headers().unwrap().clone();
    let place = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let (kind, due, start, sent) = (
        place("kind"),
        place("due_ns"),
        place("start_ns"),
        place("sent_ns"),
    );
    let (mut late, mut slow) = (Vec::new(), Vec::new());
    for row in rows
        .records()
        .map(Result::unwrap)
        .filter(|row| &row[kind] == "step" && !row[sent].is_empty())
    {
        let nanos = |column: usize| row[column].parse::<f64>().unwrap();
        late.push((nanos(sent) - nanos(due)) / 1e6);
        slow.push((nanos(sent) - nanos(start)) / 1e6);
    }
    late.sort_by(f64::total_cmp);
    slow.sort_by(f64::total_cmp);
    (late, slow)
}
