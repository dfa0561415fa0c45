//! One finding, and the list of all of them.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Sources, Span};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingLevel {
    /// Worth knowing; the plan is used as it is.
    Warning,
    /// The plan cannot be used.
    Error,
}

/// One finding about a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: FindingLevel,
    /// What is wrong, in one sentence fragment; names in backticks.
    pub message: String,
    /// What the caret points at.
    pub span: Option<Span>,
    /// What stands under the caret.
    pub label: String,
    /// What to do next, one line each.
    pub help: Vec<String>,
    /// Whether a value could not be read as what its key takes.
    pub unreadable: bool,
}

impl Diagnostic {
    /// An error at `span`. Errors that come through serde are one text: the first line of `message` says what is wrong, each
    /// further line what to do next.
    #[must_use]
    pub fn error(message: impl Into<String>, span: Span) -> Self {
        let message = message.into();
        let mut lines = message.split('\n').map(str::to_owned);
        Self {
            severity: FindingLevel::Error,
            message: lines.next().unwrap_or_default(),
            span: Some(span),
            label: String::new(),
            help: lines.collect(),
            unreadable: false,
        }
    }

    /// A warning at `span`.
    #[must_use]
    pub fn warning(message: impl Into<String>, span: Span) -> Self {
        Self {
            severity: FindingLevel::Warning,
            ..Self::error(message, span)
        }
    }

    /// The same finding with a text under its caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The same finding with one more line of advice.
    #[must_use]
    pub fn help(mut self, line: impl Into<String>) -> Self {
        let line = line.into();
        if !line.is_empty() && !self.help.contains(&line) {
            self.help.push(line);
        }
        self
    }

    /// The same finding with its texts as `change` makes them.
    #[must_use]
    pub fn change(mut self, change: impl Fn(&str) -> String) -> Self {
        self.message = change(&self.message);
        self.label = change(&self.label);
        self.help.iter_mut().for_each(|line| *line = change(line));
        self
    }

    /// The finding with its place and a caret, ready to print.
    #[must_use]
    pub fn render(&self, sources: &Sources, colour: bool) -> String {
        let level = match self.severity {
            FindingLevel::Error => Level::ERROR,
            FindingLevel::Warning => Level::WARNING,
        };
        let title = level.primary_title(self.message.as_str());
        let place = self.span.as_ref().and_then(|span| sources.slice(span));
        let mut groups = vec![match &place {
            Some((path, text, span)) => title.element(
                Snippet::source(*text)
                    .path(path.display().to_string())
                    .annotation(
                        AnnotationKind::Primary
                            .span(span.clone())
                            .label(self.label.as_str()),
                    ),
            ),
            None => Group::with_title(title),
        }];
        groups.extend(
            self.help
                .iter()
                .map(|line| Group::with_title(Level::HELP.secondary_title(line.as_str()))),
        );
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.render(&groups).to_string()
    }
}

/// All findings about a plan: a person wants every mistake at once, not the first.
#[derive(Debug, Clone, Default)]
pub struct Diagnostics {
    all: Vec<Diagnostic>,
    /// Places that are wrong only because of another mistake.
    excused: Vec<Span>,
}

impl Diagnostics {
    /// Adds one finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !self.all.contains(&diagnostic) {
            self.all.push(diagnostic);
        }
    }

    /// Every finding in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        let mut sorted: Vec<_> = self.all.iter().collect();
        sorted.sort_by_key(|d| d.span.as_ref().map_or(0, |span| span.start));
        sorted.into_iter()
    }

    /// Every finding as `change` makes it.
    #[must_use]
    pub fn map(self, change: impl Fn(Diagnostic) -> Diagnostic) -> Self {
        Self {
            all: self.all.into_iter().map(change).collect(),
            excused: self.excused,
        }
    }

    /// Whether the plan cannot be used.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.all.iter().any(|d| d.severity == FindingLevel::Error)
    }

    /// Nothing further is to be said about this place: it is wrong only because of a mistake that was found elsewhere.
    pub fn excuse(&mut self, span: Span) {
        self.excused.push(span);
    }

    /// Whether something is said to be wrong at exactly this place, or need not be said.
    #[must_use]
    pub fn has_error_at(&self, span: Option<&Span>) -> bool {
        span.is_some_and(|span| self.excused.contains(span))
            || span.is_some()
                && self
                    .all
                    .iter()
                    .any(|d| d.severity == FindingLevel::Error && d.span.as_ref() == span)
    }

    /// How many errors there are.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.all
            .iter()
            .filter(|d| d.severity == FindingLevel::Error)
            .count()
    }

    /// Every finding rendered, with an empty line between two.
    #[must_use]
    pub fn render(&self, sources: &Sources, colour: bool) -> String {
        let texts: Vec<_> = self.iter().map(|d| d.render(sources, colour)).collect();
        texts.join("\n\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_names_file_line_column_and_remedy() {
        let mut sources = Sources::default();
        sources.add("plan.toml", "name = \"x\"\ntreshold = 1\n");
        let found = Diagnostic::error("unknown key `treshold`", 11..19)
            .help("a key with a similar name exists: `threshold`");
        let text = found.render(&sources, false);
        assert!(text.contains("plan.toml:2:1"), "{text}");
        assert!(text.contains("^^^^^^^^"), "{text}");
        assert!(
            text.contains("help: a key with a similar name exists: `threshold`"),
            "{text}"
        );
    }

    #[test]
    fn findings_come_in_the_order_of_the_file_and_once() {
        let mut all = Diagnostics::default();
        all.push(Diagnostic::warning("second", 9..10));
        all.push(Diagnostic::error("first", 2..3));
        all.push(Diagnostic::error("first", 2..3));
        let messages: Vec<_> = all.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(messages, ["first", "second"]);
        assert_eq!(all.errors(), 1);
    }
}
