//! When iterations start: pure arithmetic over rates, stages and counts. No clock, no randomness but a seeded sequence.

mod arrivals;
mod closed;
mod curve;
mod executor;
mod load;
mod load_check;
mod open;
mod per_vu;
mod profile;
mod segment;
mod think;
mod warm_up;

pub use arrivals::{Arrival, Arrivals};
pub use closed::ClosedSchedule;
pub use curve::{CurvePiece, RateCurve};
pub use executor::Schedule;
pub use load::{ArrivalKind, Load, Stage};
pub use open::OpenSchedule;
pub use per_vu::PerVu;
pub use profile::Profile;
pub use segment::Segment;
pub use think::ThinkTimes;
pub use warm_up::WarmUpSpec;
