//! How much sessions of an unchanged target vary, and what that means for their tolerances.

mod advice;
mod calibration;
mod nights;
mod noise;

pub use calibration::{Calibration, Recommendation};
pub use nights::Nights;
pub use noise::Noise;
