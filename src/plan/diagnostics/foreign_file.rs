//! Files of other tools that are given as plans.

use std::path::Path;

use crate::diag::{Diagnostic, nearest};

/// By their endings: what they are, and what to do.
const FILES: &[(&str, &str, &str)] = &[
    ("js mjs cjs ts", "a script, of k6 perhaps", SCRIPT),
    ("py", "a script in Python, of Locust perhaps", SCRIPT),
    ("scala kt java", "a simulation, of Gatling perhaps", SCRIPT),
    ("lua", "a script, of wrk perhaps", SCRIPT),
    ("jmx", "a test plan of JMeter", SCRIPT),
    ("hurl", "a file of hurl", SCRIPT),
    (
        "yml yaml",
        "YAML, of Artillery or OpenAPI perhaps",
        DOCUMENT,
    ),
    ("har", "a recording of a browser", DOCUMENT),
    ("jtl csv", "a table, and perhaps a result", SCRIPT),
];

const SCRIPT: &str = "a plan is a TOML file: `perfgate init` writes one to start from, and `perfgate run URL --write plan.toml` one of a URL";

const DOCUMENT: &str = "a plan is a TOML file: `perfgate init --from FILE` makes one of a curl command, a HAR file or an OpenAPI document, and `perfgate init` one to start from";

/// What to say of a file that is none of perfgate's; `None` where it may be a plan.
pub(in crate::plan) fn foreign(path: &Path) -> Option<Diagnostic> {
    let ending = path.extension()?.to_str()?.to_lowercase();
    let (_, what, help) = FILES
        .iter()
        .find(|(endings, ..)| endings.split(' ').any(|known| known == ending))?;
    let message = format!("`{}` is {what}, and not a plan", path.display());
    let error = Diagnostic {
        span: None,
        ..Diagnostic::error(message, 0..0)
    };
    Some(error.help(*help))
}

/// What to say of a plan that is not there: those that are.
pub(in crate::plan) fn absent(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|own| !own.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let mut plans: Vec<String> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .filter_map(|path| {
            let shown = path.strip_prefix(".").unwrap_or(&path);
            shown.to_str().map(str::to_owned)
        })
        .collect();
    plans.sort();
    let typed = path.to_str().unwrap_or_default();
    if let Some(close) = nearest(typed, plans.iter().map(String::as_str)) {
        return Some(format!("a file with a similar name is there: `{close}`"));
    }
    let some: Vec<String> = plans
        .iter()
        .take(5)
        .map(|plan| format!("`{plan}`"))
        .collect();
    match some.as_slice() {
        [] => Some("`perfgate init` writes a plan to start from".to_owned()),
        some => Some(format!("plans there are {}", some.join(", "))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_tools_are_named() {
        for (file, says) in [
            ("load.js", "k6"),
            ("a/b.YAML", "Artillery"),
            ("locustfile.py", "Locust"),
            ("test.jmx", "JMeter"),
        ] {
            let found = foreign(Path::new(file)).expect(file);
            assert!(
                found.message.contains(says) && !found.help.is_empty(),
                "{}",
                found.message
            );
        }
        for file in ["plan.toml", "plan", "nightly.conf"] {
            assert!(foreign(Path::new(file)).is_none(), "{file}");
        }
    }

    #[test]
    fn a_plan_that_is_not_there_leads_to_those_that_are() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert!(absent(&at("x.toml")).unwrap().contains("perfgate init"));
        std::fs::write(at("nightly.toml"), "").unwrap();
        assert!(
            absent(&at("nigthly.toml"))
                .unwrap()
                .contains("similar name")
        );
        assert!(
            absent(&at("other_thing.toml"))
                .unwrap()
                .contains("nightly.toml")
        );
    }
}
