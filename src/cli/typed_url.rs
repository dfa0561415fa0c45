//! `perfgate run URL`: the plan of it, run and perhaps kept.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::arguments::{LoadArguments, PlanArguments, RequestArguments, RunArguments};
use super::console::Console;
use super::failure::CommandFailure;
use super::read_plan::{PlanRead, read_draft};
use crate::draft::{LoadDraft, LoadLevel, OneRequest, PlanDraft};

/// The file that is named where none is said.
const FILE: &str = "plan.toml";

/// A plan of a URL.
pub(super) struct TypedUrl {
    draft: PlanDraft,
    /// What is measured, in a few words.
    about: String,
    written: Option<PathBuf>,
}

impl TypedUrl {
    /// The plan of the URL that was typed, written where that was asked for; `None` where a file was typed.
    pub(super) fn of(arguments: &RunArguments) -> Result<Option<Self>, CommandFailure> {
        let Some(url) = arguments.plan.url() else {
            return Ok(None);
        };
        let request = &arguments.request;
        let file = request
            .write
            .as_ref()
            .map(|file| file.display().to_string());
        let draft = OneRequest {
            url,
            method: request.method.as_deref(),
            headers: &request.headers,
            data: request.data.as_deref(),
            load: load(&arguments.load),
            file: file.as_deref().unwrap_or(FILE),
        };
        let draft = draft.draft().map_err(CommandFailure::usage)?;
        if let Some(file) = &request.write {
            write(file, &draft.text(), request.force)?;
        }
        Ok(Some(Self {
            about: format!("{}: {}", draft.about(), draft.load.describe()),
            draft,
            written: request.write.clone(),
        }))
    }

    /// Reads the plan, and says what it does.
    pub(super) fn read(
        &self,
        arguments: &PlanArguments,
        console: Console,
    ) -> Result<PlanRead, CommandFailure> {
        if !console.quiet {
            console.say(&format!(
                "perfgate {} (set by --vus N, --rate 50/s, --duration 30s)",
                self.about
            ));
            if let Some(file) = &self.written {
                console.say(&self.wrote(file));
            }
        }
        read_draft(arguments, &self.draft, self.written.as_deref(), console)
    }

    /// Says how to go on with the plan.
    pub(super) fn keep(&self, console: Console) {
        if self.written.is_none() && !console.quiet {
            console.say(&format!(
                "next: `--write {FILE}` keeps this as a plan, with a place for thresholds and more steps"
            ));
        }
    }

    fn wrote(&self, file: &Path) -> String {
        let names: Vec<String> = self.draft.environment().map(|(name, _)| name).collect();
        let needs = match names.as_slice() {
            [] => String::new(),
            names => format!(
                "; it takes {} from the environment, so that no secret stands in it",
                names.join(" and ")
            ),
        };
        format!("wrote {}{needs}", file.display())
    }
}

fn load(arguments: &LoadArguments) -> LoadDraft {
    let usual = LoadDraft::default();
    let vus = arguments.vus.map(LoadLevel::Vus);
    LoadDraft {
        level: arguments
            .rate
            .map(LoadLevel::Rate)
            .or(vus)
            .unwrap_or(usual.level),
        duration: arguments.duration.unwrap_or(usual.duration),
    }
}

/// Refuses what is said of a request where a plan says it itself.
pub(super) fn refuse_request(request: &RequestArguments) -> Result<(), CommandFailure> {
    let said = [
        ("-X", request.method.is_some()),
        ("-H", !request.headers.is_empty()),
        ("-d", request.data.is_some()),
        ("--write", request.write.is_some()),
    ];
    match said.into_iter().find(|(_, is_said)| *is_said) {
        Some((option, _)) => Err(CommandFailure::usage(format!(
            "`{option}` is for a URL in place of a plan: the requests of a plan stand in its flow; --set changes a value of it"
        ))),
        None => Ok(()),
    }
}

/// Writes a plan. A file that is there is kept unless that was allowed.
pub(super) fn write(file: &Path, text: &str, force: bool) -> Result<(), CommandFailure> {
    let fail = |error: std::io::Error| {
        let shown = file.display();
        match error.kind() {
            ErrorKind::AlreadyExists => CommandFailure::usage(format!(
                "`{shown}` is there already: choose another name, or write --force to replace it"
            )),
            _ => CommandFailure::could_not_run(format!("cannot write `{shown}`: {error}")),
        }
    };
    if let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir_all(folder).map_err(fail)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true);
    if force {
        options.create(true).truncate(true);
    } else {
        options.create_new(true);
    }
    let mut opened = options.open(file).map_err(fail)?;
    opened.write_all(text.as_bytes()).map_err(fail)
}
