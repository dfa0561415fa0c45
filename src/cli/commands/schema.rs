//! `perfgate schema`.

use crate::cli::console::Console;
use crate::cli::failure::Ended;
use crate::plan::schema_text;

pub(crate) fn schema(console: Console) -> Ended {
    Ok(console.print(&schema_text()))
}
