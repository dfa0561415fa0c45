//! A step's request, compiled: what no iteration changes is ready, the rest is filled in.

use std::sync::Arc;

use ::http::header::{AUTHORIZATION, CONTENT_TYPE};
use ::http::uri::PathAndQuery;
use ::http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;

use super::super::{Attachment, Origin, Payload, Request, join};
use super::auth::Scheme;
use super::body::BodyTemplate;
use crate::document::CONFIDENTIAL_HEADERS;
use crate::protocol::RequestError;
use crate::protocol::exchange::origin::target;
use crate::protocol::exchange::userinfo::basic_of;
use crate::template::{Bound, Missing, Values};

/// The requests of one step.
#[derive(Debug, Clone)]
pub struct HttpTemplate {
    pub(crate) method: Method,
    pub(crate) target: RequestTarget,
    pub(crate) headers: HeaderMap,
    pub(crate) live_headers: Vec<LiveHeader>,
    /// Headers of the plan say the authorization, or that there is none: who the URL names is not asked then.
    pub(crate) has_authorization: bool,
    pub(crate) body: Option<BodyTemplate>,
    pub(crate) follow: u64,
    pub(crate) cookies: bool,
    pub(crate) compression: bool,
}

/// A header whose value only iterations know.
#[derive(Debug, Clone)]
pub(crate) struct LiveHeader {
    pub(crate) name: HeaderName,
    pub(crate) text: Bound,
    /// How the text becomes an authorization, where it is a secret.
    pub(crate) scheme: Option<Scheme>,
}

#[derive(Debug, Clone)]
pub(crate) enum RequestTarget {
    /// With the authorization of who its URL names.
    Fixed(Arc<Origin>, PathAndQuery, Option<HeaderValue>),
    Live {
        base: Option<Url>,
        /// The base's, shared by all requests that go there.
        origin: Option<Arc<Origin>>,
        path: Bound,
        query: Vec<(String, Bound)>,
    },
}

/// Where a request goes, and as whom its URL says.
type RenderedTarget = (Arc<Origin>, PathAndQuery, Option<HeaderValue>);

impl HttpTemplate {
    /// What the headers of a request of now confide to the target: tokens that were captured are in no list of secrets.
    #[must_use]
    pub fn confided(&self, values: &Values) -> Vec<String> {
        let confidential = |live: &&LiveHeader| {
            live.scheme.is_some() || CONFIDENTIAL_HEADERS.contains(&live.name.as_str())
        };
        let rendered = self
            .live_headers
            .iter()
            .filter(confidential)
            .filter_map(|live| {
                let mut text = String::new();
                live.text.render(values, &mut text).ok().map(|()| text)
            });
        rendered
            .flat_map(|text| {
                [
                    text.split(' ').next_back().unwrap_or_default().to_owned(),
                    text,
                ]
            })
            .collect()
    }

    /// The request of now. `attachment` gives the clip of a pool that this iteration sends.
    ///
    /// # Errors
    /// Says what is missing or cannot be sent.
    pub fn request(
        &self,
        values: &Values,
        attachment: &dyn Fn(&str) -> Option<Attachment>,
    ) -> Result<Request, RequestError> {
        let (origin, target, named) = self.target.render(values)?;
        let mut headers = self.headers.clone();
        for LiveHeader { name, text, scheme } in &self.live_headers {
            let mut value = String::new();
            match text.render(values, &mut value) {
                Ok(()) if value.is_empty() => {}
                Ok(()) => {
                    let header = match scheme {
                        Some(scheme) => scheme
                            .header(&value)
                            .ok_or_else(|| format!("`{name}` cannot be sent"))?,
                        None => HeaderValue::from_str(&value)
                            .map_err(|_| format!("`{name}` cannot be {value:?}"))?,
                    };
                    headers.insert(name.clone(), header);
                }
                Err(Missing::Value(_)) => {}
                Err(wrong @ Missing::Number(_)) => {
                    return Err(RequestError(format!("`{name}`: {wrong}")));
                }
            }
        }
        if let Some(named) = named.filter(|_| !self.has_authorization) {
            headers.insert(AUTHORIZATION, named);
        }
        let (payload, content_type) = match &self.body {
            Some(body) => body.render(values, attachment)?,
            None => (Payload::default(), None),
        };
        if let Some(content_type) = content_type.and_then(|text| HeaderValue::from_str(&text).ok())
        {
            headers.entry(CONTENT_TYPE).or_insert(content_type);
        }
        Ok(Request {
            method: self.method.clone(),
            origin,
            target,
            headers,
            payload,
            follow: self.follow,
            cookies: self.cookies,
            compression: self.compression,
        })
    }

    /// The request of now without its body; headers whose values are not known yet are left out.
    ///
    /// # Errors
    /// Says what is missing or cannot be sent.
    pub fn bodiless(&self, values: &Values) -> Result<Request, RequestError> {
        Self {
            body: None,
            ..self.clone()
        }
        .request(values, &|_: &str| None)
    }

    /// The pool whose clip the request sends, the first where it sends several.
    #[must_use]
    pub fn audio_pool(&self) -> Option<&str> {
        self.body.as_ref().and_then(|body| body.pools().next())
    }
}

impl RequestTarget {
    fn render(&self, values: &Values) -> Result<RenderedTarget, RequestError> {
        let (base, shared, path, query) = match self {
            Self::Fixed(origin, target, named) => {
                return Ok((Arc::clone(origin), target.clone(), named.clone()));
            }
            Self::Live {
                base,
                origin,
                path,
                query,
            } => (base, origin, path, query),
        };
        let text = |bound: &Bound| {
            let mut text = String::new();
            bound
                .render(values, &mut text)
                .map(|()| text)
                .map_err(|missing| missing.to_string())
        };
        let query: Result<Vec<_>, RequestError> = query
            .iter()
            .map(|(name, bound)| Ok((name.clone(), text(bound)?)))
            .collect();
        let url = join(base.as_ref(), &text(path)?).map_err(|error| error.message)?;
        let url = with_query(url, query?);
        let origin = Origin::of(&url).map_err(|error| error.message)?;
        let origin = match shared {
            Some(shared) if **shared == origin => Arc::clone(shared),
            _ => Arc::new(origin),
        };
        let target = target(&url).map_err(|error| error.message)?;
        Ok((origin, target, basic_of(&url)))
    }
}

/// The URL with these pairs behind its query.
pub(crate) fn with_query(mut url: Url, query: Vec<(String, String)>) -> Url {
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::super::multipart::BOUNDARY;
    use super::super::{HttpSpec, RequestContext, TextMap};
    use super::*;
    use crate::protocol::SpecError;
    use crate::template::Slots;
    use bytes::Bytes;
    use serde_json::json;
    use std::path::Path;

    fn compile(plan: &str, slots: &mut Slots) -> Result<HttpTemplate, Vec<SpecError>> {
        let spec: HttpSpec = toml::from_str(plan).expect(plan);
        let base = Url::parse("http://asr:8001/api/").expect("url");
        #[derive(serde::Deserialize)]
        struct Doc {
            headers: TextMap,
        }
        let doc: Doc = toml::from_str("headers = { authorization = 'Bearer x', x-key = '' }")
            .expect("headers");
        spec.compile(
            &RequestContext {
                base: Some(&base),
                headers: &doc.headers,
                auth: None,
                folder: Path::new("."),
            },
            slots,
        )
    }

    fn clip(data: &Bytes) -> impl Fn(&str) -> Option<Attachment> {
        let parts = vec![data.slice(..2), data.slice(2..)];
        let clip = Attachment {
            name: "a\".wav".into(),
            content_type: "audio/wav".into(),
            parts,
        };
        move |pool| (pool == "speech").then(|| clip.clone())
    }

    fn bytes(request: &Request) -> String {
        String::from_utf8(request.payload.parts().concat()).expect("text")
    }

    #[test]
    fn a_multipart_body_is_exact_and_shares_the_clip() {
        let mut slots = Slots::default();
        let plan = "post = '/v1/transcribe'\n\
                    multipart = { model = 'm', file = { audio = 'speech' }, id = '{{id}}', n = 3 }";
        let template = compile(plan, &mut slots).expect("compiles");
        assert_eq!(template.audio_pool(), Some("speech"));
        let mut values = Values::default();
        let data = Bytes::from(vec![b'x'; 100_000]);
        assert_eq!(
            template
                .request(&values, &clip(&data))
                .expect_err("no id")
                .0,
            "`id` has no value yet"
        );
        values.set(slots.slot("id"), json!(7));
        let request = template.request(&values, &clip(&data)).expect("request");
        let part =
            |name: &str| format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"");
        let expected = format!(
            "{}\r\n\r\nm\r\n{}; filename=\"a%22.wav\"\r\nContent-Type: audio/wav\r\n\r\n{}\r\n{}\r\n\r\n7\r\n{}\r\n\r\n3\r\n--{BOUNDARY}--\r\n",
            part("model"),
            part("file"),
            "x".repeat(100_000),
            part("id"),
            part("n"),
        );
        assert_eq!(bytes(&request), expected);
        assert_eq!(request.payload.len(), expected.len() as u64);
        assert!(
            request
                .payload
                .parts()
                .iter()
                .any(|part| part.as_ptr() == data.as_ptr())
        );
        assert_eq!(
            request.headers[CONTENT_TYPE],
            format!("multipart/form-data; boundary={BOUNDARY}")
        );
        assert!(
            template
                .request(&values, &|_| None)
                .expect_err("no clip")
                .0
                .contains("no clip of `speech`")
        );
    }

    #[test]
    fn what_no_iteration_changes_is_encoded_once() {
        let template = compile(
            "post = 'jobs'\njson = { a = [1, 'x', true], b = '{{{{' }",
            &mut Slots::default(),
        );
        let template = template.expect("compiles");
        let request = || {
            template
                .request(&Values::default(), &|_| None)
                .expect("request")
        };
        let (one, two) = (request(), request());
        assert_eq!(bytes(&one), r#"{"a":[1,"x",true],"b":"{{"}"#);
        assert_eq!(
            one.payload.parts()[0].as_ptr(),
            two.payload.parts()[0].as_ptr()
        );
        assert!(Arc::ptr_eq(&one.origin, &two.origin));
        assert_eq!(
            (one.target.as_str(), one.origin.to_string().as_str()),
            ("/api/jobs", "asr:8001")
        );
        assert_eq!(one.headers["authorization"], "Bearer x");
        assert_eq!(
            one.headers["user-agent"],
            concat!("perfgate/", env!("CARGO_PKG_VERSION"))
        );
        assert!(!one.headers.contains_key("x-key"));
    }

    #[test]
    fn names_are_filled_in_paths_queries_headers_and_json() {
        let mut slots = Slots::default();
        let plan = "put = '/jobs/{{id}}?a=1'\nquery = { q = 'a b {{n}}', m = 2 }\n\
                    headers = { x-id = '{{id}}', x-token = '{{token}}', authorization = '' }\n\
                    json = { size = '{{n}}', label = 'n={{n}}', next = '{{n + 1}}', text = '{{id}}' }";
        let template = compile(plan, &mut slots).expect("compiles");
        let mut values = Values::default();
        values.set(slots.slot("id"), json!("j \"1\""));
        values.set(slots.slot("n"), json!(5));
        let request = template.request(&values, &|_| None).expect("request");
        assert_eq!(
            request.target.as_str(),
            "/api/jobs/j%20%221%22?a=1&q=a+b+5&m=2"
        );
        assert_eq!(
            bytes(&request),
            r#"{"size":5,"label":"n=5","next":6,"text":"j \"1\""}"#
        );
        assert_eq!(request.headers["x-id"], "j \"1\"");
        assert!(
            !request.headers.contains_key("x-token")
                && !request.headers.contains_key("authorization")
        );
    }

    #[test]
    fn the_clip_itself_is_a_body() {
        let data = Bytes::from_static(b"RIFF");
        let template =
            compile("post = '/raw'\naudio = 'speech'", &mut Slots::default()).expect("compiles");
        let request = template
            .request(&Values::default(), &clip(&data))
            .expect("request");
        assert_eq!(request.payload.parts()[0].as_ptr(), data.as_ptr());
        assert_eq!(request.headers[CONTENT_TYPE], "audio/wav");
    }

    #[test]
    fn flaws_come_all_at_once() {
        for (plan, says) in [
            ("json = {}", vec!["needs one of `get`"]),
            ("get = '/a'\npost = '/b'", vec!["`post` is a second"]),
            (
                "post = '/a'\ntext = 'x'\naudio = 'y'",
                vec!["at most one body, not `text` and `audio`"],
            ),
            (
                "get = '/{{a'\nheaders = { 'a b' = 'x' }",
                vec!["not closed", "`a b` is not a header"],
            ),
            ("get = 'ftp://x/'", vec!["`ftp` is neither http nor https"]),
            (
                "post = '/a'\nmultipart = { f = { audio = 'a', file = 'b' } }",
                vec!["exactly one of `audio` and `file`"],
            ),
            (
                "post = '/a'\nmultipart = { f = { file = 'nope.wav' } }",
                vec!["cannot be read"],
            ),
        ] {
            let flaws = compile(plan, &mut Slots::default()).expect_err(plan);
            assert_eq!(flaws.len(), says.len(), "{plan}: {flaws:?}");
            for (flaw, says) in flaws.iter().zip(says) {
                assert!(flaw.message.contains(says), "{plan}: {flaw}");
            }
        }
        let unknown = toml::from_str::<HttpSpec>("gett = '/a'").expect_err("unknown");
        assert!(unknown.message().contains("gett"), "{unknown}");
        let schema = schemars::schema_for!(HttpSpec);
        assert_eq!(schema.get("additionalProperties"), Some(&json!(false)));
    }
}
