//! The rules of the house, read from the sources: floors and imports, sizes and names of files, and what is banned where.

use crate::support::rust_source::RustSource;

/// Each module of the library and the floor it stands on. `CONTRIBUTING.md` draws the picture.
const FLOORS: &[&[&str]] = &[
    &["units", "clock", "diag"],
    &["metric", "template", "select", "document"],
    &["stats", "audio"],
    &["schedule", "measure", "hook"],
    &["protocol", "demo"],
    &["flow", "engine", "summary", "endpoint", "monitor"],
    &["gate"],
    &["plan", "history", "import", "draft", "diagnose"],
    &["report"],
    &["run"],
    &["cli"],
];

/// The only neighbours that know each other: a moment minus a moment is a duration.
const NEIGHBOURS: &[(&str, &str)] = &[("clock", "units")];

const MANY_LINES: usize = 400;
const MAIN_LINES: usize = 15;

const EMPTY_NAMES: [&str; 9] = [
    "util",
    "utils",
    "common",
    "helper",
    "helpers",
    "manager",
    "imp",
    "misc",
    "utilities",
];

/// These only compute: the same input gives the same output.
const PURE: [&str; 4] = ["schedule", "stats", "metric", "gate"];
const IMPURE_PATHS: [&[&str]; 7] = [
    &["crate", "clock"],
    &["std", "time"],
    &["tokio", "time"],
    &["std", "fs"],
    &["std", "path"],
    &["std", "env"],
    &["File"],
];

/// These work on documents, wherever they came from.
const OFFLINE: [&str; 4] = ["summary", "gate", "report", "history"];
const ONLINE_CRATES: [&str; 4] = ["tokio", "reqwest", "hyper", "hyper_util"];

const PRINTERS: [&str; 4] = ["println", "print", "eprintln", "eprint"];
const ENVIRONMENT: [&str; 7] = ["var", "var_os", "vars", "vars_os", "args", "args_os", "*"];

/// The module of the library that a file belongs to; none for `lib.rs` and `main.rs`.
fn top(source: &RustSource) -> Option<String> {
    source.module().into_iter().next()
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|modules| modules.contains(&module))
}

fn broken(source: &RustSource, line: usize, rule: &str) -> String {
    format!("{}:{line}: {rule}", source.file)
}

fn check_floors(source: &RustSource) -> Vec<String> {
    let Some(module) = top(source) else {
        return check_root(source);
    };
    let Some(own) = floor(&module) else {
        return vec![broken(
            source,
            1,
            &format!("`{module}` stands on no floor: add it to `FLOORS`"),
        )];
    };
    // `pub(crate)` names the root and uses nothing of it.
    let imports = source
        .named()
        .into_iter()
        .filter(|named| named.begins(&["crate"]) && named.path.len() > 1);
    imports
        .filter_map(|named| {
            let used = named.path[1].as_str();
            if used == module || NEIGHBOURS.contains(&(module.as_str(), used)) {
                return None;
            }
            let rule = match floor(used) {
                Some(other) if other < own => return None,
                Some(other) => {
                    format!("`{module}` (floor {own}) uses `{used}` (floor {other}): only lower floors may be used")
                }
                None => format!("`{module}` uses `crate::{used}`, which stands on no floor"),
            };
            Some(broken(source, named.line, &rule))
        })
        .collect()
}

/// `lib.rs` declares modules of known floors, and `main.rs` uses `cli` alone.
fn check_root(source: &RustSource) -> Vec<String> {
    let mut all = Vec::new();
    for (token, next) in source.tokens.iter().zip(source.tokens.iter().skip(1)) {
        if token.text == "mod" && floor(&next.text).is_none() {
            all.push(broken(
                source,
                next.line,
                &format!("`{}` stands on no floor: add it to `FLOORS`", next.text),
            ));
        }
    }
    for named in source.named() {
        let used = named.path.get(1).map_or("", String::as_str);
        if source.file.ends_with("main.rs") && named.begins(&["perfgate"]) && used != "cli" {
            all.push(broken(
                source,
                named.line,
                &format!("`main.rs` uses `{used}`: it may use `cli` alone"),
            ));
        }
    }
    all
}

fn check_shape(source: &RustSource) -> Vec<String> {
    let mut all = Vec::new();
    let lines = source.text.lines().count();
    let is_main = source.file == "src/main.rs";
    let most = if is_main { MAIN_LINES } else { MANY_LINES };
    if lines > most {
        all.push(broken(
            source,
            lines,
            &format!("{lines} lines, where {most} are the most: find the second noun in it"),
        ));
    }
    let written = source
        .tokens
        .iter()
        .zip(source.tokens.iter().skip(1))
        .filter(|(token, _)| token.text == "mod");
    let written = written.map(|(_, name)| (name.line, name.text.clone()));
    for (line, name) in source
        .module()
        .into_iter()
        .map(|name| (1, name))
        .chain(written)
    {
        if EMPTY_NAMES.contains(&name.as_str()) {
            all.push(broken(
                source,
                line,
                &format!("`{name}` says nothing: name a module by its main noun"),
            ));
        }
    }
    if source.file.ends_with("/mod.rs") {
        all.extend(
            first_item(source)
                .map(|line| broken(source, line, "a `mod.rs` holds docs, `mod` and `use` alone")),
        );
    }
    all
}

/// The line of the first item that is neither `mod name;` nor a `use`.
fn first_item(source: &RustSource) -> Option<usize> {
    let mut tokens = source.tokens.iter().peekable();
    while let Some(token) = tokens.next() {
        match token.text.as_str() {
            "#" => {
                // An attribute, to its last bracket.
                let mut depth = 0;
                for inside in tokens.by_ref() {
                    depth += i32::from(inside.text == "[") - i32::from(inside.text == "]");
                    if depth == 0 && inside.text == "]" {
                        break;
                    }
                }
            }
            "pub" if tokens.next_if(|next| next.text == "(").is_some() => {
                tokens.by_ref().find(|inside| inside.text == ")");
            }
            "pub" => {}
            "use" => drop(tokens.by_ref().find(|inside| inside.text == ";")),
            "mod" => {
                tokens.next();
                if tokens.next().is_none_or(|end| end.text != ";") {
                    return Some(token.line);
                }
            }
            _ => return Some(token.line),
        }
    }
    None
}

fn check_bans(source: &RustSource) -> Vec<String> {
    let module = top(source).unwrap_or_default();
    let mut all = Vec::new();
    for named in source.named() {
        let path = named.path.join("::");
        let first = named.path[0].as_str();
        let mut ban = |rule: String| all.push(broken(source, named.line, &rule));
        if PURE.contains(&module.as_str()) && IMPURE_PATHS.iter().any(|banned| named.begins(banned))
        {
            ban(format!(
                "`{module}` uses `{path}`: it touches no clock, file or environment"
            ));
        }
        if OFFLINE.contains(&module.as_str()) && ONLINE_CRATES.contains(&first) {
            ban(format!(
                "`{module}` uses `{path}`: it works on documents, without tokio and HTTP clients"
            ));
        }
        if module == "cli" {
            continue;
        }
        let follows = |a: &str, b: &[&str]| {
            named
                .path
                .windows(2)
                .any(|two| two[0] == a && b.contains(&two[1].as_str()))
        };
        if follows("process", &["exit"]) {
            ban(format!("`{path}`: only `cli` exits"));
        }
        if follows("env", &ENVIRONMENT) {
            ban(format!("`{path}`: only `cli` reads the environment"));
        }
        if first == "anstream" {
            ban(format!("`{path}`: only `cli` prints"));
        }
    }
    for printer in PRINTERS.iter().filter(|_| module != "cli") {
        let lines = source.lines_of(&[printer, "!"]).into_iter();
        all.extend(
            lines.map(|line| broken(source, line, &format!("`{printer}!`: only `cli` prints"))),
        );
    }
    all
}

fn check_forbidden(source: &RustSource) -> Vec<String> {
    let mut all = Vec::new();
    let words: [(&[&str], &str); 4] = [
        (&["todo", "!"], "`todo!`: unfinished code is not committed"),
        (
            &["unimplemented", "!"],
            "`unimplemented!`: unfinished code is not committed",
        ),
        (&["dbg", "!"], "`dbg!` is for the moment of finding a fault"),
        (
            &["[", "allow", "("],
            "`allow`: write `expect` with a reason, so that it goes when its cause goes",
        ),
    ];
    for (tokens, rule) in words {
        all.extend(
            source
                .lines_of(tokens)
                .into_iter()
                .map(|line| broken(source, line, rule)),
        );
    }
    for (at, line) in source.text.lines().enumerate() {
        if line.contains("FIXME") {
            all.push(broken(
                source,
                at + 1,
                "`FIXME`: mend it, or write down what is known to be missing",
            ));
        }
    }
    for at in 0..source.tokens.len() {
        let text = |ahead: usize| {
            source
                .tokens
                .get(at + ahead)
                .map_or("", |token| token.text.as_str())
        };
        if text(0) != "serde" || text(1) != "(" {
            continue;
        }
        let inside = source.tokens[at + 2..]
            .iter()
            .take_while(|token| token.text != "]");
        for word in
            inside.filter(|token| matches!(token.text.as_str(), "tag" | "untagged" | "flatten"))
        {
            let rule = format!(
                "serde `{}`: errors would lose the place they belong to",
                word.text
            );
            all.push(broken(source, word.line, &rule));
        }
    }
    all
}

fn assert_kept(check: fn(&RustSource) -> Vec<String>) {
    let broken: Vec<_> = RustSource::all().iter().flat_map(check).collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

/// Asserts that a check finds each of these faults in a file, and nothing else.
fn assert_finds(check: fn(&RustSource) -> Vec<String>, file: &str, text: &str, faults: &[&str]) {
    let found = check(&RustSource::new(file, text));
    assert_eq!(found.len(), faults.len(), "{text}: {found:#?}");
    for (found, fault) in found.iter().zip(faults) {
        assert!(
            found.starts_with(file) && found.contains(fault),
            "{text}: {found} is not {fault}"
        );
    }
}

#[test]
fn imports_go_to_lower_floors_alone() {
    let imports = RustSource::all()
        .iter()
        .flat_map(RustSource::named)
        .filter(|named| named.begins(&["crate"]))
        .count();
    assert!(imports > 200, "only {imports} imports were found");
    assert_kept(check_floors);
}

#[test]
fn files_are_short_and_named_by_a_noun() {
    assert_kept(check_shape);
}

#[test]
fn nothing_banned_is_used() {
    assert_kept(check_bans);
}

#[test]
fn nothing_forbidden_is_written() {
    assert_kept(check_forbidden);
}

#[test]
fn a_wrong_import_is_found_however_it_is_written() {
    let finds = |file, text, faults: &[&str]| assert_finds(check_floors, file, text, faults);
    finds(
        "src/gate/a.rs",
        "use crate::units::Rate;\nuse crate::gate::B;\n// crate::cli\nlet a = \"crate::cli\";",
        &[],
    );
    finds(
        "src/gate/a.rs",
        "use crate::{units,\n plan::{Plan, self}};",
        &["a.rs:2: `gate` (floor 6) uses `plan` (floor 7)", ":2:"],
    );
    finds(
        "src/gate/a.rs",
        "fn f() { crate::report::view() }",
        &["a.rs:1: `gate` (floor 6) uses `report` (floor 8)"],
    );
    finds(
        "src/gate/a.rs",
        "mod tests { use super::super::super::run::Spine; }",
        &["`run` (floor 9)"],
    );
    finds(
        "src/gate/mod.rs",
        "use super::cli::Args;",
        &["`cli` (floor 10)"],
    );
    finds(
        "src/demo/a.rs",
        "use crate::protocol::Reply;",
        &["`demo` (floor 4) uses `protocol` (floor 4)"],
    );
    finds(
        "src/clock/a.rs",
        "use crate::units::Duration;\npub(crate) use a::b;",
        &[],
    );
    finds(
        "src/units/a.rs",
        "use crate::clock::Tick;",
        &["`units` (floor 0) uses `clock` (floor 0)"],
    );
    finds(
        "src/cli/a.rs",
        "use crate::attic::Box;",
        &["`crate::attic`, which stands on no floor"],
    );
    finds("src/attic.rs", "", &["`attic` stands on no floor"]);
    finds(
        "src/lib.rs",
        "pub mod units;\npub mod attic;",
        &["lib.rs:2: `attic` stands on no floor"],
    );
    finds(
        "src/main.rs",
        "use perfgate::run::execute;\nperfgate::cli::main()",
        &["main.rs:1: `main.rs` uses `run`"],
    );
}

#[test]
fn a_wrong_shape_is_found() {
    let finds = |file, text: &str, faults: &[&str]| assert_finds(check_shape, file, text, faults);
    finds("src/gate/a.rs", &"\n".repeat(400), &[]);
    finds(
        "src/gate/a.rs",
        &"\n".repeat(401),
        &["a.rs:401: 401 lines, where 400 are the most"],
    );
    finds("src/main.rs", &"\n".repeat(16), &["16 lines, where 15"]);
    finds("src/gate/helpers.rs", "", &["`helpers` says nothing"]);
    finds(
        "src/util/mod.rs",
        "mod common;",
        &["`util` says nothing", "`common` says nothing"],
    );
    let plain = "//! Docs.\n#![deny(x)]\n#[cfg(test)]\nmod a;\npub(crate) mod b;\npub use a::{B, c::D};\nuse e;";
    finds("src/gate/mod.rs", plain, &[]);
    finds(
        "src/gate/mod.rs",
        "mod a;\n\nfn b() {}",
        &["mod.rs:3: a `mod.rs` holds"],
    );
    finds(
        "src/gate/mod.rs",
        "pub(super) mod a {}",
        &["mod.rs:1: a `mod.rs` holds"],
    );
}

#[test]
fn a_banned_use_is_found() {
    let finds = |file, text, faults: &[&str]| assert_finds(check_bans, file, text, faults);
    finds(
        "src/stats/a.rs",
        "use crate::{clock::Tick};\nuse std::{\nfs, time::Duration};",
        &["a.rs:1: `stats`", "a.rs:3:", "a.rs:3:"],
    );
    finds(
        "src/metric/a.rs",
        "File::open(x); std::env::temp_dir(); std::path::Path",
        &["`File::open`", "std::env", "std::path"],
    );
    finds(
        "src/schedule/a.rs",
        "use tokio::time::sleep;",
        &["no clock, file or environment"],
    );
    finds(
        "src/report/a.rs",
        "use reqwest::Client;\nuse std::fs;\n#[tokio::main]\nhyper::x()",
        &["a.rs:1", "a.rs:3", "a.rs:4"],
    );
    finds(
        "src/engine/a.rs",
        "use tokio::sync; // println!\nwriteln!(out)",
        &[],
    );
    finds(
        "src/engine/a.rs",
        "println!();\neprint!();",
        &["a.rs:1: `println!`: only `cli` prints", "a.rs:2: `eprint!`"],
    );
    finds(
        "src/engine/a.rs",
        "anstream::stdout()",
        &["only `cli` prints"],
    );
    finds(
        "src/engine/a.rs",
        "std::process::exit(1); use std::{process::{exit, Command}};",
        &["only `cli` exits", "only `cli` exits"],
    );
    finds(
        "src/run/a.rs",
        "std::env::var(a); use std::env; env::args(); env!(b)",
        &["reads the environment", "env::args"],
    );
    finds(
        "src/cli/a.rs",
        "println!(); std::env::args(); std::process::exit(0)",
        &[],
    );
}

#[test]
fn a_forbidden_word_is_found() {
    let finds =
        |text, faults: &[&str]| assert_finds(check_forbidden, "src/plan/a.rs", text, faults);
    finds(
        "// todo!\nlet allow = \"dbg!\"; list.flatten(); #[serde(default, rename = \"tag\")]",
        &[],
    );
    finds("todo!()", &["a.rs:1: `todo!`"]);
    finds("\nunimplemented!()", &["a.rs:2: `unimplemented!`"]);
    finds("dbg!(x)", &["`dbg!`"]);
    finds(
        "#![allow(x)]\n#[allow(y)]",
        &["a.rs:1: `allow`", "a.rs:2: `allow`"],
    );
    finds("// FIXME later", &["a.rs:1: `FIXME`"]);
    finds(
        "#[serde(tag = \"kind\")]\n#[serde(default,\n untagged)]\n#[serde(flatten)]",
        &[
            "1: serde `tag`",
            "3: serde `untagged`",
            "4: serde `flatten`",
        ],
    );
}
