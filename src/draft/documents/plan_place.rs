//! Where a plan will stand, and what is said of it beside the document.

/// Where the plan will stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlanPlace<'a> {
    /// Its file, as commands name it.
    pub(crate) file: &'a str,
    /// The name of its results.
    pub(crate) name: &'a str,
    /// The address of the service, in place of what the document says.
    pub(crate) url: Option<&'a str>,
}
