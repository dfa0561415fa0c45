//! A measured value.

use crate::units::Duration;

/// A measured value in the histogram unit of its metric (nanoseconds for times).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measurement {
    /// This much.
    Known(u64),
    /// It was given up after this much: ranked above every finished one.
    Beyond(u64),
}

impl From<Duration> for Measurement {
    fn from(time: Duration) -> Self {
        Self::Known(time.as_nanos())
    }
}
