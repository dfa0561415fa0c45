//! What to say about a mistake: keys that are unknown, where a value comes from, what was probably meant.

pub(super) mod k6_hints;
pub(super) mod keys;
pub(super) mod provenance;
pub(super) mod serde_errors;
