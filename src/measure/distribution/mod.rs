//! Values of one metric, as they were measured and without the generator's own delays.

mod corrected;
mod value_distribution;

pub use value_distribution::{Distribution, Quantile};
