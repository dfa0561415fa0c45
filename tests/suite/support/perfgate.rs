//! The program itself, run as a person runs it: in a folder of its own, with an environment of its own.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread::{JoinHandle, sleep};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// What a caller's environment could change. A scene names what it wants itself.
const CLEARED: [&str; 24] = [
    "AUDIO",
    "BALANCER",
    "RIVA",
    "TARGET",
    "VOSK",
    "BASE_URL",
    "ARRIVAL_RATE",
    "DURATION",
    "PRE_ALLOCATED_VUS",
    "MAX_VUS",
    "WHISPER_MODEL",
    "POLL_INTERVAL",
    "MAX_POLLS",
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "CI",
    "GITHUB_STEP_SUMMARY",
    "GITHUB_OUTPUT",
    "GITHUB_ACTIONS",
    "http_proxy",
    "HTTP_PROXY",
    "all_proxy",
    "ALL_PROXY",
];
const STEP: Duration = Duration::from_millis(20);
/// Steps that a command may take before it is ended: a minute.
const STEPS: usize = 3_000;

/// A folder with plans in it, and the environment of the commands that are run there.
pub struct Perfgate {
    folder: Arc<TempDir>,
    environment: Vec<(String, String)>,
    judges_generator: bool,
}

impl Perfgate {
    pub fn new() -> Self {
        Self {
            folder: Arc::new(tempfile::tempdir().unwrap()),
            environment: Vec::new(),
            judges_generator: false,
        }
    }

    /// Holds a generator that was late against its sessions, as perfgate does everywhere but in tests.
    pub fn judges_generator(mut self) -> Self {
        self.judges_generator = true;
        self
    }

    /// A plan of this text, `plan.toml`.
    pub fn plan(self, text: &str) -> Self {
        self.file("plan.toml", text)
    }

    pub fn file(self, name: &str, text: &str) -> Self {
        fs::write(self.at(name), text).unwrap();
        self
    }

    /// The plans that perfgate comes with, in `plans/` as in the repository.
    pub fn shipped(self) -> Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans");
        for folder in ["", "assets", "dialects", "protos"] {
            fs::create_dir_all(self.at("plans").join(folder)).unwrap();
            let entries = fs::read_dir(from.join(folder)).unwrap().map(Result::unwrap);
            for file in entries
                .map(|entry| entry.path())
                .filter(|path| path.is_file())
            {
                fs::copy(
                    &file,
                    self.at("plans")
                        .join(folder)
                        .join(file.file_name().unwrap()),
                )
                .unwrap();
            }
        }
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// A path below the folder.
    pub fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The command with these arguments, separated by spaces, to its end.
    pub fn run(&self, arguments: &str) -> Done {
        self.start(arguments).end()
    }

    /// The command with these arguments, separated by spaces, under way.
    pub fn start(&self, arguments: &str) -> Running {
        let mut command = Command::new(env!("CARGO_BIN_EXE_perfgate"));
        command.args(arguments.split_whitespace());
        self.spawn(command)
    }

    /// A line for `sh -c`, in which `$0` is the program, to its end.
    pub fn shell(&self, line: &str) -> Done {
        let mut command = Command::new("sh");
        command.args(["-c", line, env!("CARGO_BIN_EXE_perfgate")]);
        self.spawn(command).end()
    }

    fn spawn(&self, mut command: Command) -> Running {
        for name in CLEARED {
            command.env_remove(name);
        }
        // These tests count. Whether this machine was busy is the business of those that ask for it.
        if !self.judges_generator {
            command.env("PERFGATE_TRUST_GENERATOR", "1");
        }
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.current_dir(self.folder.path());
        Running::start(command, Arc::clone(&self.folder))
    }
}

/// A command under way; it is ended when this is dropped.
pub struct Running {
    child: Child,
    stdout: Option<JoinHandle<String>>,
    stderr: Option<JoinHandle<String>>,
    folder: Arc<TempDir>,
}

impl Running {
    fn start(mut command: Command, folder: Arc<TempDir>) -> Self {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        let stdout = child.stdout.take().map(collect);
        let stderr = child.stderr.take().map(collect);
        Self {
            child,
            stdout,
            stderr,
            folder,
        }
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("it runs");
    }

    /// Waits until the command is over.
    pub fn end(mut self) -> Done {
        let status = until("the command to end", || self.child.try_wait().unwrap());
        let text = |thread: Option<JoinHandle<String>>| {
            thread.map_or(String::new(), |thread| thread.join().unwrap())
        };
        let (stdout, stderr) = (text(self.stdout.take()), text(self.stderr.take()));
        Done {
            code: status.code(),
            stdout,
            stderr,
            folder: Arc::clone(&self.folder),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn collect(mut from: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.read_to_end(&mut bytes);
        String::from_utf8(bytes).expect("it writes UTF-8")
    })
}

/// Asks again and again until there is an answer.
///
/// # Panics
/// When there is none after a minute.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    for _ in 0..STEPS {
        if let Some(answer) = ask() {
            return answer;
        }
        sleep(STEP);
    }
    panic!("waited a minute for {what}");
}

/// A command that is over.
pub struct Done {
    /// `None` where a signal killed it.
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
    folder: Arc<TempDir>,
}

impl Done {
    /// Panics with everything that was printed, unless this is the exit code.
    #[track_caller]
    pub fn exits(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "exit code\n{}", self.all());
        self
    }

    /// Like `exits`, for what is counted however late it was sent: perfgate may say instead that this machine was too busy.
    #[track_caller]
    pub fn exits_unless_starved(&self, code: i32) -> &Self {
        if self.starved() {
            self
        } else {
            self.exits(code)
        }
    }

    /// Panics with everything that was printed, unless it has this text.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        assert!(
            self.stdout.contains(text) || self.stderr.contains(text),
            "no `{text}` in\n{}",
            self.all()
        );
        self
    }

    #[track_caller]
    pub fn never_says(&self, text: &str) -> &Self {
        assert!(
            !self.stdout.contains(text) && !self.stderr.contains(text),
            "`{text}` in\n{}",
            self.all()
        );
        self
    }

    /// The last line of the results: the verdict.
    pub fn last_line(&self) -> &str {
        self.stdout.lines().last().unwrap_or_default()
    }

    pub fn all(&self) -> String {
        format!("--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr)
    }

    /// Whether nothing was stored.
    pub fn stored_nothing(&self) -> bool {
        !self.folder.path().join("results").exists()
    }

    /// A file of the newest session, of whatever plan.
    #[track_caller]
    pub fn file(&self, name: &str) -> PathBuf {
        let plans = fs::read_dir(self.folder.path().join("results"))
            .unwrap_or_else(|_| panic!("no results\n{}", self.all()));
        let mut sessions = plans.map(|plan| plan.unwrap().path().join("latest"));
        sessions
            .find(|latest| latest.exists())
            .unwrap_or_else(|| panic!("no session\n{}", self.all()))
            .join(name)
    }

    #[track_caller]
    pub fn json(&self, name: &str) -> Value {
        let path = self.file(name);
        let text = fs::read_to_string(&path)
            .unwrap_or_else(|e| panic!("{}: {e}\n{}", path.display(), self.all()));
        serde_json::from_str(&text).expect("JSON")
    }

    #[track_caller]
    pub fn summary(&self) -> Value {
        self.json("summary.json")
    }

    /// The counts of the only load in the only run, after a look at whether all of them add up.
    #[track_caller]
    pub fn counts(&self) -> Tally {
        self.counts_of(0, "measured")
    }

    #[track_caller]
    pub fn counts_of(&self, run: usize, part: &str) -> Tally {
        let summary = self.summary();
        for load in summary["runs"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|run| run["loads"].as_array().unwrap())
        {
            load["counts"]
                .as_object()
                .unwrap()
                .values()
                .for_each(|counts| Tally::of(counts).add_up());
            Tally::of(&load["requests"]).add_up();
        }
        Tally::of(&summary["runs"][run]["loads"][0]["counts"][part])
    }

    #[track_caller]
    pub fn requests(&self) -> Tally {
        Tally::of(&self.summary()["runs"][0]["loads"][0]["requests"])
    }

    /// Whether all that went wrong is that this machine was too busy to start iterations in time.
    pub fn starved(&self) -> bool {
        self.code == Some(4) && self.stdout.contains("generator NOT healthy")
    }
}

/// What became of iterations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub planned: u64,
    pub started: u64,
    pub dropped: u64,
    pub ok: u64,
    pub failed: u64,
    pub rejected: u64,
    pub timed_out: u64,
    pub interrupted: u64,
}

impl Tally {
    fn of(counts: &Value) -> Self {
        let count = |name: &str| {
            counts[name]
                .as_u64()
                .unwrap_or_else(|| panic!("no `{name}` in {counts}"))
        };
        Self {
            planned: count("planned"),
            started: count("started"),
            dropped: count("dropped"),
            ok: count("ok"),
            failed: count("failed"),
            rejected: count("rejected"),
            timed_out: count("timed_out"),
            interrupted: count("interrupted"),
        }
    }

    /// So many planned, started, and ended well.
    pub fn all_ok(count: u64) -> Self {
        Self {
            planned: count,
            started: count,
            ok: count,
            ..Self::default()
        }
    }

    /// So many planned, started, and failed.
    pub fn all_failed(count: u64) -> Self {
        Self {
            planned: count,
            started: count,
            failed: count,
            ..Self::default()
        }
    }

    #[track_caller]
    fn add_up(self) {
        let ended = self.ok + self.failed + self.rejected + self.timed_out + self.interrupted;
        assert_eq!(
            (self.planned, self.started),
            (self.started + self.dropped, ended),
            "{self:?}"
        );
    }
}

/// Runs a scene again, up to three times, while this machine is too busy for evidence.
pub fn calmly<T>(scene: impl Fn() -> (Done, T)) -> (Done, T) {
    (0..2)
        .map(|_| scene())
        .find(|(done, _)| !done.starved())
        .unwrap_or_else(&scene)
}
