//! The load or step that a metric belongs to.

use std::fmt;

/// A load, or one of its steps: what a metric belongs to. Printed it is the first part of the address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    pub(super) phase: Option<String>,
    pub(super) load: String,
    pub(super) step: Option<String>,
}

impl Owner {
    /// A load; a plan without phases has no `phase`.
    #[must_use]
    pub fn load(phase: Option<&str>, load: &str) -> Self {
        Self {
            phase: phase.map(str::to_owned),
            load: load.to_owned(),
            step: None,
        }
    }

    /// One of its steps.
    #[must_use]
    pub fn step(&self, step: &str) -> Self {
        Self {
            step: Some(step.to_owned()),
            ..self.clone()
        }
    }

    /// The load, whichever of its steps this is.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { step: None, ..self }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(phase) = &self.phase {
            write!(f, "{phase}/")?;
        }
        f.write_str(&self.load)?;
        self.step
            .as_ref()
            .map_or(Ok(()), |step| write!(f, ".{step}"))
    }
}
