//! The `capture` table of a step.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::Deserializer;

use super::live::Live;
use crate::diag::Spanned;
use crate::select::Selector;
use crate::units::{named_list, text_or_table};

/// Values to be captured, in order.
#[derive(Debug, Clone, Default)]
pub struct Capture(pub Vec<(String, Spanned<CaptureSpec>)>);

/// One value: where it stands, and what stands for it where it is missing.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
pub struct CaptureSpec {
    /// Where it stands.
    #[schemars(with = "Selector")]
    pub from: Live<Selector>,
    /// What is taken where it stands nowhere; without it the iteration fails.
    #[serde(default)]
    pub default: Option<String>,
}

text_or_table!(
    CaptureSpec,
    "a selector, for example \"$.job_id\", or { from = \"$.job_id\", default = \"none\" }",
    |text| Ok(CaptureSpec {
        from: text.parse().map_err(E::custom)?,
        default: None
    })
);

impl<'de> Deserialize<'de> for Capture {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        named_list(
            from,
            "a table of selectors, for example { job_id = \"$.job_id\" }",
        )
        .map(Self)
    }
}

impl JsonSchema for Capture {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Capture".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let selector = generator.subschema_for::<Selector>();
        let table = generator.subschema_for::<CaptureSpec>();
        json_schema!({ "type": "object", "additionalProperties": { "anyOf": [selector, table] } })
    }
}
