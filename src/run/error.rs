//! Why a session could not be run.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::document::WriteError;
use crate::endpoint::{DemoError, NotReady};
use crate::gate::ExitCode;
use crate::summary::Interruption;

/// Why a session could not be run. What was measured before is written all the same.
#[derive(Debug, Error)]
pub(crate) enum RunError {
    /// The results folder cannot be made.
    #[error("cannot make the results folder `{}`: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A document cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The embedded target could not be started.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// The target did not become ready.
    #[error(transparent)]
    NotReady(#[from] NotReady),
    /// A hook failed.
    #[error("{0}")]
    Hook(String),
    /// The target could not be asked what its services are.
    #[error("the target cannot be asked for its services: {0}")]
    Unreachable(String),
    /// The plan does not fit the target that was started.
    #[error("the plan does not fit its target: {0}")]
    Plan(String),
    /// A worker could not be started, or died.
    #[error("the load could not be carried out: {0}")]
    Workers(#[from] io::Error),
    /// A signal came before anything was sent.
    #[error("stopped before anything was sent")]
    Stopped(Interruption),
}

impl RunError {
    /// The exit code that stands for it.
    pub(crate) const fn exit_code(&self) -> ExitCode {
        match self {
            Self::Stopped(Interruption::Sigint) => ExitCode::Interrupted,
            Self::Stopped(Interruption::Sigterm) => ExitCode::Terminated,
            Self::Plan(_) => ExitCode::Usage,
            _ => ExitCode::CouldNotRun,
        }
    }
}
