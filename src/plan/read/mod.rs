//! From files and the command line to the sections of a plan.

pub(super) mod added_key;
pub(super) mod check;
pub(super) mod data;
pub(super) mod effective;
pub(super) mod hooks;
pub(super) mod include;
pub(super) mod load;
pub(super) mod monitors;
pub(super) mod options;
pub(super) mod overrides;
pub(super) mod phase_spec;
pub(super) mod phases;
pub(super) mod pools;
pub(super) mod preset;
pub(super) mod rules;
pub(super) mod sweeps;
pub(super) mod syntax;
pub(super) mod target_override;
pub(super) mod typed;
pub(super) mod variables;
