//! How much load a plan begins with.

use super::toml_text::{aligned, quoted};
use crate::units::{Duration, Rate};

/// How many iterations there are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum LoadLevel {
    /// So many users, each waiting for its reply.
    Vus(u64),
    /// So many arrivals, by the clock.
    Rate(Rate),
}

/// The level, and for how long.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LoadDraft {
    pub(crate) level: LoadLevel,
    pub(crate) duration: Duration,
}

impl Default for LoadDraft {
    /// One user tells how long a request takes, and loads neither side.
    fn default() -> Self {
        Self {
            level: LoadLevel::Vus(1),
            duration: Duration::from_secs(10),
        }
    }
}

impl LoadDraft {
    /// `10 users for 10s`.
    pub(crate) fn describe(&self) -> String {
        match self.level {
            LoadLevel::Vus(1) => format!("1 user for {}", self.duration),
            LoadLevel::Vus(users) => format!("{users} users for {}", self.duration),
            LoadLevel::Rate(rate) => format!("{rate} for {}", self.duration),
        }
    }

    /// Its table in a plan.
    pub(super) fn text(&self, name: &str) -> String {
        let (about, level) = match self.level {
            LoadLevel::Vus(users) => (
                "# How much load: users, each of which waits for its reply. For arrivals by the clock: rate = \"50/s\" in place of `vus`.",
                ("vus".to_owned(), users.to_string()),
            ),
            LoadLevel::Rate(rate) => (
                "# How much load: arrivals by the clock. For users that wait for each reply: vus = 10 in place of `rate`.",
                ("rate".to_owned(), quoted(&rate.to_string())),
            ),
        };
        let duration = ("duration".to_owned(), quoted(&self.duration.to_string()));
        format!("{about}\n[load.{name}]\n{}", aligned(&[level, duration]))
    }
}
