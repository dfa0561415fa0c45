//! How far a transcript is from what was said: the word error rate, by an alignment of our own.

use std::ops::AddAssign;

use unicode_normalization::UnicodeNormalization;

use super::comparison::TextComparison;

/// What an alignment of two texts found. The word error rate is [`WordErrors::rate`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WordErrors {
    /// Words that are there as another word.
    pub substitutions: u64,
    /// Words of the reference that are missing.
    pub deletions: u64,
    /// Words that nobody said.
    pub insertions: u64,
    /// Words of the reference.
    pub words: u64,
    /// Texts that were compared.
    pub texts: u64,
}

impl WordErrors {
    /// Compares a transcript with its reference; `None` where the reference has no word, because then there is no rate.
    /// Both are taken in Unicode's form NFKC and in lower case, without punctuation but for apostrophes inside words, with hyphens and white space as the
    /// borders of words.
    #[must_use]
    pub fn between(reference: &str, transcript: &str) -> Option<Self> {
        Self::compared(reference, transcript, TextComparison::default())
    }

    /// The same by the words or characters that `how` counts, and with what it takes for equal.
    #[must_use]
    pub fn compared(reference: &str, transcript: &str, how: TextComparison) -> Option<Self> {
        let parts = |text| how.parts(words(text));
        let (wanted, found) = (parts(reference), parts(transcript));
        (!wanted.is_empty()).then(|| align(&wanted, &found))
    }

    /// Substitutions, deletions and insertions together.
    #[must_use]
    pub const fn errors(&self) -> u64 {
        self.substitutions + self.deletions + self.insertions
    }

    /// Errors for each word of the reference, above 1 where more was inserted than said; `None` without a word.
    #[must_use]
    pub fn rate(&self) -> Option<f64> {
        (self.words > 0).then(|| self.errors() as f64 / self.words as f64)
    }
}

impl AddAssign for WordErrors {
    fn add_assign(&mut self, other: Self) {
        let Self {
            substitutions,
            deletions,
            insertions,
            words,
            texts,
        } = other;
        self.substitutions += substitutions;
        self.deletions += deletions;
        self.insertions += insertions;
        self.words += words;
        self.texts += texts;
    }
}

/// The words of a text as they are compared.
fn words(text: &str) -> Vec<String> {
    let plain: String = text
        .nfkc()
        .map(|c| {
            if matches!(c, '’' | 'ʼ' | '＇') {
                '\''
            } else {
                c
            }
        })
        .collect();
    let border = |c: char| {
        c.is_whitespace() || matches!(c, '-' | '/' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '…')
    };
    let word = |raw: &str| {
        let kept: String = raw
            .chars()
            .filter(|c| *c == '\'' || !is_punctuation(*c))
            .collect();
        kept.trim_matches('\'').to_lowercase()
    };
    plain
        .split(border)
        .map(word)
        .filter(|word| !word.is_empty())
        .collect()
}

fn is_punctuation(c: char) -> bool {
    let ranges = [
        '\u{2010}'..='\u{205e}',
        '\u{3001}'..='\u{3003}',
        '\u{3008}'..='\u{3011}',
        '\u{ff01}'..='\u{ff0f}',
    ];
    let latin = matches!(c, '¡' | '¿' | '«' | '»' | '·' | '¶' | '§' | '×');
    let wide = matches!(
        c,
        '：' | '；' | '？' | '＠' | '［' | '］' | '｛' | '｝' | '。' | '、'
    );
    c.is_ascii_punctuation() || latin || wide || ranges.iter().any(|range| range.contains(&c))
}

/// The fewest errors that turn `wanted` into `found`. Of equally good ways the one with more substitutions counts.
fn align(wanted: &[String], found: &[String]) -> WordErrors {
    let alike = wanted.iter().zip(found).take_while(|(a, b)| a == b).count();
    let (left, right) = (&wanted[alike..], &found[alike..]);
    let tail = left
        .iter()
        .rev()
        .zip(right.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (left, right) = (&left[..left.len() - tail], &right[..right.len() - tail]);
    let insertions = |count: usize| WordErrors {
        insertions: count as u64,
        ..WordErrors::default()
    };
    let mut row: Vec<WordErrors> = (0..=right.len()).map(insertions).collect();
    for word in left {
        let mut diagonal = row[0];
        row[0].deletions += 1;
        for (at, other) in right.iter().enumerate() {
            let above = row[at + 1];
            let best = if word == other {
                diagonal
            } else {
                let replaced = WordErrors {
                    substitutions: diagonal.substitutions + 1,
                    ..diagonal
                };
                let missing = WordErrors {
                    deletions: above.deletions + 1,
                    ..above
                };
                let added = WordErrors {
                    insertions: row[at].insertions + 1,
                    ..row[at]
                };
                [missing, added]
                    .into_iter()
                    .fold(replaced, |a, b| if b.errors() < a.errors() { b } else { a })
            };
            diagonal = above;
            row[at + 1] = best;
        }
    }
    WordErrors {
        words: wanted.len() as u64,
        texts: 1,
        ..row[right.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_pairs_have_their_errors() {
        for (reference, transcript, [substitutions, deletions, insertions], rate) in [
            ("the cat sat down", "the cat sat down", [0, 0, 0], 0.0),
            ("the cat sat down", "the cat sat up", [1, 0, 0], 0.25),
            ("the cat sat down", "", [0, 4, 0], 1.0),
            ("the cat sat down", "cat down", [0, 2, 0], 0.5),
            ("yes", "oh yes it is", [0, 0, 3], 3.0),
            ("a b c d e f g", "x b d e f g h", [1, 1, 1], 3.0 / 7.0),
            ("a b c", "c a b", [0, 1, 1], 2.0 / 3.0),
        ] {
            let errors = WordErrors::between(reference, transcript).expect("words");
            let found = [errors.substitutions, errors.deletions, errors.insertions];
            assert_eq!(
                found,
                [substitutions, deletions, insertions],
                "{reference} / {transcript}"
            );
            assert!(
                (errors.rate().expect("words") - rate).abs() < 1e-12,
                "{reference} / {transcript}"
            );
        }
    }

    #[test]
    fn only_words_are_compared() {
        for (reference, transcript) in [
            ("Hello, World!", "hello world"),
            ("It’s  a well-known\nfact.", "it's a well known fact"),
            ("'Tis the users' café…", "tis the users CAFÉ"),
            ("\"Straße\" – ok?", "straße ok"),
            ("¿Qué? ¡No!", "qué no"),
            ("größe café", "gro\u{308}ße cafe\u{301}"),
            ("ﬁne ３", "fine 3"),
        ] {
            assert_eq!(
                WordErrors::between(reference, transcript).map(|e| e.errors()),
                Some(0),
                "{reference}"
            );
        }
        assert_eq!(
            WordErrors::between("its", "it's").map(|errors| errors.errors()),
            Some(1)
        );
        assert_eq!(
            WordErrors::between(" … !", "anything"),
            None,
            "nothing was said: there is no rate"
        );
    }

    #[test]
    fn characters_are_counted_where_words_have_no_borders() {
        use crate::audio::{Normalizer, TextUnit};
        let of = |reference, transcript, unit, normalizer| {
            WordErrors::compared(reference, transcript, TextComparison { unit, normalizer })
                .map(|errors| (errors.errors(), errors.words))
        };
        let (chinese, heard) = ("今天天气很好我们去公园。", "今天天气很好我们去公圆");
        for (unit, found) in [(TextUnit::Words, (1, 1)), (TextUnit::Characters, (1, 11))] {
            assert_eq!(of(chinese, heard, unit, Normalizer::Basic), Some(found));
        }
        let (said, written) = (
            "Mister Smith does not have twenty three.",
            "Mr. Smith doesn't have 23",
        );
        assert_eq!(
            of(said, written, TextUnit::Words, Normalizer::English),
            Some((0, 6))
        );
        assert_eq!(
            of(said, written, TextUnit::Words, Normalizer::Basic),
            Some((5, 7))
        );
    }

    #[test]
    fn sums_weigh_by_words() {
        let mut all =
            WordErrors::between("a b c d e f g h i j", "a b c d e f g h i x").expect("words");
        all += WordErrors::between("a b", "").expect("words");
        assert_eq!((all.errors(), all.words, all.texts), (3, 12, 2));
        assert_eq!(WordErrors::default().rate(), None);
    }
}
