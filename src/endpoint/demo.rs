//! Starts the embedded target as a child process, so that it cannot disturb the generator's own health.

use std::path::Path;
use std::process::Stdio;

use thiserror::Error;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use url::Url;

use crate::demo::DemoSpec;

/// The embedded target of one session. It ends when this is dropped: its standard input closes then.
#[derive(Debug)]
pub struct DemoProcess {
    /// Where it listens.
    pub url: Url,
    _stdin: Option<ChildStdin>,
    _child: Child,
}

/// Why the embedded target could not be started.
#[derive(Debug, Error)]
pub enum DemoError {
    /// The program could not be started.
    #[error("cannot start the embedded target: {0}")]
    Start(#[from] std::io::Error),
    /// It said something else than its address.
    #[error("the embedded target did not say where it listens, but `{0}`")]
    Address(String),
}

impl DemoProcess {
    /// Starts `program demo --spec JSON --until-stdin-closes` and waits for the URL that it prints first.
    ///
    /// # Errors
    /// When it cannot be started, or does not say where it listens.
    pub async fn start(program: &Path, spec: &DemoSpec) -> Result<Self, DemoError> {
        let spec = serde_json::to_string(spec).map_err(|e| DemoError::Address(e.to_string()))?;
        let mut child = Command::new(program)
            .args(["demo", "--until-stdin-closes", "--spec", &spec])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // A process group of its own: Ctrl-C at the terminal is for the generator, the target has to answer its drain.
            .process_group(0)
            .spawn()?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line).await?;
        }
        let url = line
            .trim()
            .parse()
            .map_err(|_| DemoError::Address(line.trim().to_owned()))?;
        Ok(Self {
            url,
            _stdin: child.stdin.take(),
            _child: child,
        })
    }
}
