//! `perfgate dialects`: protocols of speech services as parts of plans.

use crate::cli::arguments::Dialects;
use crate::cli::console::Console;
use crate::cli::failure::{CommandFailure, Ended};
use crate::diag::nearest;
use crate::plan::DIALECTS;

pub(crate) fn dialects(arguments: &Dialects, console: Console) -> Ended {
    let Some(name) = &arguments.name else {
        return Ok(console.print(&listed()));
    };
    let wanted = name.trim_end_matches(".toml");
    match DIALECTS.iter().find(|dialect| dialect.name == wanted) {
        Some(dialect) => Ok(console.print(dialect.text.trim_end())),
        None => {
            let help = match nearest(name, DIALECTS.iter().map(|dialect| dialect.name)) {
                Some(close) => format!("did you mean `{close}`?"),
                None => "`perfgate dialects` lists them".to_owned(),
            };
            Err(CommandFailure::usage(format!(
                "there is no dialect `{name}`: {help}"
            )))
        }
    }
}

fn listed() -> String {
    let names = DIALECTS.iter().map(|dialect| dialect.name.len());
    let widest = names.max().unwrap_or(0);
    let lines = DIALECTS
        .iter()
        .map(|dialect| format!("{:widest$}  {}", dialect.name, dialect.about()));
    lines.collect::<Vec<_>>().join("\n")
}
