//! `perfgate init`: files to start from.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use crate::cli::arguments::{Ci, Init};
use crate::cli::console::Console;
use crate::cli::failure::{CommandFailure, Ended};
use crate::diag::shell_word;
use crate::draft::{KINDS, PlanPlace, ServiceKind, SourceDocument, USUAL_URL};
use crate::plan::schema_text;

const IGNORED: &str = "/results/";
const PLAN: &str = "plans/service.toml";

struct InitFile {
    path: String,
    text: String,
}

/// A plan that somebody has asked for.
struct Asked {
    text: String,
    /// What it takes from the environment.
    secrets: Vec<String>,
}

pub(crate) fn init(arguments: &Init, console: Console) -> Ended {
    let plan = format!("plans/{}.toml", name(&arguments.name)?);
    let asked = asked(arguments, &plan)?;
    let path = arguments.folder.join(&plan);
    if asked.is_some() && path.exists() {
        return Err(CommandFailure::usage(format!(
            "`{}` is there already: choose another name with --name NAME",
            path.strip_prefix(".").unwrap_or(&path).display()
        )));
    }
    let secrets = asked.as_ref().map(|asked| asked.secrets.join(" and "));
    let begins_with = if asked.is_some() { " --once" } else { "" };
    let mut lines = Vec::new();
    for file in files(arguments.ci, &plan, asked) {
        let path = arguments.folder.join(&file.path);
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
    if let Some(names) = secrets.filter(|names| !names.is_empty()) {
        lines.push(format!(
            "the plan takes {names} from the environment, in place of what was found"
        ));
    }
    lines.push(String::new());
    lines.push(format!(
        "next: {}perfgate run {}{begins_with}",
        enter(&arguments.folder),
        shell_word(&plan)
    ));
    Ok(console.ended(console.quiet || console.result(&lines.join("\n"))))
}

/// The name of a plan, which names its file and its results.
fn name(text: &str) -> Result<&str, CommandFailure> {
    let name = text.strip_suffix(".toml").unwrap_or(text);
    let letter = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || name.starts_with('.') || !name.chars().all(letter) {
        return Err(CommandFailure::usage(format!(
            "`{text}` cannot be the name of a plan: write letters, digits, `-` and `_`"
        )));
    }
    Ok(name)
}

/// The plan of the service or the document that was named; nothing where none was.
fn asked(arguments: &Init, file: &str) -> Result<Option<Asked>, CommandFailure> {
    if !arguments.from.is_empty() {
        return imported(arguments, file).map(Some);
    }
    let kind = match (&arguments.kind, &arguments.url) {
        (None, None) => return Ok(None),
        (Some(name), _) => ServiceKind::named(name),
        (None, Some(_)) => KINDS.first(),
    };
    let url = arguments.url.as_deref().unwrap_or(USUAL_URL);
    let text = kind.map(|kind| kind.plan(url, file)).transpose();
    let text = text.map_err(CommandFailure::usage)?;
    Ok(text.map(|text| Asked {
        text,
        secrets: Vec::new(),
    }))
}

/// The plan of a curl command, a HAR file or an OpenAPI document.
fn imported(arguments: &Init, file: &str) -> Result<Asked, CommandFailure> {
    let text = match arguments.from.as_slice() {
        [first, command] if first == "curl" => command.clone(),
        [_, second] => {
            return Err(CommandFailure::usage(format!(
                "`--from` takes a file, or `curl` and a command: write the folder `{second}` before it"
            )));
        }
        [command] if command.starts_with("curl ") => command.clone(),
        [path] => fs::read_to_string(path)
            .map_err(|error| CommandFailure::usage(format!("cannot read `{path}`: {error}")))?,
        _ => String::new(),
    };
    let place = PlanPlace {
        file,
        name: name(&arguments.name)?,
        url: arguments.url.as_deref(),
    };
    let draft = SourceDocument::of(&text).and_then(|document| document.draft(place));
    let draft = draft.map_err(CommandFailure::usage)?;
    Ok(Asked {
        text: draft.text(),
        secrets: draft.environment().map(|(name, _)| name).collect(),
    })
}

fn files(ci: Ci, plan: &str, asked: Option<Asked>) -> Vec<InitFile> {
    // What the files say of the plan, they say of its name.
    let stem = plan.trim_start_matches("plans/").trim_end_matches(".toml");
    let named = |text: &str| {
        let text = text.replace(PLAN, plan);
        text.replace("results/service/", &format!("results/{stem}/"))
            .replace("baselines/service.json", &format!("baselines/{stem}.json"))
    };
    let file = |path: &str, text: &str| InitFile {
        path: path.to_owned(),
        text: named(text),
    };
    let first = match asked {
        Some(asked) => asked.text,
        None => named(include_str!("../../../templates/init/service.toml")),
    };
    let mut files = vec![
        InitFile {
            path: plan.to_owned(),
            text: first,
        },
        InitFile {
            path: "schemas/plan.schema.json".to_owned(),
            text: schema_text(),
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
