//! The embedded target as a process of its own, which says itself what it saw.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// `perfgate demo`; it is ended when this is dropped.
pub struct DemoTarget {
    child: Child,
    pub url: String,
}

impl DemoTarget {
    /// Starts a service with keys as `--set` takes them, separated by spaces.
    pub fn start(service: &str, keys: &str) -> Self {
        Self::start_with(service, &keys.split_whitespace().collect::<Vec<_>>())
    }

    /// Starts a service with keys as `--set` takes them, whose values may have spaces in them.
    pub fn start_with(service: &str, keys: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_perfgate"));
        command.args(["demo", service, "--port", "0"]);
        command.args(keys.iter().flat_map(|key| ["--set", key]));
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn().expect("it starts");
        let mut url = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut url)
            .expect("it prints its URL");
        let url = url.trim().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "`{url}`");
        Self { child, url }
    }

    /// What it has counted and timed.
    pub fn truth(&self) -> Value {
        let mut socket =
            TcpStream::connect(self.url.trim_start_matches("http://")).expect("it listens");
        socket
            .write_all(b"GET /truth HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut reply = String::new();
        socket.read_to_string(&mut reply).unwrap();
        let (head, body) = reply.split_once("\r\n\r\n").expect("a reply");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        serde_json::from_str(body).expect("JSON")
    }
}

impl Drop for DemoTarget {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How many requests of a route `/truth` knows, with whatever reply.
pub fn seen(truth: &Value, route: &str) -> u64 {
    truth["requests"][route].as_object().map_or(0, |replies| {
        replies.values().filter_map(Value::as_u64).sum()
    })
}
