//! The public name of one number.

use std::fmt;

use serde::{Deserialize, Serialize};

/// `phase/load.step.quantity.stat`, without the parts that do not apply. Baselines hold these, so they never change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Address {
    /// The phase, `None` in a plan without phases.
    pub phase: Option<String>,
    /// The load.
    pub load: String,
    /// The step, `None` for a quantity of the whole iteration.
    pub step: Option<String>,
    /// What was measured.
    pub quantity: String,
    /// The statistic, `None` for a quantity with one value a run.
    pub stat: Option<String>,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(phase) = &self.phase {
            write!(f, "{phase}/")?;
        }
        f.write_str(&self.load)?;
        if let Some(step) = &self.step {
            write!(f, ".{step}")?;
        }
        write!(f, ".{}", self.quantity)?;
        self.stat
            .as_ref()
            .map_or(Ok(()), |stat| write!(f, ".{stat}"))
    }
}
