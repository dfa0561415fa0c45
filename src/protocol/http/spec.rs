//! The `http` table of a step, as a plan writes it.

use schemars::JsonSchema;
use serde::Deserialize;

use super::multipart::Parts;
use super::texts::TextMap;
use crate::diag::Spanned;
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
    pub query: TextMap,
    /// Headers, NAME = text. An empty one is not sent, nor one whose name in `{{ }}` has no value yet.
    pub headers: TextMap,
    /// The body as JSON: any value, with `{{names}}` in its texts.
    #[schemars(with = "Option<serde_json::Value>")]
    pub json: Option<Spanned<serde_json::Value>>,
    /// The body as a form with files, NAME = text or a table with `audio` or `file`.
    pub multipart: Option<Parts>,
    /// The body as the form of a web page, NAME = text.
    pub form: Option<TextMap>,
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

impl HttpSpec {
    /// The path or URL of its method.
    #[must_use]
    pub fn address(&self) -> Option<&Spanned<String>> {
        let methods = [
            &self.get,
            &self.head,
            &self.post,
            &self.put,
            &self.patch,
            &self.delete,
        ];
        methods.into_iter().flatten().next()
    }
}
