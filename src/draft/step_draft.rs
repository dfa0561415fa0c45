//! One request of a plan that is written.

use std::fmt;

use super::body_draft::BodyDraft;
use super::toml_text::{aligned, quoted, texts};

/// The methods that a step can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepMethod {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

impl StepMethod {
    pub(super) const ALL: [Self; 6] = [
        Self::Get,
        Self::Head,
        Self::Post,
        Self::Put,
        Self::Patch,
        Self::Delete,
    ];

    /// The key of a step.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Head => "head",
            Self::Post => "post",
            Self::Put => "put",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }

    /// The method of that name, in letters of either case.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|method| method.key().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for StepMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key().to_uppercase())
    }
}

/// One request.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct StepDraft {
    /// Comments above it.
    pub(super) about: Vec<String>,
    /// `None` in a flow of one step.
    pub(super) name: Option<String>,
    pub(super) method: StepMethod,
    /// A path, or a whole URL.
    pub(super) address: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: BodyDraft,
    /// Further keys, written already: `expect`, `capture`.
    pub(super) more: Vec<(String, String)>,
    /// Comments below its keys.
    pub(super) ideas: Vec<String>,
}

impl StepDraft {
    pub(super) fn new(method: StepMethod, address: impl Into<String>) -> Self {
        Self {
            about: Vec::new(),
            name: None,
            method,
            address: address.into(),
            headers: Vec::new(),
            body: BodyDraft::Nothing,
            more: Vec::new(),
            ideas: Vec::new(),
        }
    }

    /// Its table in a plan.
    pub(super) fn text(&self, flow: &str) -> String {
        let mut lines = Vec::new();
        if let Some(name) = &self.name {
            lines.push(("name".to_owned(), quoted(name)));
        }
        lines.push((format!("http.{}", self.method.key()), quoted(&self.address)));
        if !self.headers.is_empty() {
            lines.push(("http.headers".to_owned(), texts(&self.headers)));
        }
        let (body, table) = self.body.lines(flow);
        lines.extend(body);
        lines.extend(self.more.iter().cloned());
        let comments = |all: &[String]| {
            all.iter()
                .map(|line| format!("# {line}\n"))
                .collect::<String>()
        };
        format!(
            "{}[[flow.{flow}]]\n{}{}{table}",
            comments(&self.about),
            aligned(&lines),
            comments(&self.ideas)
        )
    }
}
