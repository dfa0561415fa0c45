//! What is watched beside the load: the host, processes, commands, JSON endpoints and Prometheus pages.

mod check;
mod command;
mod host;
mod http;
mod process;
mod prometheus;
mod source;
mod spec;
mod table;
mod watch;

pub use source::ValueKind;
pub use spec::{MonitorSpec, ProcessSpec, ValueSpec};
pub use watch::{MonitorSeries, MonitorWatch};
