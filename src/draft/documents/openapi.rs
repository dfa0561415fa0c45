//! An OpenAPI document, of version 3 or 2: each operation is a step.

use std::collections::BTreeMap;

use serde_json::Value;

use super::error::DocumentError;
use super::operation::Operation;
use super::plan_place::PlanPlace;
use super::step_name::StepNames;
use crate::draft::kinds::USUAL_URL;
use crate::draft::load_draft::LoadDraft;
use crate::draft::one_request::{UrlParts, ready};
use crate::draft::plan_draft::PlanDraft;
use crate::draft::secret_draft::SecretDraft;
use crate::draft::step_draft::StepMethod;
use crate::draft::toml_text;

/// The plan of a document.
pub(super) fn draft(document: &Value, place: PlanPlace<'_>) -> Result<PlanDraft, DocumentError> {
    let said = server(document);
    let (target, base) = match (place.url, &said) {
        (Some(url), Some(said)) => (UrlParts::of(url)?, path_of(&said.path)),
        (Some(url), None) => (UrlParts::of(url)?, base_path(document)),
        (None, Some(said)) => (said.clone(), path_of(&said.path)),
        (None, None) => (UrlParts::of(USUAL_URL)?, base_path(document)),
    };
    let mut names = StepNames::default();
    let mut vars = BTreeMap::new();
    let (mut steps, mut left_out, mut hidden) = (Vec::new(), Vec::new(), Vec::new());
    for operation in operations(document) {
        let line = format!("{} {base}{}", operation.method, operation.path);
        if operation.is_deprecated() {
            left_out.push(format!("Left out: {line}: it is deprecated."));
        } else if operation.method == StepMethod::Delete {
            left_out.push(format!("Left out: {line}: what is deleted is gone; add it where the flow has made it itself."));
        } else {
            let name = names.of(operation.method.key(), operation.path);
            let mut step = operation.step(name, &mut vars);
            step.address = format!("{base}{}", step.address);
            step.body = step.body.without_secrets(&mut hidden);
            steps.push(step);
        }
    }
    if steps.is_empty() {
        return Err(DocumentError::NoOperation);
    }
    let title = document
        .pointer("/info/title")
        .and_then(Value::as_str)
        .unwrap_or("a service");
    let mut about = PlanDraft::begin(
        &format!(
            "{}, from its OpenAPI document: each operation is a step.",
            title.replace('\n', " ")
        ),
        place.file,
    );
    about.push("Values are examples: complete them, take steps out that no user takes in one go, and put the others in order.".to_owned());
    let mut target_keys = vec![("ready".to_owned(), ready(&target.socket))];
    let mut secrets = security(document, &mut target_keys);
    secrets.extend(hidden);
    Ok(PlanDraft {
        about,
        name: place.name.to_owned(),
        target: target.origin,
        target_keys,
        vars: vars.into_iter().collect(),
        secrets,
        may_lack_secrets: true,
        flow: "api".to_owned(),
        steps,
        load: LoadDraft::default(),
        left_out,
    })
}

/// Every operation that a step can be, in the order of the document.
fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = document.get("paths").and_then(Value::as_object);
    let mut all = Vec::new();
    for (path, shared) in paths.into_iter().flatten() {
        for (key, own) in shared.as_object().into_iter().flatten() {
            if let Some(method) = StepMethod::named(key).filter(|_| own.is_object()) {
                all.push(Operation {
                    document,
                    path,
                    method,
                    shared,
                    own,
                });
            }
        }
    }
    all
}

/// The first server, where it is a whole URL.
fn server(document: &Value) -> Option<UrlParts> {
    let first = document.pointer("/servers/0");
    let url = match first.and_then(|server| server.get("url")?.as_str()) {
        Some(url) => {
            let variables = first.and_then(|server| server.get("variables")?.as_object());
            let mut url = url.to_owned();
            for (name, own) in variables.into_iter().flatten() {
                let value = own
                    .get("default")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                url = url.replace(&format!("{{{name}}}"), value);
            }
            url
        }
        None => {
            let host = document.get("host")?.as_str()?;
            let scheme = document
                .pointer("/schemes/0")
                .and_then(Value::as_str)
                .unwrap_or("https");
            format!("{scheme}://{host}{}", base_path(document))
        }
    };
    UrlParts::of(&url).ok()
}

/// The path that stands before all others, where the server is not a whole URL.
fn base_path(document: &Value) -> String {
    let relative = document.pointer("/servers/0/url").and_then(Value::as_str);
    let relative = relative.filter(|url| url.starts_with('/'));
    let own = relative.or_else(|| document.get("basePath")?.as_str());
    path_of(own.unwrap_or_default())
}

fn path_of(path: &str) -> String {
    path.trim_end_matches('/').to_owned()
}

/// What the document says of who may ask, as `auth` and headers of the target.
fn security(document: &Value, target_keys: &mut Vec<(String, String)>) -> Vec<SecretDraft> {
    let schemes = document
        .pointer("/components/securitySchemes")
        .or_else(|| document.get("securityDefinitions"))
        .and_then(Value::as_object);
    let Some(scheme) = schemes.and_then(|schemes| schemes.values().next()) else {
        return Vec::new();
    };
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
    let (secret, key, value) = match (
        text("type"),
        text("scheme").to_lowercase().as_str(),
        text("in"),
    ) {
        ("http", "basic", _) | ("basic", _, _) => {
            let secret = SecretDraft::named("basic_auth", "");
            let value = format!("{{ basic = \"{}\" }}", secret.used());
            (secret, "auth", value)
        }
        ("apiKey", _, "header") => {
            let secret = SecretDraft::named(text("name"), "");
            let name = toml_text::key(text("name"));
            let value = format!("{{ {name} = \"{}\" }}", secret.used());
            (secret, "headers", value)
        }
        ("http" | "oauth2" | "openIdConnect", _, _) => {
            let secret = SecretDraft::named("token", "");
            let value = format!("{{ bearer = \"{}\" }}", secret.used());
            (secret, "auth", value)
        }
        _ => return Vec::new(),
    };
    target_keys.push((key.to_owned(), value));
    vec![secret]
}
