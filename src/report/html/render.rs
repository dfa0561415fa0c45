//! From a page to one file: templates, style and script are part of the program.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest, Sha256};
use tera::{Context, Tera};

use super::budget::{BUDGETS, MOST_BYTES, PageBudget};
use super::diff_page::diff_page;
use super::drawing::dark_rules;
use super::page::Page;
use super::series_page::series_page;
use super::session_page::compose;
use crate::gate::Verdict;
use crate::report::inputs::ReportInputs;
use crate::report::sessions::SessionSeries;
use crate::summary::Summary;

/// Tera escapes what is put into templates with these endings.
const TEMPLATES: [(&str, &str); 6] = [
    (
        "report.html",
        include_str!("../../../templates/report.html"),
    ),
    (
        "banner.html",
        include_str!("../../../templates/partials/banner.html"),
    ),
    (
        "command.html",
        include_str!("../../../templates/partials/command.html"),
    ),
    (
        "entries.html",
        include_str!("../../../templates/partials/entries.html"),
    ),
    (
        "figure.html",
        include_str!("../../../templates/partials/figure.html"),
    ),
    (
        "table.html",
        include_str!("../../../templates/partials/table.html"),
    ),
];
const STYLE: &str = include_str!("../../../templates/report.css");
const SCRIPT: &str = include_str!("../../../templates/report.js");

/// A page that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the HTML report could not be rendered")]
pub struct HtmlError(#[from] tera::Error);

#[derive(Serialize)]
struct Filled<'a> {
    page: &'a Page,
    style: &'a str,
    script: &'a str,
    /// The only script that a browser may run.
    script_hash: &'a str,
}

/// One session and its verdict as one page that needs nothing but itself, with what there is `beside` it. The same documents give the same bytes, and never more than a megabyte of them.
///
/// # Errors
/// When a template does not fit the page, which the tests rule out.
pub fn html(
    summary: &Summary,
    verdict: &Verdict,
    beside: &ReportInputs<'_>,
) -> Result<String, HtmlError> {
    rendered(&|budget| compose(summary, verdict, beside, budget))
}

/// Two sessions as one page: what changed, every metric now and then, and charts with the other one behind. `verdict` is the
/// judgement of the later one alone.
///
/// # Errors
/// When a template does not fit the page, which the tests rule out.
pub fn diff_html(then: &Summary, now: &Summary, verdict: &Verdict) -> Result<String, HtmlError> {
    rendered(&|budget| diff_page(then, now, verdict, budget))
}

/// Sessions side by side as one page: charts over them, and a table.
///
/// # Errors
/// When a template does not fit the page, which the tests rule out.
pub fn series_html(all: &SessionSeries) -> Result<String, HtmlError> {
    rendered(&|budget| series_page(all, budget))
}

fn rendered(compose: &dyn Fn(PageBudget) -> Page) -> Result<String, HtmlError> {
    let mut templates = Tera::new();
    templates.add_raw_templates(TEMPLATES)?;
    let style = STYLE.replace("/* dark inks */", &dark_rules());
    let hash = STANDARD.encode(Sha256::digest(SCRIPT));
    let mut rendered = String::new();
    for budget in BUDGETS {
        let page = compose(budget);
        let filled = Filled {
            page: &page,
            style: &style,
            script: SCRIPT,
            script_hash: &hash,
        };
        rendered = templates.render("report.html", &Context::from_serialize(&filled)?)?;
        if rendered.len() <= MOST_BYTES {
            break;
        }
    }
    Ok(rendered)
}
