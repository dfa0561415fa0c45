//! What reading a plan depends on besides its file.

use crate::plan::load_options::LoadOptions;
use crate::plan::read::overrides::Override;
use crate::plan::read::target_override::Aim;

/// What reading a plan depends on besides its file.
pub struct Options<'a> {
    /// The environment.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// `--preset`, in order.
    pub presets: &'a [String],
    /// `--set`, in order.
    pub set: &'a [Override],
    /// `--only`: phases and loads to be run; all where it is empty.
    pub only: &'a [String],
    /// `--seed`: in place of the plan's own.
    pub seed: Option<u64>,
    /// `--vus`, `--rate`, `--duration`: of the only load.
    pub load: LoadOptions,
    /// An address in place of the plan's own.
    pub aim: Option<Aim<'a>>,
}
