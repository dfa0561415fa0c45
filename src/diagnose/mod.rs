//! From symptoms to their likely causes: one table of rules over the evidence of a session.

mod errors;
mod evidence;
mod latency;
mod resources;
mod rule;
mod table;

pub use rule::{Diagnosis, DiagnosisRule};
pub use table::{RULES, diagnose};

#[cfg(test)]
mod tests;
