//! What the documents and the shipped plans say is so.

use std::path::{Path, PathBuf};

use perfgate::audio::PoolSpec;
use perfgate::gate::ExitCode;
use perfgate::report::FORMATS;

use crate::support::golden::kept_current;

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &str) -> String {
    std::fs::read_to_string(at(path)).expect(path)
}

#[test]
fn the_sample_is_one_second_of_speech() {
    let spec: PoolSpec = toml::from_str("files = \"assets/sample.wav.b64\"").unwrap();
    let pool = spec.load(&at("plans"), 1).expect("the sample is there");
    let clip = pool.pick(0).unwrap();
    assert_eq!(pool.len(), 1);
    assert_eq!((clip.seconds, clip.declared_seconds), (1.0, None));
    assert_eq!(
        (clip.sample_rate, clip.channels, clip.bits),
        (16_000, 1, 16)
    );
    assert!(!clip.is_silent() && !clip.is_float());
    let text = read("plans/assets/sample.wav.b64");
    assert!(
        text.ends_with('\n') && text.lines().all(|line| line.len() <= 76),
        "wrapped as `base64` wraps it"
    );
}

#[test]
fn the_plan_of_the_readme_is_the_quickstart() {
    let plan = read("plans/quickstart.toml");
    assert!(
        plan.lines().count() <= 25,
        "short enough to be read at once"
    );
    assert!(
        read("README.md").contains(&format!("```toml\n{plan}```")),
        "the README quotes the file word for word"
    );
}

#[test]
fn the_readme_has_every_exit_code_and_every_file_of_a_report() {
    let readme = read("README.md");
    for code in ExitCode::ALL {
        let row = format!("| {code} | {} |", code.meaning());
        assert!(readme.lines().any(|line| line == row), "{row}");
    }
    for format in FORMATS {
        let Some(file) = format.file else { continue };
        let row = format!("| `{file}` | {} |", format.about);
        assert!(readme.lines().any(|line| line == row), "{row}");
    }
}

#[test]
fn the_readme_begins_with_two_commands() {
    let readme = read("README.md");
    let (_, after) = readme
        .split_once("Two commands")
        .expect("the words that `.ci/run` looks for");
    let block = after.split("```").nth(1).expect("a block of code");
    let commands: Vec<_> = block
        .lines()
        .skip(1)
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(
        commands,
        [
            "cargo run --release -- run plans/quickstart.toml",
            "cargo test"
        ]
    );
}

#[test]
fn the_reference_is_what_the_types_say() {
    let plan = perfgate::plan::reference();
    for row in [
        "| `rate` | rate |",
        "## `target.demo.faults`",
        "## `flow.NAME`",
        "| `name` | text | ! |",
    ] {
        assert!(plan.contains(row), "no {row} in\n{plan}");
    }
    kept_current("docs/reference/plan.md", &plan);
    let metrics = perfgate::metric::reference();
    for kind in perfgate::metric::KINDS {
        assert!(
            metrics.contains(&format!("| `{}` |", kind.name)) && metrics.contains(kind.doc),
            "{}",
            kind.name
        );
    }
    kept_current("docs/reference/metrics.md", &metrics);
}

#[test]
fn links_within_the_reference_lead_to_a_section() {
    let page = perfgate::plan::reference();
    let heading = |line: &str| {
        line.strip_prefix("## ").map(|text| {
            text.to_lowercase()
                .replace(['`', '.'], "")
                .replace(' ', "-")
        })
    };
    let sections: Vec<String> = page.lines().filter_map(heading).collect();
    for link in page
        .split("](#")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
    {
        assert!(
            sections.iter().any(|section| section == link),
            "#{link} is none of {sections:?}"
        );
    }
}

#[test]
fn shipped_plans_are_toml() {
    let plans: Vec<_> = glob::glob(at("plans/*.toml").to_str().unwrap())
        .unwrap()
        .map(Result::unwrap)
        .collect();
    assert!(plans.len() >= 3, "{plans:?}");
    for plan in plans {
        let text = std::fs::read_to_string(&plan).unwrap();
        let table: Result<toml::Table, _> = text.parse();
        assert!(table.is_ok(), "{}: {table:?}", plan.display());
    }
}

#[test]
fn links_in_documents_lead_somewhere() {
    let pages =
        ["*.md", "docs/**/*.md"].map(|pattern| glob::glob(at(pattern).to_str().unwrap()).unwrap());
    for page in pages.into_iter().flatten().map(Result::unwrap) {
        let text = std::fs::read_to_string(&page).unwrap();
        let links = text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split([')', '#']).next());
        for link in links.filter(|link| !link.is_empty() && !link.contains("://")) {
            let target = page.parent().unwrap().join(link);
            assert!(
                target.exists(),
                "{} links to `{link}`, which does not exist",
                page.display()
            );
        }
    }
}
