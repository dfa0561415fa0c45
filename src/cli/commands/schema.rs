//! `perfgate schema`: what editors complete and check plans by.

use super::run::COULD_NOT_RUN;
use crate::cli::console::Console;
use crate::plan::schema_text;

pub(crate) fn schema(console: Console) -> u8 {
    if console.result(&schema_text()) {
        0
    } else {
        COULD_NOT_RUN
    }
}
