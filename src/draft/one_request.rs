//! A plan of one URL: what is typed to have a number in ten seconds.

use std::io;

use percent_encoding::percent_decode_str;
use thiserror::Error;
use url::Url;

use super::body_draft::BodyDraft;
use super::literal::literal;
use super::load_draft::LoadDraft;
use super::plan_draft::PlanDraft;
use super::secret_draft::{SecretDraft, is_confidential};
use super::step_draft::{StepDraft, StepMethod};

/// Why no plan can be made.
#[derive(Debug, Error)]
pub(crate) enum DraftError {
    #[error("`{url}` is not a URL that requests can be sent to: {reason}")]
    Url { url: String, reason: String },
    #[error(
        "`{0}` comes with a user and a password, which stand in no plan: leave them out, and add `auth` to [target]"
    )]
    Login(String),
    #[error("`{0}` is not a method that perfgate sends: write one of {methods}", methods = methods())]
    Method(String),
    #[error("`{0}` is not a header: write -H 'Name: value'")]
    Header(String),
    #[error("cannot read the body `{file}`: {source}")]
    Body {
        file: String,
        #[source]
        source: io::Error,
    },
}

fn methods() -> String {
    let names: Vec<String> = StepMethod::ALL.iter().map(ToString::to_string).collect();
    names.join(", ")
}

/// What is typed about one request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OneRequest<'a> {
    pub(crate) url: &'a str,
    /// GET without it; POST where there is a body.
    pub(crate) method: Option<&'a str>,
    /// `Name: value`, each.
    pub(crate) headers: &'a [String],
    /// The body, or `@file`.
    pub(crate) data: Option<&'a str>,
    pub(crate) load: LoadDraft,
    /// The file that the plan says of itself.
    pub(crate) file: &'a str,
}

impl OneRequest<'_> {
    /// Whether what was typed as a plan is a URL.
    pub(crate) fn is_url(text: &str) -> bool {
        let begins = |scheme: &str| {
            text.get(..scheme.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
        };
        begins("http://") || begins("https://")
    }

    /// The plan of it.
    pub(crate) fn draft(&self) -> Result<PlanDraft, DraftError> {
        let address = UrlParts::of(self.url)?;
        let body = self.body()?;
        let method = match self.method {
            Some(name) => {
                StepMethod::named(name).ok_or_else(|| DraftError::Method(name.to_owned()))?
            }
            None if body == BodyDraft::Nothing => StepMethod::Get,
            None => StepMethod::Post,
        };
        let mut secrets: Vec<SecretDraft> = Vec::new();
        let mut target_keys = vec![("ready".to_owned(), ready(&address.socket))];
        if let Some(login) = address.login {
            let secret = SecretDraft::named("basic_auth", &login);
            target_keys.push((
                "auth".to_owned(),
                format!("{{ basic = \"{}\" }}", secret.used()),
            ));
            secrets.push(secret);
        }
        let mut headers: Vec<(String, String)> = Vec::new();
        for text in self.headers {
            let (name, value) = header(text)?;
            match headers
                .iter_mut()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
            {
                Some((_, before)) => *before = format!("{before}, {value}"),
                None => headers.push((name.to_owned(), value.to_owned())),
            }
        }
        let says_type = |(name, _): &(String, String)| name.eq_ignore_ascii_case("content-type");
        if body.is_unwritable_json() && !headers.iter().any(says_type) {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        for (name, value) in &mut headers {
            if is_confidential(name) {
                let secret = SecretDraft::named(name, value);
                *value = secret.used();
                secrets.push(secret);
            } else {
                *value = literal(value);
            }
        }
        let flow = "main".to_owned();
        let step = StepDraft {
            headers,
            body,
            ideas: vec!["expect = { status = 200, \"$.id\" = \"present\" }".to_owned()],
            ..StepDraft::new(method, literal(&address.path))
        };
        Ok(PlanDraft {
            about: PlanDraft::begin(
                &format!(
                    "{method} {}: made by `perfgate run` of this URL.",
                    address.shown
                ),
                self.file,
            ),
            name: address.name,
            target: address.origin,
            target_keys,
            vars: Vec::new(),
            secrets,
            may_lack_secrets: false,
            flow,
            steps: vec![step],
            load: self.load,
            left_out: Vec::new(),
        })
    }

    fn body(&self) -> Result<BodyDraft, DraftError> {
        let Some(data) = self.data else {
            return Ok(BodyDraft::Nothing);
        };
        let Some(file) = data.strip_prefix('@') else {
            return Ok(BodyDraft::of(data).literal());
        };
        match std::fs::read(file) {
            Ok(bytes) => Ok(match String::from_utf8(bytes) {
                Ok(text) => BodyDraft::of(&text).literal(),
                Err(_) => BodyDraft::File(file.to_owned()),
            }),
            Err(source) => Err(DraftError::Body {
                file: file.to_owned(),
                source,
            }),
        }
    }
}

/// A probe of whether anything listens, so that no load is sent to nothing.
pub(super) fn ready(socket: &str) -> String {
    format!("{{ path = \"tcp://{socket}\", within = \"3s\" }}")
}

/// `Name: value`.
pub(super) fn header(text: &str) -> Result<(&str, &str), DraftError> {
    let wrong = || DraftError::Header(text.to_owned());
    let (name, value) = text.split_once(':').ok_or_else(wrong)?;
    let name = name.trim();
    http::HeaderName::try_from(name).map_err(|_| wrong())?;
    Ok((name, value.trim()))
}

/// A URL in its parts, as they were typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UrlParts {
    /// `http://host:port`.
    pub(super) origin: String,
    /// The path with its query.
    pub(super) path: String,
    /// `user:password`.
    pub(super) login: Option<String>,
    /// `host:port`, for a probe.
    pub(super) socket: String,
    /// The name of results: the host, and its port where that is said.
    pub(super) name: String,
    /// The URL without its user and password.
    pub(super) shown: String,
}

impl UrlParts {
    pub(super) fn of(text: &str) -> Result<Self, DraftError> {
        let wrong = |reason: &str| DraftError::Url {
            url: text.to_owned(),
            reason: reason.to_owned(),
        };
        let (scheme, rest) = text
            .split_once("://")
            .ok_or_else(|| wrong("write http://HOST:PORT/PATH"))?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (login, host) = match authority.rsplit_once('@') {
            Some((login, host)) => (Some(login), host),
            None => (None, authority),
        };
        let scheme = scheme.to_ascii_lowercase();
        let origin = format!("{scheme}://{host}");
        let url = Url::parse(&origin).map_err(|error| wrong(&error.to_string()))?;
        let path = path.split('#').next().unwrap_or_default();
        let path = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("/{path}")
        };
        let known = url.port_or_known_default().unwrap_or(80);
        let socket = format!("{}:{known}", url.host_str().unwrap_or_default());
        let port = url.port().map_or(String::new(), |port| format!("-{port}"));
        let letter = |c: char| {
            if c.is_ascii_alphanumeric() || c == '.' || c == '-' {
                c
            } else {
                '-'
            }
        };
        let host = url.host_str().unwrap_or_default();
        let name: String = format!("{}{port}", host.trim_matches(['[', ']']))
            .chars()
            .map(letter)
            .collect();
        Ok(Self {
            shown: format!("{origin}{path}"),
            origin,
            path,
            socket,
            login: login.map(|login| percent_decode_str(login).decode_utf8_lossy().into_owned()),
            name: name.trim_matches(['-', '.']).to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_falls_into_target_path_and_name() {
        for (url, origin, path, name) in [
            (
                "http://localhost:8100/slow",
                "http://localhost:8100",
                "/slow",
                "localhost-8100",
            ),
            (
                "https://api.example.com",
                "https://api.example.com",
                "/",
                "api.example.com",
            ),
            ("HTTP://x?a=b#c", "http://x", "/?a=b", "x"),
            (
                "http://[::1]:80/{{uuid}}",
                "http://[::1]:80",
                "/{{uuid}}",
                "1",
            ),
            ("http://me:p%40ss@x/a", "http://x", "/a", "x"),
        ] {
            let address = UrlParts::of(url).unwrap();
            assert_eq!(
                (
                    address.origin.as_str(),
                    address.path.as_str(),
                    address.name.as_str()
                ),
                (origin, path, name),
                "{url}"
            );
        }
        let login = UrlParts::of("http://me:p%40ss@x/a").unwrap().login;
        assert_eq!(login.as_deref(), Some("me:p@ss"));
        for url in ["http://", "http:///x", "http://a b/"] {
            assert!(UrlParts::of(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_body_makes_it_a_post_and_secrets_come_from_the_environment() {
        let headers = ["Authorization: Bearer abc".to_owned(), "x-a: b".to_owned()];
        let request = OneRequest {
            url: "http://me:pw@x:1/a",
            method: None,
            headers: &headers,
            data: Some(r#"{"a": [1, null]}"#),
            load: LoadDraft::default(),
            file: "plan.toml",
        };
        let draft = request.draft().unwrap();
        let text = draft.text();
        assert!(text.contains("http.post"), "{text}");
        assert!(
            text.contains("http.text") && text.contains("content-type = \"application/json\""),
            "TOML has no null: {text}"
        );
        assert!(!text.contains("abc") && !text.contains("pw"), "{text}");
        let environment: Vec<_> = draft.environment().collect();
        assert_eq!(
            environment,
            [
                ("BASIC_AUTH".to_owned(), "me:pw"),
                ("AUTHORIZATION".to_owned(), "Bearer abc")
            ]
        );
        let put = OneRequest {
            method: Some("put"),
            data: Some(r#"{"a":1}"#),
            ..request
        };
        let text = put.draft().unwrap().text();
        assert!(
            text.contains("http.put") && text.contains("http.json    = { a = 1 }"),
            "{text}"
        );
        let typed = ["x-a: a{{b}}".to_owned()];
        let plain = OneRequest {
            url: "http://x/${y}",
            headers: &typed,
            data: Some("{\"a\": \"{{c}}\"}"),
            ..request
        };
        let text = plain.draft().unwrap().text();
        for part in ["/$${y}", "a{{{{b}}", "{{{{c}}"] {
            assert!(
                text.contains(part),
                "what is typed means itself, {part}: {text}"
            );
        }
        let wrong = OneRequest {
            method: Some("BREW"),
            ..request
        };
        assert!(
            wrong
                .draft()
                .unwrap_err()
                .to_string()
                .contains("GET, HEAD, POST")
        );
    }
}
