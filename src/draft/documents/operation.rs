//! One operation of an OpenAPI document, as a step.

use std::collections::BTreeMap;

use serde_json::Value;
use url::form_urlencoded::byte_serialize;

use super::example_value::{example, resolved};
use super::step_name::word;
use crate::draft::body_draft::{BodyDraft, POOL, PartDraft};
use crate::draft::literal::literal_json;
use crate::draft::step_draft::{StepDraft, StepMethod};

/// Some identifier, where a plan needs one that stays.
const UUID: &str = "00000000-0000-4000-8000-000000000000";

/// One operation, with what it shares with others at its path.
pub(super) struct Operation<'a> {
    pub(super) document: &'a Value,
    pub(super) path: &'a str,
    pub(super) method: StepMethod,
    pub(super) shared: &'a Value,
    pub(super) own: &'a Value,
}

impl Operation<'_> {
    pub(super) fn summary(&self) -> Option<&str> {
        ["summary", "operationId"]
            .iter()
            .find_map(|key| self.own.get(*key)?.as_str())
    }

    pub(super) fn is_deprecated(&self) -> bool {
        self.own.get("deprecated").is_some_and(|flag| flag == true)
    }

    /// The step, and what has to be completed for it, by name.
    pub(super) fn step(&self, name: String, vars: &mut BTreeMap<String, String>) -> StepDraft {
        let mut path = self.path.to_owned();
        let (mut query, mut headers) = (Vec::new(), Vec::new());
        for parameter in self.parameters() {
            let (Some(own), Some(place)) = (
                parameter.get("name").and_then(Value::as_str),
                parameter.get("in").and_then(Value::as_str),
            ) else {
                continue;
            };
            let value = self.value(parameter);
            let is_required = parameter.get("required").is_some_and(|flag| flag == true);
            match place {
                "path" => {
                    let var = word(own);
                    // A variable is known before there is an iteration that has a `uuid`.
                    vars.entry(var.clone())
                        .or_insert_with(|| value.replace("{{uuid}}", UUID));
                    path = path.replace(&format!("{{{own}}}"), &format!("{{{{{var}}}}}"));
                }
                "query" if is_required => {
                    let value: String = byte_serialize(value.as_bytes()).collect();
                    query.push(format!("{own}={value}"));
                }
                "header" if is_required => headers.push((own.to_owned(), value)),
                _ => {}
            }
        }
        if !query.is_empty() {
            path = format!("{path}?{}", query.join("&"));
        }
        let mut step = StepDraft::new(self.method, path);
        step.about = self
            .summary()
            .map(|line| line.lines().next().unwrap_or_default().to_owned())
            .into_iter()
            .collect();
        step.name = Some(name);
        step.headers = headers;
        step.body = self.body();
        step.more.push((
            "expect".to_owned(),
            format!("{{ status = {} }}", self.status()),
        ));
        let found = self.identifier();
        step.ideas
            .extend(found.map(|(key, way)| format!("capture = {{ {key} = \"{way}\" }}")));
        step
    }

    fn parameters(&self) -> impl Iterator<Item = &Value> {
        let lists = [self.shared, self.own].into_iter();
        lists
            .filter_map(|owner| owner.get("parameters")?.as_array())
            .flatten()
            .map(|one| resolved(self.document, one))
    }

    /// An example of a parameter, as text.
    fn value(&self, parameter: &Value) -> String {
        let named = parameter.get("example").cloned().map(literal_json);
        // In version 2 the schema is the parameter itself.
        let schema = parameter.get("schema").unwrap_or(parameter);
        match named.unwrap_or_else(|| example(self.document, schema)) {
            Value::String(text) => text,
            Value::Array(items) => items.first().map_or(String::new(), |first| match first {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            }),
            other => other.to_string(),
        }
    }

    fn body(&self) -> BodyDraft {
        let content = self
            .own
            .get("requestBody")
            .map(|body| resolved(self.document, body))
            .and_then(|body| body.get("content")?.as_object());
        for (media_type, content) in content.into_iter().flatten() {
            let schema = content.get("schema").cloned().unwrap_or_default();
            let named = content.get("example").cloned().or_else(|| {
                let first = content.get("examples")?.as_object()?.values().next()?;
                resolved(self.document, first).get("value").cloned()
            });
            let value = named.map_or_else(|| example(self.document, &schema), literal_json);
            if media_type.contains("json") {
                return BodyDraft::of(&value.to_string());
            }
            if media_type.starts_with("multipart/") {
                return BodyDraft::Multipart(self.parts(&schema, &value));
            }
            if media_type.contains("urlencoded") {
                return BodyDraft::Form(fields(&value));
            }
        }
        self.body_of_version_2()
    }

    /// The parameters `in: body` and `in: formData`.
    fn body_of_version_2(&self) -> BodyDraft {
        let mut form = Vec::new();
        for parameter in self.parameters() {
            match parameter.get("in").and_then(Value::as_str) {
                Some("body") => {
                    let schema = parameter.get("schema").cloned().unwrap_or_default();
                    return BodyDraft::of(&example(self.document, &schema).to_string());
                }
                Some("formData") if parameter.get("type").is_none_or(|kind| kind != "file") => {
                    let name = parameter
                        .get("name")
                        .and_then(Value::as_str)
                        .unwrap_or_default();
                    form.push((name.to_owned(), self.value(parameter)));
                }
                _ => {}
            }
        }
        if form.is_empty() {
            BodyDraft::Nothing
        } else {
            BodyDraft::Form(form)
        }
    }

    /// The parts of a form; a file is a text to be replaced.
    fn parts(&self, schema: &Value, value: &Value) -> Vec<(String, PartDraft)> {
        let schema = resolved(self.document, schema);
        let is_file = |name: &str| {
            let own = schema.get("properties").and_then(|all| all.get(name));
            own.map(|own| resolved(self.document, own))
                .is_some_and(|own| {
                    own.get("format").is_some_and(|format| format == "binary")
                        || own.get("contentMediaType").is_some()
                })
        };
        fields(value)
            .into_iter()
            .map(|(name, text)| {
                let part = if is_file(&name) {
                    PartDraft::Audio(POOL.to_owned())
                } else {
                    PartDraft::Text(text)
                };
                (name, part)
            })
            .collect()
    }

    /// The first good status that it has.
    fn status(&self) -> String {
        let all = self.own.get("responses").and_then(Value::as_object);
        let codes = all.into_iter().flatten().map(|(code, _)| code.as_str());
        let mut good = codes.filter(|code| code.starts_with('2') && code.len() == 3);
        match good.next() {
            Some(code) if code.parse::<u16>().is_ok() => code.to_owned(),
            _ => "\"200 .. 299\"".to_owned(),
        }
    }

    /// What of the reply a later step may ask for: its name, and the way to it.
    fn identifier(&self) -> Option<(String, String)> {
        let all = self.own.get("responses").and_then(Value::as_object)?;
        let (_, reply) = all.iter().find(|(code, _)| code.starts_with('2'))?;
        let reply = resolved(self.document, reply);
        let json = reply
            .get("content")
            .and_then(|content| content.get("application/json"));
        let schema = json.unwrap_or(reply).get("schema")?;
        let schema = resolved(self.document, schema);
        let properties = schema.get("properties")?.as_object()?;
        let meant = |name: &&String| {
            let name = name.to_lowercase();
            name == "id" || name.ends_with("_id") || name.ends_with("token")
        };
        let key = properties.keys().find(meant)?;
        Some((word(key), format!("$.{key}")))
    }
}

/// The entries of an object as texts.
fn fields(value: &Value) -> Vec<(String, String)> {
    let entries = value.as_object().into_iter().flatten();
    entries
        .map(|(name, value)| {
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            (name.clone(), text)
        })
        .collect()
}
