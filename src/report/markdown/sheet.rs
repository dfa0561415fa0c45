//! A sheet as Markdown.

use serde::Serialize;
use tera::{Context, Tera};

use super::escape::{LONGEST, escaping, tidy};
use crate::report::sessions::{Sheet, SheetPart, SheetRow};
use crate::report::text::rules;

const TEMPLATE: &str = include_str!("../../../templates/sheet.md");
const MOST: usize = 200;

#[derive(Serialize)]
struct SheetPage<'a> {
    shape: &'a str,
    title: &'a str,
    conclusion: &'a str,
    facts: &'a [String],
    parts: Vec<PartOfSheet<'a>>,
}

#[derive(Serialize)]
struct PartOfSheet<'a> {
    title: &'a str,
    text: &'a str,
    heads: Vec<&'a str>,
    rules: Vec<&'static str>,
    rows: Vec<&'a [String]>,
    /// What only those want to see who look for it: folded.
    details: Vec<&'a [String]>,
    cut: String,
}

/// The sheet as Markdown of at most 60,000 characters; where there is more to say, rows are left out and counted.
#[must_use]
pub fn sheet_markdown(sheet: &Sheet) -> String {
    let mut tera = Tera::default();
    escaping(&mut tera);
    let mut most = MOST;
    loop {
        let page = SheetPage {
            shape: sheet.shape,
            title: &sheet.title,
            conclusion: &sheet.conclusion,
            facts: &sheet.facts,
            parts: sheet.parts.iter().map(|table| part(table, most)).collect(),
        };
        let rendered = tera
            .add_raw_template("sheet.md", TEMPLATE)
            .and_then(|()| tera.render("sheet.md", &Context::from_serialize(&page)?));
        match rendered {
            Ok(text) if text.chars().count() <= LONGEST || most == 0 => return tidy(&text),
            Ok(_) => most /= 2,
            // The template is part of the program: it is a fault of ours, and what it comes to must not be lost by it.
            Err(error) => return format!("## perfgate\n\n{}: {error}\n", sheet.conclusion),
        }
    }
}

fn part(own: &SheetPart, most: usize) -> PartOfSheet<'_> {
    let shown = || own.rows.iter().filter(|row: &&SheetRow| !row.detail);
    let folded = || own.rows.iter().filter(|row: &&SheetRow| row.detail);
    let left_out = shown().count().saturating_sub(most) + folded().count().saturating_sub(most);
    PartOfSheet {
        title: &own.title,
        text: &own.text,
        heads: own.heads().collect(),
        rules: rules(&own.columns).collect(),
        rows: shown().take(most).map(|row| row.cells.as_slice()).collect(),
        details: folded()
            .take(most)
            .map(|row| row.cells.as_slice())
            .collect(),
        cut: if left_out == 0 {
            String::new()
        } else {
            format!("{left_out} rows are left out here")
        },
    }
}
