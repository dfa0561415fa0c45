//! `perfgate dialects`: protocols of speech services as parts of plans.

use super::run::COULD_NOT_RUN;
use super::validate::WRONG;
use crate::cli::arguments::Dialects;
use crate::cli::console::Console;
use crate::diag::nearest;
use crate::plan::DIALECTS;

pub(crate) fn dialects(arguments: &Dialects, console: Console) -> u8 {
    let text = match &arguments.name {
        None => listed(),
        Some(name) => match DIALECTS
            .iter()
            .find(|dialect| dialect.name == name.trim_end_matches(".toml"))
        {
            Some(dialect) => dialect.text.trim_end().to_owned(),
            None => {
                let help = match nearest(name, DIALECTS.iter().map(|dialect| dialect.name)) {
                    Some(close) => format!("did you mean `{close}`?"),
                    None => "`perfgate dialects` lists them".to_owned(),
                };
                console.error(&format!("there is no dialect `{name}`: {help}"));
                return WRONG;
            }
        },
    };
    if console.result(&text) {
        0
    } else {
        COULD_NOT_RUN
    }
}

fn listed() -> String {
    let widest = DIALECTS
        .iter()
        .map(|dialect| dialect.name.len())
        .max()
        .unwrap_or(0);
    let lines = DIALECTS
        .iter()
        .map(|dialect| format!("{:widest$}  {}", dialect.name, dialect.about()));
    lines.collect::<Vec<_>>().join("\n")
}
