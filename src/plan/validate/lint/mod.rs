//! What a plan that is valid will not do as its writer hopes, said before anything is sent.

mod capacity;
mod drift;
mod payloads;
mod samples;
mod window;

pub(super) use capacity::capacity;
pub(super) use drift::drift;
pub(super) use payloads::{payloads, silence, tags, texts};
pub(super) use samples::samples;
pub(super) use window::window;
