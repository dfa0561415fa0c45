//! Reads a plan: every mistake in one pass.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use crate::diag::{Diagnostic, Diagnostics, Sources, Spanned};
use crate::document::Mask;
use crate::gate::baseline::BaselineSpec;
use crate::plan::compile::prepared::Prepared;
use crate::plan::diagnostics::foreign_file;
use crate::plan::diagnostics::keys;
use crate::plan::diagnostics::provenance::WrittenVariables;
use crate::plan::docs::explain::Origins;
use crate::plan::fill;
use crate::plan::fill::Known;
use crate::plan::load_options;
use crate::plan::model::Plan;
use crate::plan::model::PlanSpans;
use crate::plan::read::check;
use crate::plan::read::data;
use crate::plan::read::effective;
use crate::plan::read::hooks;
use crate::plan::read::include;
use crate::plan::read::monitors;
use crate::plan::read::options::Options;
use crate::plan::read::overrides;
use crate::plan::read::overrides::Override;
use crate::plan::read::phases;
use crate::plan::read::pools;
use crate::plan::read::preset;
use crate::plan::read::rules;
use crate::plan::read::sweeps;
use crate::plan::read::syntax;
use crate::plan::read::target_override;
use crate::plan::read::variables;
use crate::plan::session::SessionSpec;
use crate::plan::source::{FilesRead, PlanSource};
use crate::plan::tree;

/// What came of reading a plan.
#[derive(Debug)]
pub struct Loaded {
    /// The plan; `None` where it cannot be used.
    pub plan: Option<Plan>,
    /// The same compiled: its catalog and what is judged. Requests to an embedded target have no address yet.
    pub prepared: Option<Prepared>,
    /// Every finding.
    pub diagnostics: Diagnostics,
    /// The files that it was read from.
    pub sources: Sources,
}

/// Reads the plan at `path`.
#[must_use]
pub fn load(path: &Path, options: &Options<'_>) -> Loaded {
    load_first(path, options, FilesRead::default())
}

/// Reads a plan that was made and stands in no file; `path` is what it is called.
#[must_use]
pub fn load_text(path: &Path, text: &str, options: &Options<'_>) -> Loaded {
    let files = [(path.to_owned(), text.to_owned())];
    load_first(path, options, FilesRead::of(files.into()))
}

fn load_first(path: &Path, options: &Options<'_>, files: FilesRead) -> Loaded {
    let asked: RefCell<BTreeMap<String, Option<String>>> = RefCell::default();
    let environment = |name: &str| {
        let value = (options.environment)(name);
        asked.borrow_mut().insert(name.to_owned(), value.clone());
        value
    };
    let noted = Options {
        environment: &environment,
        ..*options
    };
    let mut loaded = load_files(path, &noted, &files);
    if let Some(plan) = &mut loaded.plan {
        plan.source = PlanSource {
            path: path.to_owned(),
            files: files.into_texts(),
            environment: asked.take(),
            presets: options.presets.to_vec(),
            set: options
                .set
                .iter()
                .map(|set| (set.name.clone(), set.value.clone()))
                .collect(),
            only: options.only.to_vec(),
            seed: options.seed,
            load: options.load,
            aim: options
                .aim
                .map(|aim| (aim.option.to_owned(), aim.url.to_owned())),
        };
    }
    loaded
}

/// Reads a plan whose files may have been read before.
pub(in crate::plan) fn load_files(path: &Path, options: &Options<'_>, files: &FilesRead) -> Loaded {
    let mut sources = Sources::default();
    let mut found = Diagnostics::default();
    let text = match text_of(path, files) {
        Ok(text) => text,
        Err(wrong) => {
            sources.add(path, "");
            found.push(wrong);
            return Loaded {
                plan: None,
                prepared: None,
                diagnostics: found,
                sources,
            };
        }
    };
    sources.add(path, text.clone());
    let included = include::gather(path, &text, (options, files), &mut sources, &mut found);
    let mut root = syntax::parse(&text, 0, &mut found);
    let parts: Vec<_> = included
        .iter()
        .map(|part| syntax::parse(&part.text, part.offset, &mut found))
        .collect();
    if found.has_errors() {
        // What a file means that cannot be read to its end is a guess.
        return Loaded {
            plan: None,
            prepared: None,
            diagnostics: found,
            sources,
        };
    }
    keys::check(root.get_ref(), &mut found);
    for part in &parts {
        keys::check(part.get_ref(), &mut found);
    }
    include::merge_all(root.get_mut(), &included, parts);
    let (mut written, mut mask) = (WrittenVariables::default(), Mask::default());
    let plan = read(
        path,
        root,
        options,
        &mut sources,
        (&mut written, &mut mask),
        &mut found,
    );
    let checked = plan.filter(|_| !found.has_errors()).and_then(|mut plan| {
        let mut prepared = plan.check_whole(&sources, &mut found);
        plan.narrow(options.only, &mut found);
        if plan.partial && !found.has_errors() {
            prepared = plan.compile(None, 0, &sources, &mut found);
        }
        let prepared = prepared.filter(|_| !found.has_errors())?;
        plan.lint(&prepared, &mut found);
        (!found.has_errors()).then_some((plan, prepared))
    });
    let (plan, prepared) = checked.unzip();
    let in_full = |finding| {
        let finding = written.explain(finding, &sources, options.environment);
        finding.change(|text| mask.text(text))
    };
    let diagnostics = found.map(in_full);
    sources.cover(|text| mask.covered(text));
    Loaded {
        plan,
        prepared,
        diagnostics,
        sources,
    }
}

/// The text of a plan's file, or why it is none.
fn text_of(path: &Path, files: &FilesRead) -> Result<String, Diagnostic> {
    let text = files.text(path).map_err(|error| {
        let message = format!("cannot read the plan `{}`: {error}", path.display());
        let wrong = Diagnostic {
            span: None,
            ..Diagnostic::error(message, 0..0)
        };
        let is_absent = error.kind() == std::io::ErrorKind::NotFound;
        match foreign_file::absent(path).filter(|_| is_absent) {
            Some(help) => wrong.help(help),
            None => wrong,
        }
    })?;
    foreign_file::foreign(path).map_or(Ok(text), Err)
}

/// Fills the tree and reads every section.
fn read(
    path: &Path,
    mut root: Spanned<DeTable<'_>>,
    options: &Options<'_>,
    sources: &mut Sources,
    (written, mask): (&mut WrittenVariables, &mut Mask),
    diagnostics: &mut Diagnostics,
) -> Option<Plan> {
    let tree = root.get_mut();
    preset::apply(tree, options.presets, diagnostics);
    let short = load_options::resolve(tree, &options.load, options.only, diagnostics);
    let set: Vec<&Override> = options.set.iter().chain(&short).collect();
    set.iter()
        .for_each(|change| overrides::apply(tree, change, sources, diagnostics));
    options
        .aim
        .iter()
        .for_each(|aim| target_override::apply(tree, *aim, sources, diagnostics));
    *written = WrittenVariables::of(tree);
    fill::environment(tree, options.environment, diagnostics);
    let sources = &*sources;
    let name = name(path, tree, diagnostics);
    let mut known = Known::from([
        ("plan".to_owned(), Value::String(name.clone())),
        (
            "preset".to_owned(),
            Value::String(preset_name(options.presets)),
        ),
    ]);
    if tree::get(tree, "phase").is_none() {
        // Without phases the plan itself is the only one.
        known.insert("phase".to_owned(), Value::String(name.clone()));
    }
    let swept = sweeps::first_values(tree);
    known.extend(swept.clone());
    variables::resolve(tree, &mut known, None, diagnostics);
    known.retain(|name, _| !swept.contains_key(name));
    let effective;
    (effective, *mask) = effective::of(tree, &known);
    let base = tree.clone();
    fill::names(tree, &known, diagnostics);
    let session: SessionSpec =
        check::section(tree, "session", SessionSpec::check, diagnostics).unwrap_or_default();
    let baseline: Option<BaselineSpec> =
        check::section(tree, "baseline", BaselineSpec::check, diagnostics);
    let seed = options.seed.unwrap_or(session.seed.0);
    let session = SessionSpec {
        seed: crate::units::Count(seed),
        ..session
    };
    let mut places = PlanSpans::default();
    let pools = pools::read(tree, seed, sources, diagnostics);
    let data = data::read(tree, &pools, seed, sources, diagnostics);
    let rules = rules::read(tree, diagnostics);
    let mut phases = phases::read(
        tree,
        &base,
        (&known, &*mask),
        sources,
        &mut places,
        diagnostics,
    );
    // Raw samples hold the tags as they are.
    let texts = phases.iter_mut().flat_map(|phase| &mut phase.tags.0);
    texts.for_each(|(_, text)| text.get_mut().0 = mask.text(&text.get_ref().0));
    let schema = crate::plan::docs::schema::schema();
    let mut explained = Vec::new();
    let shown = effective::fill_all(&base, &known);
    Origins::new(schema, sources, mask, tree).table(schema, &shown, "", &mut explained);
    let description = text(tree, "description", diagnostics);
    let labels = check::table_of_texts(tree, "labels", diagnostics);
    let mut plan = Plan {
        description,
        name,
        file: path.to_owned(),
        pools,
        data,
        monitors: monitors::read(tree, &mut places, diagnostics),
        folder: sources.folder(&(0..0)).to_owned(),
        hooks: hooks::of_plan(tree, sources, diagnostics),
        source: PlanSource::default(),
        phases,
        rules,
        baseline,
        session,
        labels,
        presets: options.presets.to_vec(),
        cli_overrides: given(options, &set),
        mask: mask.clone(),
        effective,
        explained,
        load_hash: String::new(),
        partial: false,
        places,
    };
    plan.hash();
    Some(plan)
}

/// The words of the command line that change what is run, behind the presets.
fn given(options: &Options<'_>, set: &[&Override]) -> Vec<String> {
    let only = (!options.only.is_empty())
        .then(|| "--only".to_owned())
        .into_iter()
        .chain(options.only.iter().cloned());
    let set = set
        .iter()
        .flat_map(|set| ["--set".to_owned(), format!("{}={}", set.name, set.value)]);
    let seed = options
        .seed
        .into_iter()
        .flat_map(|seed| ["--seed".to_owned(), seed.to_string()]);
    only.chain(set).chain(seed).collect()
}

/// A text at the plan's own level; empty where there is none.
fn text(tree: &DeTable<'_>, key: &str, diagnostics: &mut Diagnostics) -> String {
    let Some(node) = tree::get(tree, key) else {
        return String::new();
    };
    match node.get_ref() {
        DeValue::String(text) => text.to_string(),
        DeValue::Table(_) | DeValue::Array(_) => {
            let error = Diagnostic::error(format!("`{key}` is a text"), node.span());
            diagnostics.push(error.help(format!("write {key} = \"…\"")));
            String::new()
        }
        _ => tree::to_json(node).to_string(),
    }
}

/// The plan's name: its own word, or the file's stem.
fn name(path: &Path, tree: &DeTable<'_>, diagnostics: &mut Diagnostics) -> String {
    let own = text(tree, "name", diagnostics);
    let stem = path.file_stem().map_or("plan".to_owned(), |stem| {
        stem.to_string_lossy().into_owned()
    });
    let name = if tree::get(tree, "name").is_some() {
        own
    } else {
        stem
    };
    let is_file_name = Path::new(&name)
        .file_name()
        .is_some_and(|own| own == name.as_str())
        && !name.contains(char::is_control);
    if let Some(node) = tree::get(tree, "name").filter(|_| !is_file_name) {
        let error = Diagnostic::error(
            format!("`{name}` cannot be the name of a folder"),
            node.span(),
        );
        diagnostics.push(
            error.help("the results folder is named after the plan: letters, digits, `-`, `_`"),
        );
    }
    name
}

/// What `{{preset}}` stands for.
fn preset_name(presets: &[String]) -> String {
    if presets.is_empty() {
        "default".to_owned()
    } else {
        presets.join("+")
    }
}
