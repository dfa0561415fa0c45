//! The forms in which sessions are reported: the one table that files, `--format`, help and documentation are made from.

use std::io;
use std::path::PathBuf;

use super::annotations::{annotations, line_in_baseline};
use super::clients::clients;
use super::html::{HtmlError, diff_html, html, series_html};
use super::inputs::ReportInputs;
use super::json::json;
use super::junit::junit;
use super::markdown::{markdown, sheet_markdown};
use super::metrics::metrics;
use super::sessions::{SessionSeries, Sheet};
use super::terminal::{self, Detail};
use super::view::View;
use crate::gate::Verdict;
use crate::summary::{ClientLine, Summary};

/// Why a form of a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The page does not fit its template.
    #[error(transparent)]
    Html(#[from] HtmlError),
    /// The conversations cannot be read.
    #[error("cannot read `{}`: {source}", path.display())]
    Clients {
        /// Their file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// There are none.
    #[error(
        "this session has no conversations: no step of its plan streams over websocket or grpc"
    )]
    NoConversations,
}

/// What makes a text of a session.
pub(super) type Render = fn(&Report<'_>) -> Result<String, FormatError>;
/// What makes a text of several sessions.
pub(super) type RenderSeveral = fn(&SeveralReport<'_>) -> Result<String, FormatError>;

/// One form of a report.
#[derive(Debug)]
pub struct Format {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it says, and for whom.
    pub about: &'static str,
    /// The file that is written beside every session.
    pub file: Option<&'static str>,
    /// The name of the file that is written only where somebody asks for it.
    pub document: Option<Render>,
    /// Its text of one session.
    pub render: Render,
    /// Its text of several sessions side by side.
    pub render_several: Option<RenderSeveral>,
}

/// A judged session with all that its reports show.
pub struct Report<'a> {
    /// The evidence.
    pub summary: &'a Summary,
    /// The judgement.
    pub verdict: &'a Verdict,
    /// What there is to say.
    pub view: View,
    /// What lies beside the session.
    pub inputs: ReportInputs<'a>,
    /// How much the terminal shows.
    pub detail: Detail,
    /// Whether the terminal shows colours.
    pub colour: bool,
    /// The text of the baseline file, where annotations point to.
    pub baseline_text: &'a str,
    /// Reads each conversation in full.
    pub clients: &'a dyn Fn() -> Result<Vec<ClientLine>, FormatError>,
}

/// Sessions held against each other.
pub struct SeveralReport<'a> {
    /// The sessions.
    pub sessions: SessionsCompared<'a>,
    /// How much the terminal shows.
    pub detail: Detail,
    /// Whether the terminal shows colours.
    pub colour: bool,
}

/// Which sessions are held against each other.
pub enum SessionsCompared<'a> {
    /// Two of one plan: the tables of what changed, the earlier, the later, and the judgement of that one alone.
    Two(&'a Sheet, &'a Summary, &'a Summary, &'a Verdict),
    /// Many of one plan.
    Many(&'a SessionSeries),
}

impl SessionsCompared<'_> {
    const fn sheet(&self) -> &Sheet {
        match self {
            Self::Two(sheet, ..) => sheet,
            Self::Many(series) => &series.sheet,
        }
    }
}

impl<'a> Report<'a> {
    /// A report for files: without colours, and without what only some forms ask for.
    #[must_use]
    pub fn new(summary: &'a Summary, verdict: &'a Verdict, inputs: ReportInputs<'a>) -> Self {
        Self {
            summary,
            verdict,
            view: View::of(summary, verdict).with(inputs.conversations),
            inputs,
            detail: Detail::Normal,
            colour: false,
            baseline_text: "",
            clients: &|| Ok(Vec::new()),
        }
    }

    fn client_document(&self) -> Result<(String, serde_json::Value), FormatError> {
        let lines = (self.clients)()?;
        if lines.is_empty() {
            return Err(FormatError::NoConversations);
        }
        Ok(clients(self.summary, &lines))
    }
}

/// Every form, in the order of the help. A new one is its file in this folder and its entry here.
pub const FORMATS: &[Format] = &[
    Format {
        name: "text",
        about: "what `perfgate run` shows",
        file: None,
        document: None,
        render: |report| Ok(terminal::render(&report.view, report.detail, report.colour)),
        render_several: Some(|several| {
            Ok(terminal::sheet(
                several.sessions.sheet(),
                several.detail,
                several.colour,
            ))
        }),
    },
    Format {
        name: "html",
        about: "the verdict, why, charts now over then, every number, the sessions before, and what to do: one page, \
                without network or script",
        file: Some("report.html"),
        document: None,
        render: |report| Ok(html(report.summary, report.verdict, &report.inputs)?),
        render_several: Some(|several| {
            Ok(match several.sessions {
                SessionsCompared::Two(_, then, now, verdict) => diff_html(then, now, verdict)?,
                SessionsCompared::Many(series) => series_html(series)?,
            })
        }),
    },
    Format {
        name: "markdown",
        about: "the verdict and the numbers for a step summary or a comment",
        file: Some("report.md"),
        document: None,
        render: |report| Ok(markdown(&report.view)),
        render_several: Some(|several| Ok(sheet_markdown(several.sessions.sheet()))),
    },
    Format {
        name: "json",
        about: "the numbers as one flat document for scripts",
        file: None,
        document: None,
        render: |report| {
            let document = json(report.summary, report.verdict, report.inputs.conversations);
            Ok(format!("{document:#}"))
        },
        render_several: None,
    },
    Format {
        name: "junit",
        about: "every judgement as a test case, for test reports",
        file: Some("junit.xml"),
        document: None,
        render: |report| Ok(junit(report.summary, &report.view)),
        render_several: None,
    },
    Format {
        name: "metrics",
        about: "every judged metric as OpenMetrics text, for the metrics of GitLab",
        file: Some("metrics.txt"),
        document: None,
        render: |report| Ok(metrics(report.summary, report.verdict)),
        render_several: None,
    },
    Format {
        name: "clients",
        about: "each conversation of a streaming session; with --out as run_<N>_clients_<time>.json",
        file: None,
        document: Some(|report| report.client_document().map(|(name, _)| name)),
        render: |report| {
            report
                .client_document()
                .map(|(_, document)| format!("{document:#}"))
        },
        render_several: None,
    },
    Format {
        name: "annotations",
        about: "what fails, as annotations of GitHub Actions",
        file: None,
        document: None,
        render: |report| {
            let line = line_in_baseline(report.verdict, report.baseline_text);
            Ok(annotations(&report.view, &line).join("\n"))
        },
        render_several: None,
    },
];

impl Format {
    /// The form of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// The files that are written beside every session.
    pub fn files() -> impl Iterator<Item = &'static str> {
        FORMATS.iter().filter_map(|format| format.file)
    }
}
