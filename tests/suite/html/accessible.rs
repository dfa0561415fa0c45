//! What people who cannot see, use no mouse or forbid styles and scripts have of a page.

use std::path::PathBuf;
use std::process::Command;

use super::scenes::{hostile, page};
use super::side_by_side::{diff_page, sessions_page};
use crate::support::charted::{charted_with, recorded};
use crate::support::chromium::Chromium;

/// axe-core, where npm has installed it.
#[expect(
    clippy::print_stderr,
    reason = "who reads the test's output must see that nothing was tested"
)]
fn axe() -> Option<String> {
    let root = Command::new("npm").args(["root", "--global"]).output().ok();
    let root =
        root.map(|own| PathBuf::from(String::from_utf8_lossy(&own.stdout).trim().to_owned()));
    let found =
        root.and_then(|root| std::fs::read_to_string(root.join("axe-core/axe.min.js")).ok());
    if found.is_none() {
        eprintln!(
            "SKIPPED: no axe-core is installed, so no page was looked at (npm install --global axe-core)"
        );
    }
    found
}

fn pages() -> [(&'static str, String); 4] {
    [
        (
            "fail",
            page(
                &charted_with([360, 360, 0, 353, 3, 0, 4, 0], 1.27),
                Some(&recorded()),
            ),
        ),
        ("hostile", page(&hostile(), Some(&recorded()))),
        ("comparison", diff_page()),
        ("sessions", sessions_page()),
    ]
}

#[test]
fn axe_finds_nothing_on_light_and_dark_pages() {
    let Some(axe) = axe() else { return };
    let Some(mut browser) = Chromium::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in pages() {
        let file = folder.path().join(format!("{name}.html"));
        std::fs::write(&file, text).unwrap();
        for dark in [false, true] {
            browser.dark(dark);
            browser.show(&file, 1280);
            // What is folded is looked at too.
            browser
                .value("document.querySelectorAll('details').forEach((own) => (own.open = true))");
            browser.value(&axe);
            let found = browser.awaited(
                "axe.run(document, { resultTypes: ['violations'] }).then((all) => all.violations.map((own) => \
                 own.id + ': ' + own.help + ' at ' + own.nodes.slice(0, 3).map((node) => node.html).join(' ')))",
            );
            assert_eq!(found, serde_json::json!([]), "{name}, dark: {dark}");
        }
    }
}

#[test]
fn a_host_that_forbids_styles_and_scripts_shows_everything() {
    let Some(mut browser) = Chromium::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in pages() {
        let (before, rest) = text.split_once("content=\"default-src 'none'").unwrap();
        let (_, after) = rest.split_once('"').unwrap();
        let strict = format!("{before}content=\"default-src 'none'\"{after}");
        let file = folder.path().join(format!("{name}.html"));
        std::fs::write(&file, &strict).unwrap();
        browser.show(&file, 1280);
        assert_eq!(
            browser.value("getComputedStyle(document.body).maxWidth"),
            "none",
            "{name}: its style is forbidden"
        );
        assert_eq!(
            browser.value("document.querySelectorAll('th button').length"),
            0,
            "{name}: its script is forbidden"
        );
        let shown = "[...document.querySelectorAll('svg')].filter((own) => own.getBoundingClientRect().height >= 60).length";
        assert_eq!(browser.value(shown), text.matches("<svg").count(), "{name}");
        let rows = browser.value("document.querySelectorAll('tbody tr').length");
        assert!(rows.as_u64().unwrap() > 5, "{name}: {rows} rows");
        // A shape without a colour of its own would be a black area.
        let black = "[...document.querySelectorAll('svg path')].filter((own) => \
                     getComputedStyle(own).fill === 'rgb(0, 0, 0)').length";
        assert_eq!(browser.value(black), 0, "{name}");
    }
}
