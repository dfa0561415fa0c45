//! Where a value stands in an answer.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jsonpath_rust::parser::model::JpQuery;
use jsonpath_rust::parser::parse_json_path;
use jsonpath_rust::query::js_path_process;
use regex::Regex;
use serde_json::Value;
use serde_json_path::JsonPath;

use super::error::SelectError;
use super::plan_text::plan_text;
use super::{Evidence, Found, fill};

const FORMS: [&str; 8] = [
    "$.PATH",
    "header NAME",
    "body",
    "bytes",
    "status",
    "event",
    "id",
    "regex PATTERN",
];

/// So many brackets may stand in each other: the reader of paths tries every reading of each, and needs twice as long for every level.
const DEEPEST: usize = 8;

/// A way to values in an answer: `$.text`, `header retry-after`, `body`, `bytes`, `regex id=(\d+)`.
#[derive(Debug, Clone)]
pub struct Selector {
    text: String,
    way: Way,
}

#[derive(Debug, Clone)]
enum Way {
    Json(Box<JsonPath>),
    /// A path with a negative index in a filter, which the usual reader compares with nothing.
    Filter(Box<JpQuery>),
    Header(String),
    Body,
    Bytes,
    Regex(Regex),
    Status,
    /// The `event` or `id` of a server-sent event.
    Field(&'static str),
}

/// Fields of a server-sent event beside its data.
const FIELDS: [&str; 2] = ["event", "id"];

impl Selector {
    /// Every value found, in the order of the answer.
    #[must_use]
    pub fn find<'a>(&self, evidence: &'a dyn Evidence) -> Vec<Found<'a>> {
        match &self.way {
            Way::Json(path) => match evidence.json() {
                Some(json) => path
                    .query(json)
                    .all()
                    .into_iter()
                    .map(Cow::Borrowed)
                    .collect(),
                None => Vec::new(),
            },
            Way::Filter(path) => match evidence.json() {
                Some(json) => js_path_process(path, json)
                    .into_iter()
                    .flatten()
                    .map(|found| Cow::Borrowed(found.val()))
                    .collect(),
                None => Vec::new(),
            },
            Way::Header(name) => evidence
                .header(name)
                .map(|text| Cow::Owned(text.into()))
                .into_iter()
                .collect(),
            Way::Body => vec![Cow::Owned(evidence.text().into())],
            Way::Status => vec![Cow::Owned(match evidence.status_name() {
                Some(name) => name.into(),
                None => evidence.status().into(),
            })],
            Way::Field(name) => evidence.named(name).map(Cow::Owned).into_iter().collect(),
            Way::Bytes => vec![Cow::Owned(evidence.size().into())],
            Way::Regex(regex) => {
                let body = evidence.text();
                let found = regex
                    .captures(&body)
                    .and_then(|groups| groups.get(1).or_else(|| groups.get(0)));
                found
                    .map(|found| Cow::Owned(found.as_str().into()))
                    .into_iter()
                    .collect()
            }
        }
    }

    /// Every value found in the answer with other spellings of its names, and with defaults where they are asked for.
    #[must_use]
    pub fn find_spelled_out(&self, evidence: &dyn Evidence, defaults: bool) -> Vec<Value> {
        let Way::Json(path) = &self.way else {
            return Vec::new();
        };
        // `[?@.final]` asks whether a field was said.
        let defaults = defaults && !self.text.contains("[?");
        evidence
            .spelled_out(defaults)
            .map(|json| path.query(&json).all().into_iter().cloned().collect())
            .unwrap_or_default()
    }

    /// The first value found.
    #[must_use]
    pub fn first(&self, evidence: &dyn Evidence) -> Option<Value> {
        self.first_of(evidence, false)
    }

    /// The first value found, a default too.
    #[must_use]
    pub fn first_or_default(&self, evidence: &dyn Evidence) -> Option<Value> {
        self.first_of(evidence, true)
    }

    fn first_of(&self, evidence: &dyn Evidence, defaults: bool) -> Option<Value> {
        let found = self.find(evidence).into_iter().next();
        found
            .map(Cow::into_owned)
            .or_else(|| self.find_spelled_out(evidence, defaults).into_iter().next())
    }

    /// Whether it reads a header, which is there before any body is.
    #[must_use]
    pub const fn is_of_head(&self) -> bool {
        matches!(self.way, Way::Header(_))
    }

    /// Whether it reads the answer as JSON.
    #[must_use]
    pub fn needs_json(&self) -> bool {
        matches!(self.way, Way::Json(_) | Way::Filter(_))
    }
}

impl FromStr for Selector {
    type Err = SelectError;

    fn from_str(text: &str) -> Result<Self, SelectError> {
        Self::read(text, &[])
    }
}

impl Selector {
    /// Reads a selector; a value in it is never read as a part of a path or a pattern.
    pub(super) fn read(text: &str, values: &[Value]) -> Result<Self, SelectError> {
        let text = text.trim();
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        let way = match (word, rest) {
            _ if text.starts_with('$') => {
                let text = fill::path(text, values);
                if depth(&text) > DEEPEST {
                    return Err(SelectError::new(format!(
                        "a path nested more than {DEEPEST} levels deep is not read\nname the value by fewer filters in each other"
                    )));
                }
                let path =
                    JsonPath::parse(&text).map_err(|error| no_path(&text, &error.to_string()))?;
                match parse_json_path(&text) {
                    Ok(path) if counts_back_in_a_filter(&text) => Way::Filter(Box::new(path)),
                    _ => Way::Json(Box::new(path)),
                }
            }
            ("body", "") => Way::Body,
            ("bytes", "") => Way::Bytes,
            ("status", "") => Way::Status,
            (word, "") if let Some(field) = FIELDS.iter().find(|field| **field == word) => {
                Way::Field(field)
            }
            ("header" | "regex", "") => {
                return Err(SelectError::no_such_form(text, "a whole selector", &FORMS));
            }
            ("header", name) if !name.contains(char::is_whitespace) => {
                Way::Header(fill::plain(name, values).into_owned())
            }
            ("regex", pattern) => Way::Regex(regex(&fill::pattern(pattern, values))?),
            _ => return Err(SelectError::no_such_form(text, "a selector", &FORMS)),
        };
        Ok(Self {
            text: fill::plain(text, values).into_owned(),
            way,
        })
    }
}

/// How deep brackets stand in each other, those of texts in quotes left out.
fn depth(path: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut quote = None;
    let mut chars = path.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(_), '\\') => drop(chars.next()),
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Whether an index from the end stands behind the begin of a filter.
fn counts_back_in_a_filter(path: &str) -> bool {
    path.split_once('?').is_some_and(|(_, filter)| {
        let mut indices = filter.split('[').skip(1).map(str::trim_start);
        indices.any(|index| index.starts_with('-'))
    })
}

/// A regular expression, or an error in one line.
pub(super) fn regex(pattern: &str) -> Result<Regex, SelectError> {
    Regex::new(pattern).map_err(|error| {
        let whole = error.to_string();
        let last = whole
            .lines()
            .last()
            .unwrap_or_default()
            .trim_start_matches("error: ");
        SelectError::new(format!(
            "`{pattern}` is not a regular expression: {last}\n`(?i)` ignores case; a literal `(` is written `\\\\(`"
        ))
    })
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// What the reader of paths says is about its grammar; where it stopped is what helps.
fn no_path(text: &str, said: &str) -> SelectError {
    let digits = said.strip_prefix("at position ").map(|rest| {
        rest.chars()
            .take_while(char::is_ascii_digit)
            .collect::<String>()
    });
    let rest = digits
        .and_then(|at| text.get(at.parse::<usize>().ok()?..))
        .filter(|rest| !rest.is_empty() && *rest != text);
    let message = match rest {
        Some(rest) => format!("`{text}` is not a JSONPath: `{rest}` is not expected there"),
        None => format!("`{text}` is not a JSONPath"),
    };
    SelectError::new(format!(
        "{message}\npaths look like `$.job_id`, `$.segments[0].text`, `$.segments[*].text` (RFC 9535)"
    ))
}

plan_text!(
    Selector,
    "selector",
    "a selector: \"$.path\", \"header NAME\", \"body\", \"bytes\", \"status\", \"regex PATTERN\", or of an event \"event\" and \"id\"",
    [
        "$.text",
        "header retry-after",
        "body",
        "bytes",
        "status",
        "regex id=([0-9]+)"
    ]
);

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use serde_json::json;

    /// An answer for tests.
    pub(in crate::select) struct Answer {
        pub(in crate::select) status: u16,
        pub(in crate::select) body: String,
        pub(in crate::select) json: Option<Value>,
    }

    impl Answer {
        pub(in crate::select) fn new(status: u16, body: &str) -> Self {
            Self {
                status,
                body: body.to_owned(),
                json: serde_json::from_str(body).ok(),
            }
        }
    }

    impl Evidence for Answer {
        fn status(&self) -> u16 {
            self.status
        }
        fn header(&self, name: &str) -> Option<&str> {
            name.eq_ignore_ascii_case("retry-after").then_some("12")
        }
        fn body(&self) -> &[u8] {
            self.body.as_bytes()
        }
        fn json(&self) -> Option<&Value> {
            self.json.as_ref()
        }
        fn named(&self, subject: &str) -> Option<Value> {
            (subject == "messages").then(|| json!(3))
        }
    }

    #[test]
    fn finds_values() {
        let answer = Answer::new(
            200,
            r#"{"id": 7, "w": [{"t": "a"}, {"t": "b"}], "text": ""}"#,
        );
        for (selector, found) in [
            ("$.id", json!([7])),
            ("$.w[*].t", json!(["a", "b"])),
            ("$.w[?@.t == $.w[-1].t].t", json!(["b"])),
            ("$.w[?count($.w[-1]) == 1].t", json!(["a", "b"])),
            ("$.w[-1].t", json!(["b"])),
            ("$.missing", json!([])),
            ("header Retry-After", json!(["12"])),
            ("header other", json!([])),
            ("bytes", json!([52])),
            (r#"regex "id": (\d+)"#, json!(["7"])),
            (r"regex te.t", json!(["text"])),
            ("regex nope", json!([])),
        ] {
            let selector: Selector = selector.parse().expect(selector);
            let values: Vec<_> = selector
                .find(&answer)
                .into_iter()
                .map(Cow::into_owned)
                .collect();
            assert_eq!(Value::Array(values), found, "{selector}");
        }
        let first: Selector = "$.w[*].t".parse().expect("path");
        assert_eq!(first.first(&answer), Some(json!("a")));
        let body: Selector = "body".parse().expect("body");
        assert_eq!(body.first(&Answer::new(200, "hi")), Some(json!("hi")));
        assert_eq!(first.first(&Answer::new(200, "not json")), None);
    }

    #[test]
    fn what_is_no_selector_is_named() {
        for (text, says) in [
            ("heder x", "did you mean `header NAME`?"),
            ("byte", "did you mean `bytes`?"),
            ("regexp a+", "did you mean `regex PATTERN`?"),
            ("header", "`header` is not a whole selector"),
            ("regex (", "not a regular expression: unclosed group"),
            ("$.a[", "is not a JSONPath"),
            ("", "write one of"),
        ] {
            let error = text.parse::<Selector>().expect_err(text);
            assert!(error.message.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn paths_are_not_nested_without_end() {
        let nested = |open: &str, close: &str, levels: usize| {
            format!("$[?{}@.a{}]", open.repeat(levels), close.repeat(levels))
        };
        for (path, is_read) in [
            (nested("(", ")", 7), true),
            (nested("(", ")", 8), false),
            (nested("(", ")", 100_000), false),
            (nested("@[?", "]", 2_000), false),
            (format!("$['{}']", "[".repeat(100)), true),
            (format!("$.a[0]{}", "[0]".repeat(50)), true),
        ] {
            let shown = &path[..path.len().min(40)];
            assert_eq!(path.parse::<Selector>().is_ok(), is_read, "{shown}");
        }
    }
}
