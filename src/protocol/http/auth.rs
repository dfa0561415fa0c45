//! The authorization that every request of a target has.

use ::http::HeaderValue;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::diag::Spanned;
use crate::protocol::SpecError;
use crate::template::Template;

/// Who is asking: exactly one of a token, and a user with a password.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Auth {
    /// A token.
    #[schemars(with = "Option<String>")]
    pub bearer: Option<Spanned<String>>,
    /// `user:password`.
    #[schemars(with = "Option<String>")]
    pub basic: Option<Spanned<String>>,
}

/// How an `authorization` is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Bearer,
    Basic,
}

impl Scheme {
    /// The header of this secret; `None` where it cannot stand in one.
    pub(crate) fn header(self, secret: &str) -> Option<HeaderValue> {
        let text = match self {
            Self::Bearer => format!("Bearer {secret}"),
            Self::Basic => format!("Basic {}", STANDARD.encode(secret)),
        };
        let mut value = HeaderValue::try_from(text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl Auth {
    /// What is wrong with it, where something is.
    #[must_use]
    pub fn check(&self) -> Option<&'static str> {
        match (&self.bearer, &self.basic) {
            (Some(_), Some(_)) => {
                Some("`auth` is either `bearer` or `basic`, not both\nkeep one of them")
            }
            (None, None) => {
                Some("`auth` is one of `bearer = \"token\"` and `basic = \"user:password\"`")
            }
            (None, Some(basic)) => {
                let text = basic.get_ref();
                let incomplete = !text.is_empty() && !text.contains(':') && !text.contains("{{");
                incomplete.then_some("`basic` is a user and a password with a colon between them")
            }
            (Some(_), None) => None,
        }
    }

    /// How it is written, and the secret of it.
    pub(crate) fn parts(&self) -> Option<(Scheme, &Spanned<String>)> {
        let bearer = self.bearer.as_ref().map(|secret| (Scheme::Bearer, secret));
        bearer.or_else(|| Some((Scheme::Basic, self.basic.as_ref()?)))
    }

    /// The secret with its names.
    pub(crate) fn template(secret: &Spanned<String>) -> Result<Template, SpecError> {
        Template::parse(secret.get_ref())
            .map_err(|error| SpecError::new(error.message, Some(secret.span())))
    }

    /// The header, where it is known before anything was captured.
    #[must_use]
    pub fn known(&self) -> Option<HeaderValue> {
        let (scheme, secret) = self.parts()?;
        let template = Self::template(secret).ok()?;
        scheme.header(template.literal().filter(|secret| !secret.is_empty())?)
    }

    /// The names in it.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let template = self
            .parts()
            .and_then(|(_, secret)| Self::template(secret).ok());
        template
            .iter()
            .flat_map(Template::names)
            .map(str::to_owned)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_written_by_its_scheme() {
        for (plan, known, problem) in [
            ("bearer = 'abc'", Some("Bearer abc"), None),
            (
                "basic = 'Aladdin:open sesame'",
                Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
                None,
            ),
            ("bearer = ''", None, None),
            ("bearer = '{{token}}'", None, None),
            ("basic = '{{user}}'", None, None),
            (
                "basic = 'user'",
                Some("Basic dXNlcg=="),
                Some("a colon between"),
            ),
            ("", None, Some("is one of")),
            (
                "bearer = 'a'\nbasic = 'b:c'",
                Some("Bearer a"),
                Some("not both\nkeep one of them"),
            ),
        ] {
            let auth: Auth = toml::from_str(plan).expect(plan);
            let header = auth.known();
            assert_eq!(
                header.as_ref().map(|value| value.to_str().expect("ASCII")),
                known,
                "{plan}"
            );
            assert!(header.is_none_or(|value| value.is_sensitive()));
            assert_eq!(auth.check().is_some(), problem.is_some(), "{plan}");
            assert!(
                auth.check()
                    .unwrap_or_default()
                    .contains(problem.unwrap_or_default()),
                "{plan}"
            );
        }
        let auth: Auth = toml::from_str("bearer = '{{token}}'").expect("valid");
        assert_eq!(auth.names(), ["token"]);
    }
}
