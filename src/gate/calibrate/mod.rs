//! How much sessions of an unchanged target vary, and what that means for their tolerances.

mod advice;
mod calibration;
mod nights;
mod noise;

pub use advice::Recommendation;
pub use calibration::Calibration;
pub use nights::Nights;
pub use noise::Noise;
