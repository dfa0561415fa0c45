//! Files that are made by perfgate itself and kept in the repository.

use std::path::Path;

/// Asserts that a file of the repository is what is made now. `UPDATE_GOLDEN=1` writes it anew.
#[track_caller]
pub fn kept_current(file: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, made).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let line = made
        .lines()
        .zip(kept.lines())
        .position(|(made, kept)| made != kept);
    assert!(
        made == kept,
        "{file} is not current (line {:?}): UPDATE_GOLDEN=1 cargo test writes it anew",
        line.map(|n| n + 1)
    );
}
