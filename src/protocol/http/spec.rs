//! The `http` table of a step, as a plan writes it.

use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;
use thiserror::Error;
use url::Url;

use super::auth::Auth;
use super::multipart::Parts;
use super::template::HttpTemplate;
use super::texts::Texts;
use crate::diag::{Span, Spanned};
use crate::template::Slots;
use crate::units::{Count, Flag};

/// One HTTP exchange: exactly one method with its path or URL, and at most one body.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HttpSpec {
    /// GET this path or URL. A path is put behind the target's URL, with or without its first `/`.
    #[schemars(with = "Option<String>")]
    pub get: Option<Spanned<String>>,
    /// HEAD this path or URL.
    #[schemars(with = "Option<String>")]
    pub head: Option<Spanned<String>>,
    /// POST to this path or URL.
    #[schemars(with = "Option<String>")]
    pub post: Option<Spanned<String>>,
    /// PUT to this path or URL.
    #[schemars(with = "Option<String>")]
    pub put: Option<Spanned<String>>,
    /// PATCH this path or URL.
    #[schemars(with = "Option<String>")]
    pub patch: Option<Spanned<String>>,
    /// DELETE this path or URL.
    #[schemars(with = "Option<String>")]
    pub delete: Option<Spanned<String>>,
    /// What follows the `?`, NAME = text.
    pub query: Texts,
    /// Headers, NAME = text. An empty one is not sent, nor one whose name in `{{ }}` has no value yet.
    pub headers: Texts,
    /// The body as JSON: any value, with `{{names}}` in its texts.
    #[schemars(with = "Option<serde_json::Value>")]
    pub json: Option<Spanned<serde_json::Value>>,
    /// The body as a form with files, NAME = text or a table with `audio` or `file`.
    pub multipart: Option<Parts>,
    /// The body as the form of a web page, NAME = text.
    pub form: Option<Texts>,
    /// The body as plain text.
    #[schemars(with = "Option<String>")]
    pub text: Option<Spanned<String>>,
    /// The body is the clip itself, of this pool.
    #[schemars(with = "Option<String>")]
    pub audio: Option<Spanned<String>>,
    /// The body is the file at this path.
    #[schemars(with = "Option<String>")]
    pub file: Option<Spanned<String>>,
    /// So many redirects are followed; one more is the reply.
    pub follow: Count,
    /// Whether cookies are kept and sent back, in a jar for each virtual user.
    pub cookies: Flag,
    /// Whether compressed replies are asked for, and read.
    pub compression: Flag,
}

/// What a step's request stands in.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The target's URL, which paths are joined to.
    pub base: Option<&'a Url>,
    /// The target's headers, which the step's own replace by name.
    pub headers: &'a Texts,
    /// The target's authorization, which any header of the name replaces.
    pub auth: Option<&'a Auth>,
    /// The folder of the plan, which relative file paths start from.
    pub folder: &'a Path,
}

/// What is wrong with an `http` table, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct SpecError {
    /// What is wrong.
    pub message: String,
    /// The value that is wrong, where it is one.
    pub span: Option<Span>,
    /// The key below `http`, or in `target`, that should not stand there or is incomplete; empty for `http` itself.
    pub key: Option<String>,
}

impl SpecError {
    pub(super) fn new(message: impl Into<String>, span: Option<Span>) -> Self {
        Self {
            message: message.into(),
            span,
            key: None,
        }
    }

    /// What is wrong with a key rather than with its value.
    pub(super) fn of_key(message: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            span: None,
            key: Some(key.into()),
        }
    }
}

impl HttpSpec {
    /// Encodes everything that no iteration changes, and binds the names of the rest to slots.
    ///
    /// # Errors
    /// Everything that is wrong with the table.
    pub fn compile(
        &self,
        around: &Surroundings<'_>,
        slots: &mut Slots,
    ) -> Result<HttpTemplate, Vec<SpecError>> {
        super::compile::compile(self, around, slots)
    }
}
