//! A flow as a list of what to do, so that repeated groups within groups need no call of their own.

use crate::flow::spec::repeat::Repeat;
use crate::units::DurationRange;

/// One thing to do.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    /// Run the step of this place.
    Step(usize),
    /// Wait.
    Pause(DurationRange),
    /// What follows, up to its [`Op::Again`], several times.
    Repeat(Repeat),
    /// Back to the repetition at this place, unless it is over.
    Again(usize),
}

/// A repetition under way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LoopCounter {
    pub(crate) done: u64,
    pub(crate) of: u64,
}

/// The steps between two places of a program.
pub(crate) fn steps_of(program: &[Op]) -> impl Iterator<Item = usize> {
    program.iter().filter_map(|op| match op {
        Op::Step(place) => Some(*place),
        _ => None,
    })
}
