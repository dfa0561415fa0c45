//! A browser that shows pages, where one is installed.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use serde_json::{Value, json};

const PATIENCE: Duration = Duration::from_secs(60);
const FLAGS: [&str; 10] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
];

/// A page in a browser of its own.
pub struct Chromium {
    child: Child,
    commands: ChildStdin,
    messages: Receiver<Value>,
    sent: u64,
    page: Option<String>,
    /// What the page has logged, thrown, or asked the network for.
    pub complaints: Vec<String>,
    _profile: tempfile::TempDir,
}

impl Chromium {
    /// A browser with an empty page; `None`, said aloud, where none is installed.
    #[expect(
        clippy::print_stderr,
        reason = "who reads the test's output must see that nothing was tested"
    )]
    pub fn start() -> Option<Self> {
        let installed = ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .find(|name| {
                Command::new(name)
                    .arg("--version")
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .status()
                    .is_ok()
            });
        let Some(program) = installed else {
            eprintln!(
                "SKIPPED: no Chromium is installed, so no page was looked at (apt-get install chromium)"
            );
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        // The browser takes commands from descriptor 3 and answers on 4.
        let mut child = Command::new("sh")
            .args([
                "-c",
                "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1",
                program,
            ])
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let commands = child.stdin.take().unwrap();
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        let (sender, messages) = sync_channel(1_024);
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while answers
                .read_until(0, &mut message)
                .is_ok_and(|length| length > 1)
            {
                message.pop();
                if sender
                    .send(serde_json::from_slice(&message).unwrap_or_default())
                    .is_err()
                {
                    return;
                }
                message.clear();
            }
        });
        let complaints = Vec::new();
        let mut browser = Self {
            child,
            commands,
            messages,
            sent: 0,
            page: None,
            complaints,
            _profile: profile,
        };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attached = browser.call(
            "Target.attachToTarget",
            json!({ "targetId": target["targetId"], "flatten": true }),
        );
        browser.page = attached["sessionId"].as_str().map(str::to_owned);
        for domain in [
            "Page.enable",
            "Runtime.enable",
            "Log.enable",
            "Network.enable",
        ] {
            browser.call(domain, json!({}));
        }
        Some(browser)
    }

    /// Shows a file, so many pixels wide.
    pub fn show(&mut self, file: &Path, width: u32) {
        let screen =
            json!({ "width": width, "height": 844, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.call("Emulation.setDeviceMetricsOverride", screen);
        self.call(
            "Page.navigate",
            json!({ "url": format!("file://{}", file.display()) }),
        );
        self.wait(|message| message["method"] == "Page.loadEventFired");
    }

    /// The value of an expression in the page.
    pub fn value(&mut self, expression: &str) -> Value {
        let answer = self.call(
            "Runtime.evaluate",
            json!({ "expression": expression, "returnByValue": true }),
        );
        answer["result"]["value"].clone()
    }

    /// Whether what is shown next is asked for in dark colours.
    pub fn dark(&mut self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
        self.call(
            "Emulation.setEmulatedMedia",
            json!({ "features": features }),
        );
    }

    /// What the promise of an expression in the page comes to.
    pub fn awaited(&mut self, expression: &str) -> Value {
        let wanted =
            json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", wanted);
        assert!(answer["exceptionDetails"].is_null(), "{answer}");
        answer["result"]["value"].clone()
    }

    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.sent += 1;
        let mut command = json!({ "id": self.sent, "method": method, "params": parameters });
        if let Some(page) = &self.page {
            command["sessionId"] = json!(page);
        }
        self.commands
            .write_all(format!("{command}\0").as_bytes())
            .unwrap();
        let id = self.sent;
        let answer = self.wait(|message| message["id"] == id);
        assert!(answer["error"].is_null(), "{method}: {answer}");
        answer["result"].clone()
    }

    fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.messages.recv_timeout(PATIENCE).unwrap();
            let own = &message["params"];
            match message["method"].as_str() {
                Some("Log.entryAdded") => self.complaints.push(own["entry"]["text"].to_string()),
                Some("Runtime.consoleAPICalled" | "Runtime.exceptionThrown") => {
                    self.complaints.push(own.to_string());
                }
                Some("Network.requestWillBeSent") if own["type"] != "Document" => {
                    self.complaints.push(own["request"]["url"].to_string());
                }
                _ => {}
            }
            if wanted(&message) {
                return message;
            }
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        self.page = None;
        let asked = self
            .commands
            .write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        if asked.is_err() {
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}
