//! Parts of other plans.

use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Diagnostics, Sources, Span, Spanned};
use crate::plan::read::options::Options;
use crate::plan::source::FilesRead;
use crate::plan::tree::Node;
use crate::plan::tree::get;
use crate::template::expand_environment;

/// What a plan runs is its own: these keys of an included file are left behind.
const NEVER: [&str; 11] = [
    "name",
    "description",
    "include",
    "before",
    "after",
    "on_failure",
    "rest",
    "in_turn",
    "load",
    "sweep",
    "phase",
];
/// Of these tables each entry is taken by itself; the plan's own entry wins whole.
const BY_ENTRY: [&str; 11] = [
    "vars", "secrets", "preset", "labels", "tags", "audio", "flow", "data", "monitor", "target",
    "session",
];
/// Of these each rule is taken by itself.
const BY_RULE: [&str; 3] = ["threshold", "warning", "abort"];

/// A file that is included, by the plan or by another such file.
pub(in crate::plan) struct IncludedFile {
    pub(in crate::plan) text: String,
    /// Where it begins among all sources.
    pub(in crate::plan) offset: usize,
    /// The place of the file that includes it; `None` for the plan itself.
    by: Option<usize>,
}

/// Reads every file that a plan includes, and that those include in turn. Paths may hold `${NAME}`; `--set include=` is heeded here:
/// later it would come too late.
pub(in crate::plan) fn gather(
    path: &Path,
    text: &str,
    (options, read): (&Options<'_>, &FilesRead),
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<IncludedFile> {
    let mut files: Vec<IncludedFile> = Vec::new();
    let mut open = vec![Including {
        by: None,
        way: vec![path.to_owned()],
        offset: 0,
        text: text.to_owned(),
    }];
    let other = options.set.iter().rfind(|change| change.name == "include");
    while let Some(one) = open.pop() {
        let root = DeTable::parse_recoverable(&one.text).0;
        let mut names = named_files(root.get_ref());
        if let (None, Some(other), [(name, _)]) = (one.by, other, names.as_mut_slice()) {
            name.clone_from(&other.value);
        }
        for (name, span) in names {
            let span = span.start + one.offset..span.end + one.offset;
            match one.read(&name, options, read) {
                Err((message, help)) => {
                    diagnostics.push(Diagnostic::error(message, span).help(help));
                }
                Ok((file, text)) => {
                    let offset = sources.add(file.clone(), text.clone());
                    files.push(IncludedFile {
                        text: text.clone(),
                        offset,
                        by: one.by,
                    });
                    let way = one.way.iter().cloned().chain([file]).collect();
                    let by = Some(files.len() - 1);
                    open.push(Including {
                        by,
                        way,
                        offset,
                        text,
                    });
                }
            }
        }
    }
    files
}

/// A file whose own includes are looked for.
struct Including {
    by: Option<usize>,
    /// The plan, and each file on the way to this one.
    way: Vec<PathBuf>,
    offset: usize,
    text: String,
}

impl Including {
    /// The file of that name, with its text.
    fn read(
        &self,
        name: &str,
        options: &Options<'_>,
        read: &FilesRead,
    ) -> Result<(PathBuf, String), (String, String)> {
        let name = expand_environment(name, options.environment)
            .map_err(|error| (error.to_string(), String::new()))?;
        let own = self.way.last().map_or(Path::new("."), PathBuf::as_path);
        let file = match own.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            Some(folder) => folder.join(&*name),
            None => PathBuf::from(&*name),
        };
        let same = |before: &PathBuf| {
            *before == file
                || before
                    .canonicalize()
                    .ok()
                    .is_some_and(|own| file.canonicalize().is_ok_and(|file| own == file))
        };
        if self.way.iter().any(same) {
            return Err((
                format!("`{name}` includes itself"),
                "take one of these includes out".to_owned(),
            ));
        }
        match read.text(&file) {
            Ok(text) => Ok((file, text)),
            Err(error) => Err((
                format!("cannot include `{name}`: {error}"),
                "check the path, which is relative to the file that names it".to_owned(),
            )),
        }
    }
}

/// Puts every file into the one that includes it, and all of them into the plan. Of several the first wins.
pub(in crate::plan) fn merge_all<'i>(
    plan: &mut DeTable<'i>,
    files: &[IncludedFile],
    trees: Vec<Spanned<DeTable<'i>>>,
) {
    let mut trees: Vec<Option<DeTable<'i>>> = trees
        .into_iter()
        .map(|tree| Some(tree.into_inner()))
        .collect();
    // What a file includes stands behind it in the list.
    for owner in (0..files.len()).rev().map(Some).chain([None]) {
        let own = (0..files.len()).filter(|place| files[*place].by == owner);
        let parts: Vec<DeTable<'i>> = own.filter_map(|place| trees[place].take()).collect();
        for part in parts {
            match owner {
                None => merge(plan, part),
                Some(owner) => trees[owner]
                    .iter_mut()
                    .for_each(|tree| merge(tree, part.clone())),
            }
        }
    }
}

/// Puts what `own` does not say itself into it.
fn merge<'i>(own: &mut DeTable<'i>, included: DeTable<'i>) {
    for (key, node) in included {
        let name = key.get_ref().to_string();
        if NEVER.contains(&name.as_str()) {
            continue;
        }
        let Some(mine) = own
            .iter_mut()
            .find(|(k, _)| k.get_ref() == key.get_ref())
            .map(|(_, v)| v)
        else {
            own.insert(key, node);
            continue;
        };
        let deep = BY_RULE.contains(&name.as_str());
        if deep || BY_ENTRY.contains(&name.as_str()) {
            fill_in(mine, node, deep);
        }
    }
}

fn fill_in<'i>(own: &mut Node<'i>, included: Node<'i>, deep: bool) {
    let DeValue::Table(more) = included.into_inner() else {
        return;
    };
    let DeValue::Table(mine) = own.get_mut() else {
        return;
    };
    for (key, node) in more {
        match mine.iter_mut().find(|(k, _)| k.get_ref() == key.get_ref()) {
            None => {
                mine.insert(key, node);
            }
            Some((_, mine)) if deep => fill_in(mine, node, deep),
            Some(_) => {}
        }
    }
}

/// The files that a plan includes, as it names them, with the place of each name.
fn named_files(own: &DeTable<'_>) -> Vec<(String, Span)> {
    let named = |node: &Node<'_>| {
        node.get_ref()
            .as_str()
            .map(|name| (name.to_owned(), node.span()))
    };
    match get(own, "include") {
        Some(node) => match node.get_ref() {
            DeValue::Array(items) => items.iter().filter_map(named).collect(),
            _ => named(node).into_iter().collect(),
        },
        None => Vec::new(),
    }
}
