//! The page in a real browser.

use super::scenes::{hostile, page};
use super::side_by_side::{diff_page, sessions_page};
use crate::support::charted::{charted_with, recorded};
use crate::support::chromium::Chromium;

#[test]
fn a_phone_shows_everything_without_scrolling_sideways() {
    let Some(mut browser) = Chromium::start() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let pages = [
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
    ];
    for (name, text) in pages {
        let file = folder.path().join(format!("{name}.html"));
        std::fs::write(&file, &text).unwrap();
        for width in [390, 1280] {
            browser.show(&file, width);
            let sideways =
                "document.documentElement.scrollWidth - document.documentElement.clientWidth";
            assert_eq!(browser.value(sideways), 0, "{name} at {width}");
            let charts = browser.value("document.querySelectorAll('figure svg[role=img]').length");
            assert_eq!(charts, text.matches("<svg").count(), "{name}");
            let flat = browser.value(
                "[...document.querySelectorAll('svg')].filter((s) => s.getBoundingClientRect().height < 60).length",
            );
            assert_eq!(flat, 0, "{name}");
            // Tables of many columns are blocks there, and within them nothing lies beyond the edge.
            let beyond = browser.value(
                "[...document.querySelectorAll('table.stack td')].filter((own) => \
                 own.getBoundingClientRect().right > document.documentElement.clientWidth).length",
            );
            assert!(
                width > 390 || beyond == 0,
                "{name}: {beyond} values beyond the edge"
            );
            let words = browser
                .value("document.body.innerText.length")
                .as_u64()
                .unwrap();
            assert!(words > 1_000, "{name}: {words} letters");
            assert_eq!(
                browser.value("document.querySelectorAll('th button').length > 5"),
                true,
                "{name}: its script runs"
            );
        }
    }
    assert_eq!(browser.complaints, Vec::<String>::new());
}
