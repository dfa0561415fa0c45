//! What to say about a mistake: keys that are unknown, where a value comes from, what was probably meant.

pub(super) mod foreign_file;
pub(super) mod k6_hints;
pub(super) mod keys;
mod other_words;
pub(super) mod provenance;
pub(super) mod serde_errors;
