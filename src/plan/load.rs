//! Reads a plan: every mistake in one pass.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::composed::{Places, Plan};
use super::fill::Known;
use super::{Override, SessionSpec, check, fill, include, keys, overrides, thresholds, tree};
use crate::audio::{Pool, PoolSpec};
use crate::diag::{Diagnostic, Diagnostics, Sources, Spanned};
use crate::gate::Rules;
use crate::protocol::http::Texts;
use crate::target::TargetSpec;
use crate::units::Duration;

/// What reading a plan depends on besides its file.
pub struct Options<'a> {
    /// The environment.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// `--set`, in order.
    pub set: &'a [Override],
    /// `--seed`: in place of the plan's own.
    pub seed: Option<u64>,
}

/// What came of reading a plan.
#[derive(Debug)]
pub struct Loaded {
    /// The plan; `None` where it cannot be used.
    pub plan: Option<Plan>,
    /// Every finding.
    pub diagnostics: Diagnostics,
    /// The files that it was read from.
    pub sources: Sources,
}

/// Reads the plan at `path`.
#[must_use]
pub fn load(path: &Path, options: &Options<'_>) -> Loaded {
    let mut sources = Sources::default();
    let mut found = Diagnostics::default();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            sources.add(path, "");
            let message = format!("cannot read the plan `{}`: {error}", path.display());
            found.push(Diagnostic { span: None, ..Diagnostic::error(message, 0..0) });
            return Loaded { plan: None, diagnostics: found, sources };
        }
    };
    sources.add(path, text.clone());
    let included = included_texts(path, &text, &mut sources, &mut found);
    let mut root = parse(&text, 0, &mut found);
    keys::check(root.get_ref(), &mut found);
    for (text, offset) in &included {
        let part = parse(text, *offset, &mut found);
        keys::check(part.get_ref(), &mut found);
        if let Some((key, _)) = tree::entry(part.get_ref(), "include") {
            let error = Diagnostic::error("a plan that is included cannot include others", key.span());
            found.push(error.help("name every part in the plan that is run"));
        }
        include::merge(root.get_mut(), part.into_inner());
    }
    let plan = read(path, root, options, &sources, &mut found);
    let plan = plan.filter(|_| !found.has_errors()).and_then(|plan| {
        plan.check_whole(&sources, &mut found);
        (!found.has_errors()).then_some(plan)
    });
    Loaded { plan, diagnostics: found, sources }
}

/// The texts of the included files with their offsets.
fn included_texts(path: &Path, text: &str, sources: &mut Sources, found: &mut Diagnostics) -> Vec<(String, usize)> {
    let root = DeTable::parse_recoverable(text).0;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut texts = Vec::new();
    for (name, span) in include::files(root.get_ref()) {
        let file = folder.join(&name);
        match fs::read_to_string(&file) {
            Ok(text) => {
                let offset = sources.add(file, text.clone());
                texts.push((text, offset));
            }
            Err(error) => {
                let message = format!("cannot include `{name}`: {error}");
                found.push(Diagnostic::error(message, span).help(format!("paths start from {}", folder.display())));
            }
        }
    }
    texts
}

fn parse<'i>(text: &'i str, offset: usize, found: &mut Diagnostics) -> Spanned<DeTable<'i>> {
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        found.push(Diagnostic::error(
            format!("this is not TOML: {}", error.message()),
            span.start + offset..span.end + offset,
        ));
    }
    let span = root.span();
    Spanned::new(span.start + offset..span.end + offset, tree::shift(root.into_inner(), offset))
}

/// Fills the tree and reads every section.
fn read(
    path: &Path,
    mut root: Spanned<DeTable<'_>>,
    options: &Options<'_>,
    sources: &Sources,
    found: &mut Diagnostics,
) -> Option<Plan> {
    let tree = root.get_mut();
    for change in options.set {
        if let Err(message) = overrides::apply(tree, change) {
            found.push(Diagnostic { span: None, ..Diagnostic::error(message, 0..0) });
        }
    }
    fill::environment(tree, options.environment, found);
    let stem = path.file_stem().map_or("plan".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let name = tree::get(tree, "name").and_then(|node| node.get_ref().as_str()).map_or(stem, str::to_owned);
    if let Some(node) = tree::get(tree, "name").filter(|_| !is_file_name(&name)) {
        let error = Diagnostic::error(format!("`{name}` cannot be the name of a folder"), node.span());
        found.push(error.help("the results folder is named after the plan: letters, digits, `-`, `_`"));
    }
    let mut known = Known::from([("plan".to_owned(), Value::String(name.clone()))]);
    fill::variables(tree, &mut known, found);
    fill::names(tree, &known, found);
    let session: SessionSpec = section(tree, "session", SessionSpec::check, found).unwrap_or_default();
    let seed = options.seed.unwrap_or(session.seed.0);
    let session = SessionSpec { seed: crate::units::Count(seed), ..session };
    let mut places = Places::default();
    let target = read_target(tree, &mut places, found);
    let pools = read_pools(tree, seed, sources, found);
    let flows = check::read_flows(tree, sources, &mut places, found);
    let loads = check::read_loads(tree, &mut places, found);
    let rules = section(tree, "threshold", |_: &Rules| Vec::new(), found).unwrap_or_default();
    thresholds::check_form(&rules, found);
    let text = |key: &str| tree::get(tree, key).and_then(|node| node.get_ref().as_str()).unwrap_or_default().to_owned();
    let description = text("description");
    if !include::has_load(tree) && !found.has_errors() {
        found.push(
            Diagnostic { span: None, ..Diagnostic::error("the plan has no load: nothing would run", 0..0) }
                .help("[load.NAME] with `rate` and `duration`, or `vus` and `duration`"),
        );
    }
    let effective = tree::to_json(&Spanned::new(root.span(), DeValue::Table(root.into_inner())));
    let load_hash = super::hash::load_hash(&effective, &pools);
    Some(Plan {
        name,
        description,
        file: path.to_owned(),
        target: target?,
        pools,
        flows,
        loads,
        thresholds: rules,
        session,
        effective,
        load_hash,
        places,
    })
}

/// Whether a name is one part of a path, and none that leads elsewhere.
fn is_file_name(name: &str) -> bool {
    Path::new(name).file_name().is_some_and(|own| own == name) && !name.contains(char::is_control)
}

/// One section: its own mistakes become findings at their places.
pub(super) fn section<'i, T: serde::Deserialize<'i>>(
    tree: &DeTable<'i>,
    name: &str,
    problems: impl Fn(&T) -> Vec<crate::diag::Problem>,
    found: &mut Diagnostics,
) -> Option<T> {
    let (key, node) = tree::entry(tree, name)?;
    check::read_checked(node, &key.span(), problems, found)
}

fn read_target(tree: &DeTable<'_>, places: &mut Places, found: &mut Diagnostics) -> Option<TargetSpec> {
    let Some((key, node)) = tree::entry(tree, "target") else {
        let nothing = TargetSpec {
            url: None,
            demo: None,
            ready: None,
            headers: Texts::default(),
            timeout: Duration::from_secs(60),
        };
        return Some(nothing);
    };
    places.target = if node.get_ref().as_table().is_some() { key.span() } else { node.span() };
    check::read_checked(node, &key.span(), TargetSpec::check, found)
}

fn read_pools(
    tree: &DeTable<'_>,
    seed: u64,
    sources: &Sources,
    found: &mut Diagnostics,
) -> BTreeMap<String, Arc<Pool>> {
    let mut pools = BTreeMap::new();
    for (key, node) in tree::table(tree, "audio").into_iter().flatten() {
        super::entry::check_form(key.get_ref(), &key.span(), found);
        let Some(spec) = check::read_checked(node, &key.span(), |_: &PoolSpec| Vec::new(), found) else { continue };
        let at = |key_name: &str| tree::place(node, key_name, &key.span());
        match spec.load(sources.folder(&at("files")), seed) {
            Ok(pool) => {
                for clip in &pool.clips {
                    if let Some(declared) = clip.declared_seconds {
                        let message = format!(
                            "the header of `{}` declares {declared:.3} s, but there are {:.3} s of audio in it",
                            clip.name, clip.seconds
                        );
                        found.push(Diagnostic::warning(message, at("files")).help("the real length counts"));
                    }
                }
                pools.insert(key.get_ref().to_string(), Arc::new(pool));
            }
            Err(error) => found.push(Diagnostic::error(error.to_string(), at("files"))),
        }
    }
    pools
}
