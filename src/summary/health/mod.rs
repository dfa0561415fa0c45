//! The generator distrusts itself: whether a run is evidence at all.

mod judge;
mod machine_shares;
mod rules;
mod run_health;

pub use judge::judge;
pub use machine_shares::{MachineCounters, MachineShares};
pub use run_health::{GeneratorEvidence, Health};
