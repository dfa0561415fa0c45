//! Why no plan can be made of a document.

use thiserror::Error;

use crate::draft::one_request::DraftError;

/// Why no plan can be made of a document.
#[derive(Debug, Error)]
pub(crate) enum DocumentError {
    #[error(
        "this is neither a curl command, nor a HAR file, nor an OpenAPI document: one begins with `curl`, the others are JSON with `log`, or JSON or YAML with `openapi` or `swagger`"
    )]
    Unknown,
    #[error(
        "a quote of the curl command is not closed: put the whole command into a file, and write --from FILE"
    )]
    Quotes,
    #[error("the curl command has no URL")]
    NoUrl,
    #[error("`{0}` of the curl command needs a value behind it")]
    NoValue(String),
    #[error("the HAR file is not as HTTP archives are: {0}")]
    Har(#[source] serde_json::Error),
    #[error(
        "there is no request of an API in the HAR file: {0} of pages, styles, scripts and images were left out"
    )]
    OnlyPages(usize),
    #[error("the OpenAPI document has no operation under `paths`")]
    NoOperation,
    #[error(transparent)]
    Draft(#[from] DraftError),
}
