//! The `grpc` table of a step.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::Deserialize;

use super::super::http::HttpSpec;
use crate::diag::Spanned;
use crate::protocol::RequestError;
use crate::protocol::http::TextMap;
use crate::units::{List, or_text, text_or_table};

/// A gRPC call: its method, or a table.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(remote = "Self", deny_unknown_fields)]
#[schemars(transform = or_text)]
pub struct GrpcSpec {
    /// "package.Service/Method".
    #[schemars(with = "String")]
    pub method: Spanned<String>,
    /// The files that describe it; without them and `descriptors` the target is asked (server reflection).
    #[serde(default)]
    pub proto: List<String>,
    /// A file with a set of descriptors, as `protoc --descriptor_set_out --include_imports` writes it.
    #[serde(default)]
    pub descriptors: Option<String>,
    /// Metadata of the call, NAME = text.
    #[serde(default)]
    pub metadata: TextMap,
    /// The request of a call that streams none, as protobuf JSON.
    #[serde(default)]
    #[schemars(with = "Option<serde_json::Value>")]
    pub message: Option<Spanned<serde_json::Value>>,
}

/// The two parts of a method's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodName {
    /// The service with its package.
    pub service: String,
    /// The method.
    pub method: String,
}

impl FromStr for MethodName {
    type Err = RequestError;

    fn from_str(text: &str) -> Result<Self, RequestError> {
        match text.trim_start_matches('/').split_once('/') {
            Some((service, method))
                if !service.is_empty() && !method.is_empty() && !method.contains('/') =>
            {
                Ok(Self {
                    service: service.to_owned(),
                    method: method.to_owned(),
                })
            }
            _ => Err(RequestError(format!(
                "`{text}` is not a method: it has the form \"package.Service/Method\""
            ))),
        }
    }
}

/// Prints `package.Service/Method`.
impl fmt::Display for MethodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.service, self.method)
    }
}

impl GrpcSpec {
    /// The call as the request that it is, with its message as JSON.
    #[must_use]
    pub fn call(&self) -> HttpSpec {
        let path = format!("/{}", self.method.get_ref().trim_start_matches('/'));
        HttpSpec {
            post: Some(Spanned::new(self.method.span(), path)),
            headers: self.metadata.clone(),
            json: self.message.clone(),
            ..HttpSpec::default()
        }
    }
}

text_or_table!(
    GrpcSpec,
    "a method, for example \"package.Service/Method\", or a table with `method`",
    |text| {
        // The span is lost on this way; the plan knows where `grpc` stands.
        Ok(GrpcSpec {
            method: Spanned::new(0..0, text.to_owned()),
            proto: List(Vec::new()),
            descriptors: None,
            metadata: TextMap::default(),
            message: None,
        })
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_has_two_parts() {
        for text in ["a.b.C/D", "/a.b.C/D"] {
            assert_eq!(
                text.parse::<MethodName>().expect(text).to_string(),
                "a.b.C/D"
            );
        }
        for text in ["a.b.C.D", "a/b/c", "/D", "C/", ""] {
            assert!(text.parse::<MethodName>().is_err(), "{text}");
        }
    }
}
