//! Pure mathematics of comparisons: quantiles, spread, tests and trends. The same numbers in, the same numbers out.
//!
//! A function that is given too few values, or one that is not finite, answers `None`: what cannot be known is never a number.
//! `docs/design/statistics.md` has the choices that are not the textbook's.

pub mod bisection;
pub mod chi_square;
pub mod components;
pub mod cusum;
pub mod fisher;
pub mod knee;
pub mod multiple;
pub mod order;
pub mod paired;
pub mod ranks;
pub mod scalability;
pub mod slope;
pub mod spread;
pub mod student;
pub mod trend;
pub mod warm_up;
pub mod wilson;

mod kendall;
mod theil_sen;

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod vectors;
