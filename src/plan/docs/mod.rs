//! The schema of plans, and what is made of it: the reference, and where each value comes from.

pub(super) mod dialects;
pub(super) mod document;
pub(super) mod explain;
pub(super) mod names_page;
pub(super) mod reference;
pub(super) mod schema;
pub(super) mod schema_forms;
