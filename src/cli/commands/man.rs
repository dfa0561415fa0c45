//! `perfgate man`: the manual pages, made of what `--help` says.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::builder::Resettable;
use clap::{Command, CommandFactory};

use crate::cli::arguments::{Arguments, Man};
use crate::cli::console::Console;
use crate::cli::failure::{CommandFailure, Ended};

pub(crate) fn man(arguments: &Man, console: Console) -> Ended {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    let printed = match &arguments.out {
        None => page(&command).map(|page| console.result(&page)),
        Some(folder) => write_all(&command, folder).map(|pages| {
            console.quiet
                || pages
                    .iter()
                    .all(|page| console.result(&format!("wrote {}", page.display())))
        }),
    };
    printed
        .map(|printed| console.ended(printed))
        .map_err(CommandFailure::could_not_run)
}

/// Writes the page of a command and those of its own commands.
fn write_all(command: &Command, folder: &Path) -> Result<Vec<PathBuf>, String> {
    let path = folder.join(clap_mangen::Man::new(command.clone()).get_filename());
    let cannot = |error: io::Error| format!("cannot write `{}`: {error}", path.display());
    fs::create_dir_all(folder).map_err(cannot)?;
    fs::write(&path, page(command)?).map_err(cannot)?;
    let mut pages = vec![path];
    for own in command.get_subcommands().filter(|own| !own.is_hide_set()) {
        pages.extend(write_all(own, folder)?);
    }
    Ok(pages)
}

/// One page. What stands below the options has lines of its own, which a page would run into one.
fn page(command: &Command) -> Result<String, String> {
    let below = command.get_after_long_help().or(command.get_after_help());
    let below = below.map(ToString::to_string).unwrap_or_default();
    let mut page = Vec::new();
    let man = clap_mangen::Man::new(
        command
            .clone()
            .after_help(Resettable::Reset)
            .after_long_help(Resettable::Reset),
    );
    man.render(&mut page).map_err(|error| error.to_string())?;
    let mut page = String::from_utf8_lossy(&page).into_owned();
    for line in below.lines() {
        match (line.strip_suffix(':'), line.strip_prefix("  ")) {
            (Some(heading), None) => {
                page.push_str(&format!(".fi\n.SH {}\n.nf\n", heading.to_uppercase()));
            }
            (_, Some(text)) => page.push_str(&format!("\\&{}\n", escaped(text))),
            _ => {}
        }
    }
    Ok(page + ".fi\n")
}

/// What troff would read as its own, as text.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_keeps_the_lines_of_its_examples() {
        let mut command = Arguments::command().disable_help_subcommand(true);
        command.build();
        let run = page(command.find_subcommand("run").expect("it is there")).expect("a page");
        assert!(
            run.contains(".SH EXAMPLES\n.nf\n\\&perfgate run plans/service.toml \\-\\-dry\\-run\n"),
            "{run}"
        );
        assert!(
            run.contains(".SH OPTIONS") && run.contains("\\-\\-threads"),
            "{run}"
        );
        assert_eq!(run.matches("EXAMPLES").count(), 1);
        assert_eq!(run.matches(".nf").count() + 1, run.matches(".fi").count());
        let main = page(&command).expect("a page");
        assert!(
            main.contains(".SH EXIT CODES") && main.contains("perfgate\\-audio(1)"),
            "{main}"
        );
    }
}
