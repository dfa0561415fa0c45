//! The `websocket` table of a step.

use ::http::HeaderValue;
use schemars::JsonSchema;
use serde::Deserialize;

use super::super::http::HttpSpec;
use crate::diag::Spanned;
use crate::protocol::SpecError;
use crate::protocol::http::TextMap;
use crate::units::{List, or_text, text_or_table};

/// A WebSocket: its path, or a table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
#[schemars(transform = or_text)]
pub struct WebSocketSpec {
    /// Its path or URL. A path is put behind the target's URL.
    #[schemars(with = "String")]
    pub path: Spanned<String>,
    /// Headers of the handshake, NAME = text.
    #[serde(default)]
    pub headers: TextMap,
    /// Subprotocols to choose from.
    #[serde(default)]
    pub protocols: Protocols,
}

/// Names of subprotocols, in the order of preference.
pub type Protocols = List<String>;

impl WebSocketSpec {
    /// The handshake as the request that it is.
    #[must_use]
    pub fn handshake(&self) -> HttpSpec {
        HttpSpec {
            get: Some(self.path.clone()),
            headers: self.headers.clone(),
            ..HttpSpec::default()
        }
    }

    /// What offers the subprotocols; `None` where there is nothing to offer.
    ///
    /// # Errors
    /// Names what cannot be offered.
    pub fn offer(&self) -> Result<Option<HeaderValue>, SpecError> {
        if self.protocols.0.is_empty() {
            return Ok(None);
        }
        let text = self.protocols.0.join(", ");
        HeaderValue::from_str(&text).map(Some).map_err(|_| {
            SpecError::of_key(format!("`{text}` cannot name subprotocols"), "protocols")
        })
    }
}

text_or_table!(
    WebSocketSpec,
    "a path, for example \"/stream\", or a table with `path`",
    |text| {
        // The span is lost on this way; the plan knows where `websocket` stands.
        let path = Spanned::new(0..0, text.to_owned());
        Ok(WebSocketSpec {
            path,
            headers: TextMap::default(),
            protocols: List(Vec::new()),
        })
    }
);
