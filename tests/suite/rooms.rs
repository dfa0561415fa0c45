//! The rules of the rooms: no circle among the files of a module, folders of a size to be looked over, arrows inside a module that
//! go one way, and names that only one type has.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::rust_source::RustSource;

/// Files of a folder, at most.
const FILES: usize = 20;
/// Type names that two types may share, at most.
const SHARED_NAMES: usize = 15;

/// Inside a module, rooms from the lowest to the highest: one may use those before it.
const ROOMS: &[(&str, &[&[&str]])] = &[
    (
        "protocol",
        &[
            &["registry"],
            &["exchange"],
            &["net"],
            &["http", "message_template", "spec", "binding"],
            &["grpc", "websocket", "tcp"],
            &["table"],
            &["client", "inspector", "testing"],
        ],
    ),
    (
        "flow",
        &[&["spec"], &["program"], &["stream"], &["compile", "run"]],
    ),
    (
        "report",
        &[&["text"], &["view"], &["html", "markdown", "terminal"]],
    ),
];

/// Words that were replaced by those of the field; `docs/design/words.md` has the list.
const OLD_WORDS: [&str; 14] = [
    "Yardstick",
    "Ledger",
    "Wiring",
    "Heard",
    "Tapped",
    "Surroundings",
    "Vocabulary",
    "Places",
    "Crew",
    "Desk",
    "Undescribed",
    "Described",
    "Manner",
    "SaySpec",
];

fn sources() -> Vec<RustSource> {
    let all = RustSource::all();
    all.iter()
        .filter_map(|source| production(&source.file, &source.text))
        .collect()
}

/// A file without its tests; nothing where it is all tests.
fn production(file: &str, text: &str) -> Option<RustSource> {
    let tests = ["_tests.rs", "/hostile.rs", "/vectors.rs"];
    if tests.iter().any(|end| file.ends_with(end)) || file.contains("/testing/") {
        return None;
    }
    let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    Some(RustSource::new(file, code))
}

type Module = Vec<String>;

/// Which file uses which, re-exports followed to where a thing is defined.
fn imports(sources: &[RustSource]) -> BTreeMap<Module, BTreeSet<Module>> {
    let files: BTreeSet<Module> = sources.iter().map(RustSource::module).collect();
    let mut exports: BTreeMap<(Module, String), Module> = BTreeMap::new();
    for source in sources
        .iter()
        .filter(|source| source.file.ends_with("/mod.rs"))
    {
        let module = source.module();
        for named in source.named() {
            let mut path = named.path;
            if path.first().is_some_and(|first| first == "crate") {
                path.remove(0);
            } else {
                path = module.iter().cloned().chain(path).collect();
            }
            if let Some(name) = path.last().cloned() {
                exports.insert((module.clone(), name), path);
            }
        }
    }
    let resolve = |path: &[String]| {
        let mut path = path.to_vec();
        for _ in 0..10 {
            let module = (0..=path.len())
                .rev()
                .map(|length| path[..length].to_vec())
                .find(|module| files.contains(module))?;
            let name = path.get(module.len()).cloned().unwrap_or_default();
            match exports.get(&(module.clone(), name)) {
                Some(next) if *next != path => path = next.clone(),
                _ => return Some(module),
            }
        }
        None
    };
    let mut all = BTreeMap::new();
    for source in sources
        .iter()
        .filter(|source| !source.file.ends_with("/mod.rs"))
    {
        let module = source.module();
        let named = source.named().into_iter();
        let used = named
            .filter(|named| named.begins(&["crate"]))
            .filter_map(|named| resolve(&named.path[1..]))
            .filter(|used| *used != module);
        all.insert(module.clone(), used.collect());
    }
    all
}

/// Every file from which a way leads back to itself inside its module.
fn circles(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    let reaches_itself = |start: &Module| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
        while let Some(file) = open.pop() {
            let used = imports.get(file).into_iter().flatten();
            for next in used.filter(|next| next.first() == start.first()) {
                if next == start {
                    return true;
                }
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        false
    };
    let circle = imports.keys().filter(|file| reaches_itself(file));
    circle
        .map(|file| format!("`{}` uses itself by way of others", file.join("::")))
        .collect()
}

fn full_folders(sources: &[RustSource]) -> Vec<String> {
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for source in sources {
        let folder = source
            .file
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        *folders.entry(folder).or_default() += 1;
    }
    folders.retain(|_, files| *files > FILES);
    folders
        .into_iter()
        .map(|(folder, files)| format!("{folder}: {files} files, where {FILES} are the most"))
        .collect()
}

/// Uses of a higher room inside a module.
fn wrong_arrows(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<String> {
    let room = |module: &Module| {
        let (_, rooms) = ROOMS
            .iter()
            .find(|(name, _)| Some(*name) == module.first().map(String::as_str))?;
        let name = module.get(1)?;
        rooms
            .iter()
            .position(|level| level.contains(&name.as_str()))
    };
    let mut all = Vec::new();
    for (file, used) in imports {
        for used in used.iter().filter(|used| used.first() == file.first()) {
            if let (Some(from), Some(to)) = (room(file), room(used))
                && to > from
            {
                all.push(format!(
                    "`{}` uses `{}` above it",
                    file.join("::"),
                    used.join("::")
                ));
            }
        }
    }
    all
}

/// The names that several types have, each with its files.
fn shared_names(sources: &[RustSource]) -> BTreeMap<String, Vec<String>> {
    let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources {
        let named = source.types();
        for name in named.filter(|name| name.text.starts_with(char::is_uppercase)) {
            let files = names.entry(name.text.clone()).or_default();
            files.push(source.file.clone());
        }
    }
    names.retain(|_, files| files.len() > 1);
    names
}

fn old_words(sources: &[RustSource]) -> Vec<String> {
    let types = |source: &RustSource| -> Vec<String> {
        let named = source.types();
        let old = named.filter(|name| OLD_WORDS.contains(&name.text.as_str()));
        old.map(|name| format!("{}:{}: `{}`", source.file, name.line, name.text))
            .collect()
    };
    sources.iter().flat_map(types).collect()
}

fn assert_none(broken: &[String]) {
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn no_file_of_a_module_uses_itself_by_way_of_others() {
    assert_none(&circles(&imports(&sources())));
}

#[test]
fn arrows_between_rooms_go_one_way() {
    assert_none(&wrong_arrows(&imports(&sources())));
}

#[test]
fn folders_can_be_looked_over() {
    assert_none(&full_folders(&sources()));
}

#[test]
fn types_have_names_of_their_own_in_the_words_of_the_field() {
    let sources = sources();
    let shared = shared_names(&sources);
    assert!(shared.len() <= SHARED_NAMES, "{shared:#?}");
    assert_none(&old_words(&sources));
}

fn made(files: &[(&str, &str)]) -> Vec<RustSource> {
    let source = |(file, text): &(&str, &str)| production(file, text);
    files.iter().filter_map(source).collect()
}

#[test]
fn a_circle_is_found_even_through_a_re_export() {
    let round = [
        ("src/flow/mod.rs", "mod a;\nmod b;\npub use b::B;"),
        ("src/flow/a.rs", "use crate::flow::B;"),
        ("src/flow/b.rs", "use super::a::A;"),
    ];
    assert_eq!(circles(&imports(&made(&round))).len(), 2);
    let in_tests = [
        round[0],
        (
            "src/flow/a.rs",
            "#[cfg(test)]\nmod tests { use crate::flow::B; }",
        ),
        round[2],
    ];
    assert_none(&circles(&imports(&made(&in_tests))));
}

#[test]
fn a_wrong_arrow_a_full_folder_and_a_shared_name_are_found() {
    let files = [
        ("src/protocol/mod.rs", "mod net;\nmod grpc;"),
        (
            "src/protocol/net/dial.rs",
            "use crate::protocol::grpc::stream::S;",
        ),
        (
            "src/protocol/grpc/stream.rs",
            "use crate::protocol::net::dial::dial; struct S;",
        ),
        ("src/protocol/grpc/spec.rs", "struct S; enum Yardstick {}"),
    ];
    let sources = made(&files);
    let arrows = wrong_arrows(&imports(&sources));
    assert!(
        arrows.len() == 1 && arrows[0].contains("net::dial"),
        "{arrows:?}"
    );
    assert_eq!(shared_names(&sources).keys().collect::<Vec<_>>(), ["S"]);
    assert_eq!(old_words(&sources).len(), 1);
    let many: Vec<String> = (0..=FILES).map(|n| format!("src/gate/f{n}.rs")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|file| (file.as_str(), "")).collect();
    assert_eq!(full_folders(&made(&many)).len(), 1);
    assert_none(&full_folders(&made(&many[1..])));
}
