//! `perfgate init`: files to start from.

use std::borrow::Cow;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::cli::arguments::{Ci, Init};
use crate::cli::console::Console;
use crate::cli::failure::{CommandFailure, Ended};
use crate::diag::shell_word;
use crate::plan::schema_text;

const IGNORED: &str = "/results/";

struct InitFile {
    path: &'static str,
    text: Cow<'static, str>,
}

pub(crate) fn init(arguments: &Init, console: Console) -> Ended {
    let mut lines = Vec::new();
    for file in files(arguments.ci) {
        let path = arguments.folder.join(file.path);
        let shown = path.strip_prefix(".").unwrap_or(&path).display();
        match write_new(&path, &file.text) {
            Ok(true) => lines.push(format!("wrote {shown}")),
            Ok(false) => lines.push(format!("kept  {shown}{}", advice(&file, &path))),
            Err(error) => {
                let message = format!("cannot write `{shown}`: {error}");
                return Err(CommandFailure::could_not_run(message));
            }
        }
    }
    lines.push(String::new());
    lines.push(format!(
        "next: {}perfgate run plans/service.toml",
        enter(&arguments.folder)
    ));
    Ok(console.ended(console.quiet || console.result(&lines.join("\n"))))
}

fn files(ci: Ci) -> Vec<InitFile> {
    let file = |path, text| InitFile {
        path,
        text: Cow::Borrowed(text),
    };
    let mut files = vec![
        file(
            "plans/service.toml",
            include_str!("../../../templates/init/service.toml"),
        ),
        InitFile {
            path: "schemas/plan.schema.json",
            text: Cow::Owned(schema_text()),
        },
        file(
            "baselines/README.md",
            include_str!("../../../templates/init/baselines.md"),
        ),
        file(
            ".gitignore",
            include_str!("../../../templates/init/gitignore"),
        ),
    ];
    files.extend(match ci {
        Ci::Github => Some(file(
            ".github/workflows/performance.yml",
            include_str!("../../../templates/init/github.yml"),
        )),
        Ci::Gitlab => Some(file(
            ".gitlab-ci.yml",
            include_str!("../../../templates/init/gitlab.yml"),
        )),
        Ci::None => None,
    });
    files
}

/// Writes a file that is not there yet; `false` where it is.
fn write_new(path: &Path, text: &str) -> std::io::Result<bool> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    match fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
    {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// What to add by hand to a file that was kept.
fn advice(file: &InitFile, path: &Path) -> &'static str {
    let knows = |text: String| {
        text.lines()
            .any(|line| line.trim().trim_matches('/') == IGNORED.trim_matches('/'))
    };
    let lacking = file.path == ".gitignore" && !fs::read_to_string(path).is_ok_and(knows);
    if lacking {
        ": add the line `/results/`, so that no results are committed"
    } else {
        ""
    }
}

/// The way into the folder, where that is another one.
fn enter(folder: &Path) -> String {
    let folder = folder.to_string_lossy();
    if matches!(folder.as_ref(), "." | "./" | "") {
        String::new()
    } else {
        format!("cd {} && ", shell_word(&folder))
    }
}
