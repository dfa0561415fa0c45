//! What several sessions come to, printed or written.

use std::fs;
use std::path::Path;

use super::arguments::{Format, Report};
use super::commands::COULD_NOT_RUN;
use super::console::Console;
use crate::document;
use crate::report::{Sheet, sheet_markdown, terminal};

/// One thing to show, in each of its forms.
pub(crate) struct Sheets<'a> {
    pub(crate) sheet: &'a Sheet,
    pub(crate) html: &'a dyn Fn() -> Result<String, String>,
    /// The names of its page and of its Markdown.
    pub(crate) files: [String; 2],
    /// Where they are written unless another folder was named.
    pub(crate) place: &'a Path,
}

/// Prints the form that was asked for; else prints the text, and writes the page and the Markdown.
pub(crate) fn shown(sheets: &Sheets<'_>, arguments: &Report, console: Console) -> u8 {
    let text = || terminal::sheet(sheets.sheet, console.detail, console.colour_out());
    let page = match arguments.format {
        None | Some(Format::Html) => (sheets.html)(),
        _ => Ok(String::new()),
    };
    let page = match page {
        Ok(page) => page,
        Err(error) => {
            console.error(&error);
            return COULD_NOT_RUN;
        }
    };
    let printed = match arguments.format {
        Some(Format::Html) => console.result(&page),
        Some(Format::Markdown) => console.result(&sheet_markdown(sheets.sheet)),
        Some(_) => console.result(&text()),
        None => console.result(&text()) && write(sheets, &page, arguments, console),
    };
    if printed { 0 } else { COULD_NOT_RUN }
}

fn write(sheets: &Sheets<'_>, page: &str, arguments: &Report, console: Console) -> bool {
    let place = arguments.out.as_deref().unwrap_or(sheets.place);
    if let Err(error) = fs::create_dir_all(place) {
        console.error(&format!("cannot make `{}`: {error}", place.display()));
        return false;
    }
    for (name, text) in sheets
        .files
        .iter()
        .zip([page, &sheet_markdown(sheets.sheet)])
    {
        if let Err(error) = document::replace(&place.join(name), text.as_bytes()) {
            console.error(&error.to_string());
            return false;
        }
    }
    console.say(&format!(
        "wrote {} to {}/",
        sheets.files.join(", "),
        place.display()
    ));
    true
}
