//! What a command prints, as much of it as is worth keeping.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::clock::RealClock;
use crate::units::Duration;

/// So many bytes of the end are kept, of each of the two.
const KEPT: usize = 64 * 1024;

/// The end of an output, and how much of it there was.
#[derive(Debug, Default)]
struct Tail {
    bytes: VecDeque<u8>,
    beyond: u64,
}

impl Tail {
    fn add(&mut self, bytes: &[u8]) {
        self.bytes.extend(bytes);
        let beyond = self.bytes.len().saturating_sub(KEPT);
        self.bytes.drain(..beyond);
        self.beyond += beyond as u64;
    }

    fn text(&self) -> String {
        let bytes: Vec<u8> = self.bytes.iter().copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Both outputs of a command, read on threads of their own so that it never waits for a reader.
pub(super) struct OutputCapture {
    all: Arc<Mutex<Tail>>,
    printed: Arc<Mutex<Tail>>,
    done: Receiver<()>,
    sender: SyncSender<()>,
    readers: usize,
}

/// What was printed until the command ended.
pub(super) struct Captured {
    /// Standard output and standard error, as they came.
    pub(super) all: String,
    /// Bytes before that.
    pub(super) beyond: u64,
    /// Standard output alone; `None` where it was longer than what is kept.
    pub(super) printed: Option<String>,
}

impl OutputCapture {
    pub(super) fn new() -> Self {
        let (sender, done) = sync_channel(2);
        Self {
            all: Arc::default(),
            printed: Arc::default(),
            done,
            sender,
            readers: 0,
        }
    }

    /// Reads a pipe to its end.
    pub(super) fn read(&mut self, mut pipe: impl Read + Send + 'static, is_output: bool) {
        let (all, printed, done) = (
            Arc::clone(&self.all),
            Arc::clone(&self.printed),
            self.sender.clone(),
        );
        let started = thread::Builder::new()
            .name("hook".to_owned())
            .spawn(move || {
                let mut buffer = [0; 8192];
                while let Ok(count @ 1..) = pipe.read(&mut buffer) {
                    let lock = |tail: &Mutex<Tail>| {
                        let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
                        tail.add(&buffer[..count]);
                    };
                    lock(&all);
                    if is_output {
                        lock(&printed);
                    }
                }
                let _ = done.send(());
            });
        self.readers += usize::from(started.is_ok());
    }

    /// What came until now. The command has ended: what it has left running may hold its pipes open, and is not waited for longer
    /// than `grace`.
    pub(super) fn end(self, grace: Duration) -> Captured {
        let clock = RealClock::start();
        let deadline = clock.now() + grace;
        for _ in 0..self.readers {
            let left = deadline.since(clock.now());
            if self.done.recv_timeout(left.into()).is_err() {
                break;
            }
        }
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        Captured {
            all: all.text(),
            beyond: all.beyond,
            printed: (printed.beyond == 0).then(|| printed.text()),
        }
    }
}
