//! From the `http` table of a plan to requests.

use std::path::Path;
use std::sync::Arc;

use ::http::header::{ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, USER_AGENT};
use ::http::{HeaderMap, HeaderName, HeaderValue, Method};

use url::Url;

use super::super::{Origin, SpecError, join};
use super::auth::Auth;
use super::body::{BodyTemplate, Builder};
use super::decode::ACCEPTED;
use super::file;
use super::insert::{Insert, InsertSource};
use super::multipart::{BOUNDARY, encode};
use super::spec::HttpSpec;
use super::template::{HttpTemplate, LiveHeader, RequestTarget, with_query};
use super::texts::TextMap;
use crate::diag::{Span, Spanned};
use crate::protocol::exchange::origin::target;
use crate::protocol::exchange::userinfo::basic_of;
use crate::template::{Slots, Template};

/// What a step's request stands in.
#[derive(Debug, Clone, Copy)]
pub struct RequestContext<'a> {
    /// The target's URL, which paths are joined to.
    pub base: Option<&'a Url>,
    /// The target's headers, which the step's own replace by name.
    pub headers: &'a TextMap,
    /// The target's authorization, which any header of the name replaces.
    pub auth: Option<&'a Auth>,
    /// The folder of the plan, which relative file paths start from.
    pub folder: &'a Path,
}

const USER_AGENT_TEXT: &str = concat!("perfgate/", env!("CARGO_PKG_VERSION"));

impl HttpSpec {
    /// Encodes everything that no iteration changes, and binds the names of the rest to slots.
    ///
    /// # Errors
    /// Everything that is wrong with the table.
    pub fn compile(
        &self,
        around: &RequestContext<'_>,
        slots: &mut Slots,
    ) -> Result<HttpTemplate, Vec<SpecError>> {
        compile(self, around, slots)
    }
}

fn compile(
    spec: &HttpSpec,
    around: &RequestContext<'_>,
    slots: &mut Slots,
) -> Result<HttpTemplate, Vec<SpecError>> {
    let mut flaws = Vec::new();
    let target = method(spec, &mut flaws)
        .map(|(method, path)| (method, address(spec, path, around, slots, &mut flaws)));
    let (body, content_type) = body(spec, around, slots, &mut flaws);
    let (mut headers, live_headers) = headers(around, &spec.headers, slots, &mut flaws);
    let all = around.headers.0.iter().chain(&spec.headers.0);
    let has_authorization = all
        .map(|(name, _)| name)
        .any(|name| name.eq_ignore_ascii_case(AUTHORIZATION.as_str()));
    if let Some(content_type) = content_type {
        let said = headers.contains_key(CONTENT_TYPE)
            || live_headers.iter().any(|live| live.name == CONTENT_TYPE);
        if said && spec.multipart.is_some() {
            flaws.push(SpecError::of_key(
                "a multipart body brings its own Content-Type",
                "multipart",
            ));
        }
        headers.entry(CONTENT_TYPE).or_insert(content_type);
    }
    headers
        .entry(USER_AGENT)
        .or_insert(HeaderValue::from_static(USER_AGENT_TEXT));
    if spec.compression.0 {
        headers
            .entry(ACCEPT_ENCODING)
            .or_insert(HeaderValue::from_static(ACCEPTED));
    }
    match target {
        Some((method, Some(target))) if flaws.is_empty() => {
            // A request that could have a body says that it has none; hyper says nothing then.
            if body.is_none() && matches!(method, Method::POST | Method::PUT | Method::PATCH) {
                headers
                    .entry(CONTENT_LENGTH)
                    .or_insert(HeaderValue::from_static("0"));
            }
            let (follow, cookies, compression) =
                (spec.follow.0, spec.cookies.0, spec.compression.0);
            Ok(HttpTemplate {
                method,
                target,
                headers,
                live_headers,
                has_authorization,
                body,
                follow,
                cookies,
                compression,
            })
        }
        _ => Err(flaws),
    }
}

fn method<'a>(
    spec: &'a HttpSpec,
    flaws: &mut Vec<SpecError>,
) -> Option<(Method, &'a Spanned<String>)> {
    let all = [
        (Method::GET, &spec.get),
        (Method::HEAD, &spec.head),
        (Method::POST, &spec.post),
        (Method::PUT, &spec.put),
        (Method::PATCH, &spec.patch),
        (Method::DELETE, &spec.delete),
    ];
    let mut said = all
        .into_iter()
        .filter_map(|(method, path)| path.as_ref().map(|path| (method, path)));
    let first = said.next();
    if first.is_none() {
        let message = "a request needs one of `get`, `head`, `post`, `put`, `patch`, `delete`\nhttp.get = \"/health\"";
        flaws.push(SpecError::of_key(message, ""));
    }
    for (method, _) in said {
        let key = method.as_str().to_lowercase();
        flaws.push(SpecError::of_key(
            format!("a request has one method; `{key}` is a second\ntake one of them out, or make it a step of its own"),
            key,
        ));
    }
    first
}

fn address(
    spec: &HttpSpec,
    path: &Spanned<String>,
    around: &RequestContext<'_>,
    slots: &mut Slots,
    flaws: &mut Vec<SpecError>,
) -> Option<RequestTarget> {
    let span = path.span();
    let path = parse(without_fragment(path.get_ref()), &span, flaws)?;
    let mut query = Vec::new();
    for (name, text) in &spec.query.0 {
        query.push((name.clone(), parse(&text.get_ref().0, &text.span(), flaws)?));
    }
    let literal =
        |(name, text): &(String, Template)| Some((name.clone(), text.literal()?.to_owned()));
    let fixed_query: Option<Vec<_>> = query.iter().map(literal).collect();
    let result = match (path.literal(), fixed_query) {
        (Some(path), Some(query)) => join(around.base, path).and_then(|url| {
            let url = with_query(url, query);
            Ok(RequestTarget::Fixed(
                Arc::new(Origin::of(&url)?),
                target(&url)?,
                basic_of(&url),
            ))
        }),
        _ => around
            .base
            .map(|base| Origin::of(base).map(Arc::new))
            .transpose()
            .map(|origin| RequestTarget::Live {
                base: around.base.cloned(),
                origin,
                path: path.bind(slots),
                query: query
                    .into_iter()
                    .map(|(name, text)| (name, text.bind(slots)))
                    .collect(),
            }),
    };
    result
        .map_err(|error| flaws.push(SpecError::new(error.message, Some(span))))
        .ok()
}

/// An address without what only browsers look at. A `#` of a name in `{{ }}` is a part of its value.
fn without_fragment(address: &str) -> &str {
    let mut depth = 0_usize;
    let end = address.char_indices().find_map(|(at, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '#' if depth == 0 => return Some(at),
            _ => {}
        }
        None
    });
    &address[..end.unwrap_or(address.len())]
}

fn body(
    spec: &HttpSpec,
    around: &RequestContext<'_>,
    slots: &mut Slots,
    flaws: &mut Vec<SpecError>,
) -> (Option<BodyTemplate>, Option<HeaderValue>) {
    let said = [
        ("json", spec.json.is_some()),
        ("multipart", spec.multipart.is_some()),
        ("text", spec.text.is_some()),
        ("audio", spec.audio.is_some()),
        ("form", spec.form.is_some()),
        ("file", spec.file.is_some()),
    ];
    let said: Vec<_> = said
        .into_iter()
        .filter(|(_, said)| *said)
        .map(|(name, _)| name)
        .collect();
    if let [_, second, ..] = said[..] {
        let message = format!(
            "a request has at most one body, not `{}`\nkeep one of them; a form with files is `multipart`",
            said.join("` and `")
        );
        flaws.push(SpecError::of_key(message, second));
    }
    let mut body = Builder::default();
    let content_type = if let Some(json) = &spec.json {
        body.json(json.get_ref(), &json.span(), slots, flaws);
        Some("application/json".to_owned())
    } else if let Some(parts) = &spec.multipart {
        encode(parts, around.folder, &mut body, slots, flaws);
        Some(format!("multipart/form-data; boundary={BOUNDARY}"))
    } else if let Some(text) = &spec.text {
        body.text(text.get_ref(), &text.span(), slots, flaws);
        Some("text/plain; charset=utf-8".to_owned())
    } else if let Some(pool) = &spec.audio {
        body.insert(Insert {
            source: InsertSource::Pool(pool.get_ref().clone()),
            part: None,
            slice: None,
        });
        None
    } else if let Some(form) = &spec.form {
        body.form(form, slots, flaws);
        Some("application/x-www-form-urlencoded".to_owned())
    } else if let Some(path) = &spec.file {
        match file::read(path.get_ref(), around.folder) {
            Ok(file) => {
                file.parts.into_iter().for_each(|part| body.shared(part));
                Some(file.content_type)
            }
            Err(error) => {
                flaws.push(SpecError::new(error.0, Some(path.span())));
                None
            }
        }
    } else {
        return (None, None);
    };
    (
        Some(body.finish()),
        content_type.and_then(|text| HeaderValue::from_str(&text).ok()),
    )
}

/// Later tables replace the headers of earlier ones by name; an empty one takes a header away.
fn headers(
    around: &RequestContext<'_>,
    own: &TextMap,
    slots: &mut Slots,
    flaws: &mut Vec<SpecError>,
) -> (HeaderMap, Vec<LiveHeader>) {
    let (mut fixed, mut live) = (HeaderMap::new(), Vec::new());
    if let Some((scheme, secret)) = around.auth.and_then(Auth::parts) {
        match Auth::template(secret) {
            Err(flaw) => flaws.push(flaw),
            Ok(template) => match template.literal() {
                None => live.push(LiveHeader {
                    name: AUTHORIZATION,
                    text: template.bind(slots),
                    scheme: Some(scheme),
                }),
                Some("") => {}
                Some(text) => match scheme.header(text) {
                    Some(value) => drop(fixed.insert(AUTHORIZATION, value)),
                    None => flaws.push(SpecError::new(
                        "this cannot stand in a header",
                        Some(secret.span()),
                    )),
                },
            },
        }
    }
    for (name, text) in around.headers.0.iter().chain(&own.0) {
        let span = text.span();
        let Ok(name) = HeaderName::try_from(name.as_str()) else {
            let message = format!(
                "`{name}` is not a header's name\nheader names are made of letters, digits and `-`"
            );
            flaws.push(SpecError::of_key(message, format!("headers.{name}")));
            continue;
        };
        let Some(template) = parse(&text.get_ref().0, &span, flaws) else {
            continue;
        };
        fixed.remove(&name);
        live.retain(|known: &LiveHeader| known.name != name);
        match template.literal() {
            None => live.push(LiveHeader {
                name,
                text: template.bind(slots),
                scheme: None,
            }),
            Some("") => {}
            Some(text) => match HeaderValue::from_str(text) {
                Ok(value) => drop(fixed.insert(name, value)),
                Err(_) => flaws.push(SpecError::new(
                    format!("`{name}` cannot have this value\na header's value is one line of plain text"),
                    Some(span),
                )),
            },
        }
    }
    (fixed, live)
}

fn parse(text: &str, span: &Span, flaws: &mut Vec<SpecError>) -> Option<Template> {
    Template::parse(text)
        .map_err(|error| flaws.push(SpecError::new(error.message, Some(span.clone()))))
        .ok()
}
