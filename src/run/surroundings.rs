//! What lies beside the summary of a session.

use std::fs;
use std::path::Path;

use crate::gate::baseline::Baseline;
use crate::report::Beside;
use crate::summary::{Latencies, Summary};

/// What was found.
#[derive(Debug, Default)]
pub struct Surroundings {
    latencies: Option<Latencies>,
}

impl Surroundings {
    /// Looks around in the folder of a session. What is not there, cannot be read or belongs to another session is left out.
    #[must_use]
    pub fn of(folder: &Path, summary: &Summary) -> Self {
        let text = fs::read_to_string(folder.join("histograms")).ok();
        let latencies = text.and_then(|text| Latencies::read(&text).ok());
        Self { latencies: latencies.filter(|own| own.session == summary.session) }
    }

    /// The same for a page, with the baseline of the verdict.
    #[must_use]
    pub const fn beside<'a>(&'a self, baseline: Option<&'a Baseline>) -> Beside<'a> {
        Beside { baseline, latencies: self.latencies.as_ref() }
    }
}
