//! What the engine drives: a virtual user.

use std::future::Future;

use super::Recorder;
use crate::clock::Tick;
use crate::metric::{LoadPart, Outcome};

/// The right to run one iteration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket {
    /// The iteration's number in its load, from 0, over all workers.
    pub n: u64,
    /// The virtual user's number in its load, from 1, over all workers.
    pub vu: u64,
    /// When the iteration was due: what latency counts from. In a closed load its start.
    pub due: Tick,
    /// When it really started.
    pub start: Tick,
    /// Which part of the load it belongs to.
    pub part: LoadPart,
}

/// One virtual user: runs one iteration at a time and keeps its connections and captured values between them.
pub trait Vu {
    /// What happens once before the first iteration, outside every latency. Anything but ok is tried again before the next
    /// iteration, and an iteration of a user that is not set up fails. The future may be dropped at any wait.
    fn setup(&mut self, recorder: &mut Recorder) -> impl Future<Output = Outcome>;

    /// Runs one iteration to its end. The future may be dropped at any wait; [`Vu::interrupt`] is called then.
    fn iterate(&mut self, ticket: Ticket, recorder: &mut Recorder)
    -> impl Future<Output = Outcome>;

    /// The iteration was cut off at `at`: records the step that was under way.
    fn interrupt(&mut self, at: Tick, recorder: &mut Recorder);
}
