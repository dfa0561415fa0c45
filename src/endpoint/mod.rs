//! What a plan's load goes to: where it is, whether it is ready, and the embedded one that is started for it.

mod demo;
mod ready;
mod scale;
mod spec;
mod wiring;

pub use demo::{DemoError, DemoProcess};
pub use ready::{NotReady, Probed};
pub use scale::scale_demo;
pub use spec::{ReadySpec, TargetSpec, TlsSpec};
