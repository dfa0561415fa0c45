//! How a target is connected to, the same for all its users.

use schemars::JsonSchema;
use serde::Deserialize;

/// Everything about a target's connections that its URL does not say.
#[derive(Debug, Clone, Default)]
pub struct Wiring {
    /// How long connections are kept.
    pub connections: Connections,
}

/// How long a connection is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Connections {
    /// As long as its virtual user.
    #[default]
    PerVu,
    /// Until the next iteration begins.
    PerIteration,
}
