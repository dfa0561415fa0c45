//! A HAR file: what a browser or a proxy has recorded, without pages, styles and images.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

use super::correlate::{SaidValue, said};
use super::curl::typed;
use super::error::DocumentError;
use super::header_noise::is_noise;
use super::plan_place::PlanPlace;
use super::step_name::{StepNames, word};
use crate::draft::body_draft::BodyDraft;
use crate::draft::literal::literal;
use crate::draft::load_draft::LoadDraft;
use crate::draft::one_request::{UrlParts, ready};
use crate::draft::plan_draft::PlanDraft;
use crate::draft::secret_draft::{SecretDraft, is_confidential};
use crate::draft::step_draft::{StepDraft, StepMethod};
use crate::draft::toml_text::texts;

/// What a page is made of.
const PAGES: [&str; 9] = [
    "text/html",
    "text/css",
    "javascript",
    "image/",
    "font",
    "wasm",
    "video/",
    "manifest",
    "audio/mpeg",
];
const ENDINGS: [&str; 12] = [
    ".css", ".js", ".mjs", ".png", ".jpg", ".jpeg", ".svg", ".gif", ".ico", ".woff", ".woff2",
    ".map",
];

#[derive(Debug, Deserialize)]
struct Archive {
    log: ArchiveLog,
}

#[derive(Debug, Deserialize)]
struct ArchiveLog {
    entries: Vec<ArchiveEntry>,
}

#[derive(Debug, Deserialize)]
struct ArchiveEntry {
    request: ArchiveRequest,
    response: ArchiveResponse,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ArchiveRequest {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<NamedValue>,
    #[serde(default)]
    post_data: Option<PostData>,
}

#[derive(Debug, Deserialize)]
struct NamedValue {
    name: String,
    value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PostData {
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    text: String,
}

#[derive(Debug, Deserialize)]
struct ArchiveResponse {
    status: i64,
    #[serde(default)]
    content: Option<Content>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    #[serde(default)]
    mime_type: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    encoding: Option<String>,
}

/// The plan of a recording.
pub(super) fn draft(document: &Value, place: PlanPlace<'_>) -> Result<PlanDraft, DocumentError> {
    let archive = Archive::deserialize(document).map_err(DocumentError::Har)?;
    let all = archive.log.entries.len();
    let entries: Vec<ArchiveEntry> = archive
        .log
        .entries
        .into_iter()
        .filter(ArchiveEntry::is_of_an_api)
        .collect();
    let mut left_out = Vec::new();
    if all > entries.len() {
        let noun = if all - entries.len() == 1 {
            "request"
        } else {
            "requests"
        };
        left_out.push(format!(
            "Left out: {} {noun} of pages, styles, scripts and images.",
            all - entries.len()
        ));
    }
    let origin = main_origin(&entries).ok_or(DocumentError::OnlyPages(all))?;
    let mut recording = Recording {
        origin: &origin,
        ..Recording::default()
    };
    for entry in &entries {
        recording.take(entry)?;
    }
    left_out.extend(recording.left_out);
    let target = UrlParts::of(place.url.unwrap_or(&origin))?;
    let mut about = PlanDraft::begin(
        "From a HAR file: each request of it is a step, in the order of the recording.",
        place.file,
    );
    about.push("What a reply says and a later request repeats is captured; look whether that was meant, and complete `expect`.".to_owned());
    Ok(PlanDraft {
        about,
        name: place.name.to_owned(),
        target_keys: vec![("ready".to_owned(), ready(&target.socket))],
        target: target.origin,
        vars: Vec::new(),
        secrets: recording.secrets,
        may_lack_secrets: true,
        flow: "recorded".to_owned(),
        steps: recording.steps,
        load: LoadDraft::default(),
        left_out,
    })
}

impl ArchiveEntry {
    fn is_of_an_api(&self) -> bool {
        let media_type = self
            .response
            .content
            .as_ref()
            .map_or("", |own| own.mime_type.as_str());
        let path = self
            .request
            .url
            .split(['?', '#'])
            .next()
            .unwrap_or_default()
            .to_lowercase();
        let is_page = PAGES.iter().any(|page| media_type.contains(page));
        let is_file = ENDINGS.iter().any(|ending| path.ends_with(ending));
        let is_http = self.request.url.starts_with("http");
        // A status of 0 is a request that was blocked.
        let changes = !self.request.method.eq_ignore_ascii_case("get");
        is_http
            && !is_file
            && (!is_page || changes)
            && self.response.status > 0
            && !self.request.method.eq_ignore_ascii_case("options")
    }

    fn reply(&self) -> Option<Value> {
        let content = self.response.content.as_ref()?;
        let text = content.text.as_deref()?;
        if content.encoding.as_deref() == Some("base64") {
            let bytes = STANDARD.decode(text).ok()?;
            return serde_json::from_slice(&bytes).ok();
        }
        serde_json::from_str(text).ok()
    }
}

/// The origin of most requests.
fn main_origin(entries: &[ArchiveEntry]) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let origins = entries
        .iter()
        .filter_map(|entry| UrlParts::of(&entry.request.url).ok());
    origins.for_each(|parts| *counts.entry(parts.origin).or_default() += 1);
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(origin, _)| origin)
}

/// A recording while its steps are made.
#[derive(Default)]
struct Recording<'a> {
    origin: &'a str,
    steps: Vec<StepDraft>,
    /// Values that replies have said, with the place of their step.
    said: Vec<(usize, SaidValue)>,
    /// Names of captures that are made, with what they hold.
    captured: Vec<(usize, String, SaidValue)>,
    names: StepNames,
    capture_names: StepNames,
    secrets: Vec<SecretDraft>,
    left_out: Vec<String>,
}

impl Recording<'_> {
    fn take(&mut self, entry: &ArchiveEntry) -> Result<(), DocumentError> {
        let request = &entry.request;
        let address = UrlParts::of(&request.url)?;
        let Some(method) = StepMethod::named(&request.method) else {
            self.left_out.push(format!(
                "Left out: {} {}: no step has this method.",
                request.method, address.shown
            ));
            return Ok(());
        };
        if address.origin != self.origin {
            self.left_out.push(format!(
                "Left out: {method} {}: it goes to another service.",
                address.shown
            ));
            return Ok(());
        }
        let path = self.filled(&address.path);
        let mut headers = Vec::new();
        for NamedValue { name, value } in &request.headers {
            if !is_noise(name) {
                let value = self.header(name, value);
                headers.push((name.clone(), value));
            }
        }
        let body = self.body(request.post_data.as_ref(), &mut headers);
        let at = self.steps.len();
        let name = self.names.of(method.key(), &path);
        let expect = (
            "expect".to_owned(),
            format!("{{ status = {} }}", entry.response.status),
        );
        self.steps.push(StepDraft {
            name: Some(name),
            headers,
            body,
            more: vec![expect],
            ..StepDraft::new(method, path)
        });
        if let Some(reply) = entry.reply() {
            self.said
                .extend(said(&reply).into_iter().map(|value| (at, value)));
        }
        self.write_captures();
        Ok(())
    }

    /// A text with what earlier replies have said in its place.
    fn filled(&mut self, text: &str) -> String {
        self.fill(literal(text))
    }

    /// The same of a text that is literal already.
    fn fill(&mut self, mut text: String) -> String {
        // The longest first: an identifier may hold another one.
        let mut all: Vec<(usize, SaidValue)> = self.said.clone();
        all.sort_by_key(|(_, value)| std::cmp::Reverse(value.text.len()));
        for (at, value) in all {
            let known = self
                .captured
                .iter()
                .find(|(_, _, known)| known.text == value.text);
            let name = match known {
                Some((_, name, _)) => name.clone(),
                None => {
                    if value.replaced(&text, "").is_none() {
                        continue;
                    }
                    let plain = word(&value.key);
                    let plain = if plain.is_empty() { "value" } else { &plain };
                    let name = self.capture_names.free(plain);
                    self.captured.push((at, name.clone(), value.clone()));
                    name
                }
            };
            if let Some(filled) = value.replaced(&text, &format!("{{{{{name}}}}}")) {
                text = filled;
            }
        }
        text
    }

    fn header(&mut self, name: &str, value: &str) -> String {
        let filled = self.filled(value);
        if filled != literal(value) || !is_confidential(name) {
            return filled;
        }
        let secret = SecretDraft::named(name, value);
        let known = self.secrets.iter().find(|known| known.name == secret.name);
        if known.is_none() {
            self.secrets.push(secret.clone());
        }
        secret.used()
    }

    fn body(&mut self, data: Option<&PostData>, headers: &mut Vec<(String, String)>) -> BodyDraft {
        let Some(data) = data.filter(|data| !data.text.is_empty()) else {
            return BodyDraft::Nothing;
        };
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
        let body = match typed(&data.text, &data.mime_type) {
            BodyDraft::Json(value) => BodyDraft::Json(self.filled_json(value)),
            BodyDraft::Form(fields) => BodyDraft::Form(
                fields
                    .into_iter()
                    .map(|(name, text)| (name, self.fill(text)))
                    .collect(),
            ),
            BodyDraft::Text(text) => BodyDraft::Text(self.fill(text)),
            other => other,
        };
        let body = body.without_secrets(&mut self.secrets);
        let plain = data.mime_type.split(';').next().unwrap_or_default().trim();
        if !plain.is_empty() && body.media_type().is_none_or(|own| !own.starts_with(plain)) {
            headers.push(("content-type".to_owned(), data.mime_type.clone()));
        }
        body
    }

    fn filled_json(&mut self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.fill(text)),
            Value::Number(number) => {
                let text = self.filled(&number.to_string());
                if text.contains("{{") {
                    Value::String(text)
                } else {
                    Value::Number(number)
                }
            }
            Value::Array(items) => items
                .into_iter()
                .map(|item| self.filled_json(item))
                .collect(),
            Value::Object(entries) => Value::Object(
                entries
                    .into_iter()
                    .map(|(name, value)| (name, self.filled_json(value)))
                    .collect(),
            ),
            other => other,
        }
    }

    /// Puts the captures that are known by now into their steps.
    fn write_captures(&mut self) {
        for (at, step) in self.steps.iter_mut().enumerate() {
            let own = self.captured.iter().filter(|(step, ..)| *step == at);
            let own: Vec<(String, String)> = own
                .map(|(_, name, value)| (name.clone(), value.path.clone()))
                .collect();
            step.more.retain(|(key, _)| key != "capture");
            if !own.is_empty() {
                step.more.push(("capture".to_owned(), texts(&own)));
            }
        }
    }
}
