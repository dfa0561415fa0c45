//! Texts that are not too long.

use crate::report::text::cut;

/// No text of a server is longer than this here.
const CLIP: usize = 400;

pub(super) fn clip(text: &str) -> String {
    cut(text, CLIP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(clip(&"ä".repeat(500)).chars().count(), CLIP + 1);
    }
}
