//! The baseline that sessions are judged against, read from its file.

use std::path::{Path, PathBuf};

use serde_json::Value;
use thiserror::Error;

use crate::document::{ReadError, read, read_text};
use crate::gate::Against;
use crate::gate::baseline::{self, Baseline};
use crate::import::{K6_PLAN, baseline_of_bounds, is_fixed_bounds};
use crate::summary::{ComparisonPolicy, Summary};

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Reference {
    /// Thresholds alone.
    Nothing,
    /// A file that is not there.
    Absent(String),
    /// A baseline, and the file that holds it.
    Baseline(String, Box<Baseline>),
    /// A file with fixed bounds of another form, which are matched with what was measured.
    Guide(String, Value),
}

#[derive(Debug, Error)]
pub(crate) enum ReferenceError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It says what cannot be.
    #[error("`{}` cannot be used: {}", path.display(), flaws.join("; "))]
    Flawed {
        /// The file.
        path: PathBuf,
        /// Each flaw in one sentence.
        flaws: Vec<String>,
    },
    /// It belongs to another plan.
    #[error("`{}` is the baseline of the plan `{found}`, not of `{plan}`", path.display())]
    OtherPlan {
        /// The file.
        path: PathBuf,
        /// Its plan.
        found: String,
        /// The plan that is judged.
        plan: String,
    },
}

impl Reference {
    /// What sessions of `plan` are judged against: `named` where somebody named a file, else what the plan says.
    pub(crate) fn find(
        plan: &str,
        comparison: &ComparisonPolicy,
        named: Option<&Path>,
    ) -> Result<Self, ReferenceError> {
        let path = named.map_or_else(|| PathBuf::from(&comparison.file), Path::to_owned);
        if named.is_none() && !path.is_file() {
            let wanted = comparison.wanted && !comparison.narrowed;
            return Ok(if wanted {
                Self::Absent(comparison.file.clone())
            } else {
                Self::Nothing
            });
        }
        let file = path.display().to_string();
        if let Some(guide) = guide(&path) {
            return Ok(Self::Guide(file, guide));
        }
        let baseline: Baseline = read(&path, baseline::SCHEMA, baseline::VERSION)?;
        let flaws = baseline.flaws();
        if !flaws.is_empty() {
            return Err(ReferenceError::Flawed { path, flaws });
        }
        if baseline.plan != plan && plan != K6_PLAN {
            return Err(ReferenceError::OtherPlan {
                path,
                found: baseline.plan,
                plan: plan.to_owned(),
            });
        }
        Ok(Self::Baseline(file, Box::new(baseline)))
    }

    /// The same ready to judge these sessions by.
    pub(crate) fn fitting(self, sessions: &[Summary]) -> Result<Self, ReferenceError> {
        let Self::Guide(file, value) = self else {
            return Ok(self);
        };
        let nothing = Summary::empty("");
        let first = sessions.first().unwrap_or(&nothing);
        match baseline_of_bounds(&first.plan.name, &value, &first.metrics) {
            Ok(baseline) => Ok(Self::Baseline(file, Box::new(baseline))),
            Err(flaw) => Err(ReferenceError::Flawed {
                path: file.into(),
                flaws: vec![flaw],
            }),
        }
    }

    pub(crate) fn baseline(&self) -> Option<&Baseline> {
        match self {
            Self::Baseline(_, baseline) => Some(baseline),
            Self::Nothing | Self::Absent(_) | Self::Guide(..) => None,
        }
    }

    pub(crate) fn against(&self) -> Against<'_> {
        match self {
            Self::Nothing | Self::Guide(..) => Against::Nothing,
            Self::Absent(file) => Against::Absent(file),
            Self::Baseline(file, baseline) => Against::Baseline(file, baseline),
        }
    }
}

fn guide(path: &Path) -> Option<Value> {
    let value: Value = serde_json::from_str(&read_text(path).ok()?).ok()?;
    is_fixed_bounds(&value).then_some(value)
}
