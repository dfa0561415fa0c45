//! A plan that is almost right: one key of a shipped plan is misspelt, or its text is damaged anywhere.

use std::fs;
use std::path::{Path, PathBuf};

use perfgate::plan::{Loaded, Options, load};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tempfile::TempDir;
use toml::de::{DeTable, DeValue};

/// Below these a person chooses the names: one that is misspelt is another name, which stands in the effective plan.
const FREE: [&str; 17] = [
    "monitor",
    "headers",
    "query",
    "json",
    "form",
    "multipart",
    "labels",
    "tags",
    "capture",
    "preset",
    "vars",
    "secrets",
    "marks",
    "spans",
    "metadata",
    "message",
    "config",
];

fn shipped() -> Vec<PathBuf> {
    let plans = Path::new(env!("CARGO_MANIFEST_DIR")).join("plans");
    let files = fs::read_dir(plans)
        .unwrap()
        .map(|file| file.unwrap().path());
    files
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .collect()
}

/// A copy of the shipped plans, in which one can be changed.
fn copy() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in shipped() {
        fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
    }
    for part in ["assets", "dialects", "protos"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("plans")
            .join(part);
        let to = folder.path().join(part);
        fs::create_dir(&to).unwrap();
        for file in fs::read_dir(from).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), to.join(file.file_name())).unwrap();
        }
    }
    folder
}

fn read(path: &Path) -> Loaded {
    let environment = |name: &str| (name == "ADMIN_PASSWORD").then(|| "correct horse".to_owned());
    load(
        path,
        &Options {
            environment: &environment,
            presets: &[],
            set: &[],
            only: &[],
            seed: None,
            load: perfgate::plan::LoadOptions::default(),
            aim: None,
        },
    )
}

/// Every key of a table with the tables it is in, and where it stands.
fn keys(
    table: &DeTable<'_>,
    path: &[String],
    all: &mut Vec<(Vec<String>, std::ops::Range<usize>)>,
) {
    for (key, value) in table {
        let mut path = path.to_vec();
        path.push(key.get_ref().to_string());
        all.push((path.clone(), key.span()));
        match value.get_ref() {
            DeValue::Table(table) => keys(table, &path, all),
            DeValue::Array(items) => {
                for table in items.iter().filter_map(|item| item.get_ref().as_table()) {
                    keys(table, &path, all);
                }
            }
            _ => {}
        }
    }
}

/// Three ways to misspell a key.
fn misspelt(key: &str) -> [String; 3] {
    let last = key.chars().last().unwrap_or('x');
    let mut swapped: Vec<char> = key.chars().collect();
    swapped.swap(0, key.chars().count().min(2) - 1);
    [
        key[..key.len() - last.len_utf8()].to_owned() + "q",
        format!("{key}{last}"),
        swapped.into_iter().collect(),
    ]
}

#[test]
fn a_misspelt_key_is_refused_or_another_name() {
    let mut tried = 0;
    for file in shipped() {
        let folder = copy();
        let path = folder.path().join(file.file_name().unwrap());
        let text = fs::read_to_string(&file).unwrap();
        let whole = read(&path);
        assert!(
            whole.plan.is_some(),
            "{}",
            whole.diagnostics.render(&whole.sources, false)
        );
        let mut all = Vec::new();
        keys(DeTable::parse(&text).unwrap().get_ref(), &[], &mut all);
        for (at, span) in all {
            let key = text[span.clone()].trim_matches(['"', '\'']).to_owned();
            for wrong in misspelt(&key)
                .into_iter()
                .filter(|wrong| *wrong != key && !wrong.is_empty())
            {
                tried += 1;
                let quoted = if text[span.clone()].starts_with('"') {
                    format!("\"{wrong}\"")
                } else {
                    wrong.clone()
                };
                fs::write(
                    &path,
                    format!("{}{quoted}{}", &text[..span.start], &text[span.end..]),
                )
                .unwrap();
                let loaded = read(&path);
                let Some(plan) = loaded.plan else { continue };
                // A flow that nobody runs is warned of by its name.
                if loaded
                    .diagnostics
                    .iter()
                    .any(|finding| finding.message.contains(&format!("`{wrong}`")))
                {
                    continue;
                }
                // A selector is a path through a reply, which only the target knows.
                let selector = wrong.starts_with("$.") || wrong.starts_with("header ");
                let free = selector
                    || at[..at.len() - 1]
                        .iter()
                        .any(|part| FREE.contains(&part.as_str()));
                let where_it_is = format!(
                    "{}: `{}` as `{wrong}` is accepted",
                    file.display(),
                    at.join(".")
                );
                assert!(free, "{where_it_is}");
                // It is another name, and is carried out as that: nothing was ignored.
                assert!(
                    plan.effective.to_string().contains(&format!("\"{wrong}\"")),
                    "{where_it_is} and ignored"
                );
            }
        }
    }
    assert!(tried > 500, "only {tried} mistakes were tried");
}

/// One way to damage a text.
#[derive(Debug, Clone)]
enum Damage {
    Cut(prop::sample::Index, usize),
    Insert(prop::sample::Index, String),
    Double(prop::sample::Index, prop::sample::Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let pieces = prop::sample::select(vec![
        "{{",
        "}}",
        "${",
        "}",
        "\"",
        "'",
        "[",
        "]",
        "[[",
        "=",
        ".",
        ",",
        "\n",
        "#",
        "\\",
        "-1",
        "0s",
        "1e999",
        "..",
        "<",
        "%",
        "{{x}}",
        "${X}",
        "\u{0}",
        "ä",
        "[phase]",
        "poll = {}",
        "\"\"\"",
        "9223372036854775807",
        "inf",
        "nan",
        "true",
        "$.[",
        "stages = []",
    ]);
    let index = any::<prop::sample::Index>;
    prop_oneof![
        (index(), 1usize..40).prop_map(|(at, length)| Damage::Cut(at, length)),
        (index(), pieces.prop_map(str::to_owned)).prop_map(|(at, piece)| Damage::Insert(at, piece)),
        (index(), ".{0,8}").prop_map(|(at, text)| Damage::Insert(at, text)),
        (index(), index()).prop_map(|(from, to)| Damage::Double(from, to)),
    ]
}

fn damaged(text: &str, all: &[Damage]) -> String {
    let mut text = text.to_owned();
    for damage in all {
        let place = |at: &prop::sample::Index, text: &str| {
            let mut at = at.index(text.len() + 1);
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        match damage {
            Damage::Cut(at, length) => {
                let from = place(at, &text);
                let until = text[from..]
                    .char_indices()
                    .nth(*length)
                    .map_or(text.len(), |(offset, _)| from + offset);
                text.replace_range(from..until, "");
            }
            Damage::Insert(at, piece) => text.insert_str(place(at, &text), piece),
            Damage::Double(from, to) => {
                let lines: Vec<String> = text.lines().map(str::to_owned).collect();
                if !lines.is_empty() {
                    let line = format!("{}\n", lines[from.index(lines.len())]);
                    let at = place(to, &text);
                    text.insert_str(at, &line);
                }
            }
        }
    }
    text
}

/// Reads so many damaged plans; whatever is read, it is read without a panic, and what is said can be shown.
fn read_damaged_plans(cases: u32) {
    // Clips that are read for each of millions of plans would take all the time.
    let texts: Vec<String> = shipped()
        .iter()
        .map(|file| {
            fs::read_to_string(file)
                .unwrap()
                .replace("seconds = 5.5", "seconds = 0.1")
        })
        .map(|text| {
            text.replace("seconds = 5 ", "seconds = 0.1 ")
                .replace("seconds = 3 ", "seconds = 0.1 ")
        })
        .collect();
    let folder = copy();
    let path = folder.path().join("damaged.toml");
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    });
    let strategy = (
        prop::sample::select(texts),
        prop::collection::vec(damage(), 1..4),
    );
    runner
        .run(&strategy, |(text, all)| {
            fs::write(&path, damaged(&text, &all)).unwrap();
            let loaded = read(&path);
            let said = loaded.diagnostics.render(&loaded.sources, false);
            prop_assert!(loaded.plan.is_some() || !said.is_empty());
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_damaged_plan_never_panics() {
    read_damaged_plans(300);
}

#[test]
#[ignore = "takes long: `just soak`"]
fn millions_of_damaged_plans_never_panic() {
    let cases =
        std::env::var("SOAK_PLANS").map_or(10_000_000, |count| count.parse().expect("a number"));
    read_damaged_plans(cases);
}
