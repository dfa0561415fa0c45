//! What only the whole plan can know, and what will not go as hoped.

pub(super) mod cross_checks;
pub(super) mod lint;
pub(super) mod probes;
