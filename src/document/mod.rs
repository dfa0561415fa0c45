//! Versioned JSON documents: written whole or not at all, read only where their version is understood.

mod read;
mod write;

pub use read::{ReadError, read};
pub use write::{WriteError, replace, write};
