//! What went on beside the load: commands and monitors.

mod diagnoses;
mod hooks;
mod monitors;

pub(crate) use diagnoses::DiagnosisView;
pub(crate) use hooks::{HookOutput, HooksView};
pub(crate) use monitors::{MONITOR_COLUMNS, MonitorRow};
