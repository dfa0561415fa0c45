//! How much a terminal shows.

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detail {
    /// The verdict line only.
    Quiet,
    /// What one wants to know at the end of a run.
    #[default]
    Normal,
    /// Every threshold, step, error and metric.
    Verbose,
}
