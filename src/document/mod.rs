//! Versioned JSON documents: written whole or not at all, without secrets, read only where their version is understood.

mod lines;
mod mask;
mod read;
mod spelling;
mod text;
mod userinfo;
mod write;

pub use mask::{CONFIDENTIAL_HEADERS, MASKED, Mask};
pub use read::{ReadError, read};
pub use text::read_text;
pub use userinfo::secrets as secrets_of_urls;
pub use write::{WriteError, replace, write, write_lines};
