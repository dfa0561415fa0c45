//! A measured value.

use crate::units::Duration;

/// A measured value in the histogram unit of its metric (nanoseconds for times).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// This much.
    Known(u64),
    /// It was given up after this much: ranked above every finished one.
    Beyond(u64),
}

impl From<Duration> for Value {
    fn from(time: Duration) -> Self {
        Self::Known(time.as_nanos())
    }
}
