//! What the suite's modules build their scenes with.

pub mod charted;
pub mod chromium;
pub mod demo_target;
pub mod flow_run;
pub mod golden;
pub mod markup;
pub mod nginx;
pub mod page_outline;
pub mod perfgate;
pub mod played;
pub mod rust_source;
pub mod session;
pub mod simulated;
pub mod tls_front;
pub mod virtual_run;
