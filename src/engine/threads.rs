//! Workers on threads of their own, each with a runtime of its own.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::thread::{self, JoinHandle};

use tokio::sync::{mpsc, watch};

use super::{LoadShare, WorkerCommand, WorkerOutbox, WorkerReport, WorkerResult, work};
use crate::clock::{Clock, RealClock};
use crate::measure::{Batch, Vu};
use crate::metric::{Catalog, LoadId};

/// Makes virtual users, on the thread that they will live on.
pub trait VuFactory: Clone + Send + 'static {
    /// The users it makes.
    type User: Vu + 'static;

    /// User number `number` (from 1) of a load.
    fn recruit(&self, clock: &Clock, load: LoadId, number: u64) -> Self::User;
}

/// All workers of a run.
#[derive(Debug)]
pub struct Workers {
    command: watch::Sender<WorkerCommand>,
    reports: mpsc::Receiver<WorkerReport>,
    handles: Vec<JoinHandle<io::Result<WorkerResult>>>,
}

/// Raises the soft limit of open files to the hard one, as any process may: each virtual user holds a connection.
fn raise_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let raised = Rlimit {
            current: limit.maximum,
            ..limit
        };
        // Where the system refuses, the limit stays as it is and what it costs is counted.
        let _ = setrlimit(Resource::Nofile, raised);
    }
}

/// Room for reports: a minute of a dozen loads on a dozen workers.
const REPORTS: usize = 8192;

impl Workers {
    /// Starts one worker for each list of shares. They make their users and wait for [`WorkerCommand::Start`].
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start<C: VuFactory>(
        shares: Vec<Vec<LoadShare>>,
        catalog: &Arc<Catalog>,
        clock: RealClock,
        crew: &C,
        samples: Option<&SyncSender<Batch>>,
    ) -> io::Result<Self> {
        raise_open_files();
        let (command, word) = watch::channel(WorkerCommand::Prepare);
        let (sender, reports) = mpsc::channel(REPORTS);
        let mut handles = Vec::new();
        for (at, shares) in shares.into_iter().enumerate() {
            let outbox = WorkerOutbox {
                reports: sender.clone(),
                samples: samples.cloned(),
            };
            let (catalog, crew, word) = (Arc::clone(catalog), crew.clone(), word.clone());
            let body = move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?;
                let clock = Clock::Real(clock);
                let recruit = |load, number| crew.recruit(&clock, load, number);
                Ok(runtime.block_on(work(shares, &catalog, clock.clone(), recruit, word, outbox)))
            };
            handles.push(
                thread::Builder::new()
                    .name(format!("worker-{at}"))
                    .spawn(body)?,
            );
        }
        Ok(Self {
            command,
            reports,
            handles,
        })
    }

    /// Tells every worker.
    pub fn tell(&self, command: WorkerCommand) {
        self.command.send_replace(command);
    }

    /// The next report; `None` once every worker has finished.
    pub async fn report(&mut self) -> Option<WorkerReport> {
        self.reports.recv().await
    }

    /// How many workers there are.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.handles.len()
    }

    /// What the workers have. Call it after [`Workers::report`] has said `None`.
    ///
    /// # Errors
    /// When a worker could not make its runtime, or died.
    pub fn results(self) -> io::Result<Vec<WorkerResult>> {
        let died = |_| io::Error::other("a worker thread panicked; its results are lost");
        self.handles
            .into_iter()
            .map(|handle| handle.join().map_err(died)?)
            .collect()
    }
}
