//! Where a session comes from that perfgate has not measured itself.

use serde::{Deserialize, Serialize};

/// The tool that measured a session, and what its file says about the whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// Its name.
    pub tool: String,
    /// How long it ran; `None` where the file does not say.
    pub wall_s: Option<f64>,
    /// Whether anything was measured at all: a file of zeros is no evidence.
    pub measured: bool,
    /// How its numbers differ from those of perfgate.
    pub notes: Vec<String>,
}
