//! The `tcp` table of a step.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Spanned;
use crate::protocol::http::HttpSpec;
use crate::units::{or_text, text_or_table};

/// Messages over a TCP connection: how they are framed, or a table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
#[schemars(transform = or_text)]
pub struct TcpSpec {
    /// What one message is: "json-payload", a line of JSON and the bytes that its `payload_length` counts.
    pub framing: TcpFraming,
    /// Its address, tcp://HOST:PORT; by default the target's.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub url: Option<Spanned<String>>,
}

/// How messages are framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TcpFraming {
    /// A line of JSON, more JSON of `data_length` bytes, then `payload_length` bytes: the Wyoming protocol.
    JsonPayload,
}

impl TcpSpec {
    /// Where it connects, as a request.
    #[must_use]
    pub fn address(&self) -> HttpSpec {
        let url = self.url.clone();
        HttpSpec {
            get: Some(url.unwrap_or_else(|| Spanned::new(0..0, String::new()))),
            ..HttpSpec::default()
        }
    }
}

text_or_table!(
    TcpSpec,
    "a framing, for example \"json-payload\", or a table with `framing`",
    |text| {
        let framing = serde::de::value::StrDeserializer::<E>::new(text);
        Ok(TcpSpec {
            framing: TcpFraming::deserialize(framing)?,
            url: None,
        })
    }
);
