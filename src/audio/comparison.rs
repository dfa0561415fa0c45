//! How a transcript is compared with its reference.

use schemars::JsonSchema;
use serde::Deserialize;

use super::english;

/// What an error rate counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TextUnit {
    /// Words, which blanks part.
    #[default]
    Words,
    /// Characters, blanks left out: for languages that are written without blanks between words.
    Characters,
}

/// What is done to both texts before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Normalizer {
    /// Case, punctuation and Unicode normal forms do not count.
    #[default]
    Basic,
    /// In English contractions, titles, numbers, per cent and currencies do not count either.
    English,
}

/// Both of them: how the clips of a pool are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextComparison {
    /// What is counted.
    pub unit: TextUnit,
    /// What is made equal before.
    pub normalizer: Normalizer,
}

impl TextComparison {
    /// What of a text is compared, one after the other.
    pub(super) fn parts(self, words: Vec<String>) -> Vec<String> {
        let words = match self.normalizer {
            Normalizer::Basic => words,
            Normalizer::English => english::normalized(words),
        };
        match self.unit {
            TextUnit::Words => words,
            TextUnit::Characters => words
                .iter()
                .flat_map(|word| word.chars().map(String::from))
                .collect(),
        }
    }
}

/// Whether most of a text's letters are of scripts that put no blanks between words.
pub(super) fn is_without_blanks(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    let (mut all, mut dense) = (0_usize, 0);
    for c in letters {
        all += 1;
        dense += usize::from(matches!(
            c,
            '\u{0e00}'..='\u{0eff}'
                | '\u{1000}'..='\u{109f}'
                | '\u{1780}'..='\u{17ff}'
                | '\u{3040}'..='\u{30ff}'
                | '\u{3400}'..='\u{9fff}'
                | '\u{20000}'..='\u{3ffff}'
        ));
    }
    let longest = text.split_whitespace().map(|word| word.chars().count());
    dense * 2 > all && longest.max().unwrap_or_default() > 4
}
