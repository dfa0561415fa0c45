//! Wrong plans and what is said about each: `tests/golden/diagnostics/*.md` holds both, plan and answer, to be read by people.
//! `UPDATE_GOLDEN=1 cargo test` writes the answers anew.

use std::fs;
use std::path::{Path, PathBuf};

use perfgate::plan::{Options, load};

/// One wrong plan with the answer it gets.
struct Case {
    title: String,
    plan: String,
    answer: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/diagnostics")
}

/// The text between the fences of the next block of this kind, and what follows it.
fn block<'a>(text: &'a str, kind: &str) -> Option<(&'a str, &'a str)> {
    let start = text.find(&format!("```{kind}\n"))? + kind.len() + 4;
    let end = start + text[start..].find("```\n")?;
    Some((&text[start..end], &text[end + 4..]))
}

fn cases(text: &str) -> Vec<Case> {
    text.split("\n## ")
        .skip(1)
        .map(|part| {
            let (title, rest) = part.split_once('\n').expect("a title");
            let (plan, rest) =
                block(rest, "toml").unwrap_or_else(|| panic!("no plan for `{title}`"));
            let (answer, _) =
                block(rest, "text").unwrap_or_else(|| panic!("no answer for `{title}`"));
            Case {
                title: title.to_owned(),
                plan: plan.to_owned(),
                answer: answer.to_owned(),
            }
        })
        .collect()
}

/// What is said about a plan, in a folder with a few files that plans may name.
fn said(plan: &str) -> (String, bool) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    fs::create_dir(folder.path().join("empty")).unwrap();
    write("text.wav", "this is no recording");
    write("people.csv", "name,age\nada,36\ngrace,85\n");
    write("ragged.csv", "name,age\nada,36\ngrace\n");
    write("key.pem", "");
    write("plan.toml", plan);
    let nothing = |_: &str| None;
    let options = Options {
        environment: &nothing,
        presets: &[],
        set: &[],
        only: &[],
        seed: None,
        load: perfgate::plan::LoadOptions::default(),
        aim: None,
    };
    let loaded = load(&folder.path().join("plan.toml"), &options);
    let text = loaded.diagnostics.render(&loaded.sources, false);
    let place = format!("{}/", folder.path().display());
    let plain = text
        .replace(&place, "")
        .replace(place.trim_end_matches('/'), ".");
    let lines: Vec<&str> = plain.lines().map(str::trim_end).collect();
    (lines.join("\n") + "\n", loaded.plan.is_none())
}

#[test]
fn every_mistake_is_answered_as_it_stands_in_its_document() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let (mut count, mut wrong) = (0, Vec::new());
    let mut files: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let heading = text.split("\n## ").next().unwrap_or_default();
        let mut renewed = heading.trim_end().to_owned() + "\n";
        for case in cases(&text) {
            count += 1;
            let (answer, refused) = said(&case.plan);
            renewed += &format!(
                "\n## {}\n\n```toml\n{}```\n\n```text\n{answer}```\n",
                case.title, case.plan
            );
            if !refused {
                wrong.push(format!("`{}` is accepted:\n{}", case.title, case.plan));
            } else if answer != case.answer && !update {
                wrong.push(format!(
                    "`{}` is answered\n{answer}\nand not\n{}",
                    case.title, case.answer
                ));
            }
        }
        if update {
            fs::write(&file, renewed).unwrap();
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(count >= 60, "only {count} mistakes are tried");
}

#[test]
fn every_answer_says_where_and_what_to_do_next() {
    let files = fs::read_dir(folder())
        .unwrap()
        .map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    for case in files.flat_map(|text| cases(&text)) {
        let whole_plan = case.title == "no load at all";
        assert!(
            whole_plan || case.answer.contains(" plan.toml:"),
            "no place: {}\n{}",
            case.title,
            case.answer
        );
        assert!(
            whole_plan || case.answer.contains('^'),
            "no caret: {}\n{}",
            case.title,
            case.answer
        );
        assert!(
            case.answer.contains("\nhelp: "),
            "nothing to do next: {}\n{}",
            case.title,
            case.answer
        );
        for internal in [
            "untagged",
            "invalid type",
            "Option",
            "serde",
            "expected one of `",
            "unknown variant",
        ] {
            assert!(
                !case.answer.contains(internal),
                "`{internal}` is no word for people: {}\n{}",
                case.title,
                case.answer
            );
        }
    }
}
