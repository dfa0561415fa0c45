//! One way to write English: contractions in full, titles as words, numbers in digits.

/// Words that are written in two ways.
const SPELLINGS: [(&str, &str); 20] = [
    ("mr", "mister"),
    ("mrs", "missus"),
    ("ms", "miss"),
    ("dr", "doctor"),
    ("prof", "professor"),
    ("capt", "captain"),
    ("gov", "governor"),
    ("gen", "general"),
    ("sen", "senator"),
    ("jr", "junior"),
    ("sr", "senior"),
    ("vs", "versus"),
    ("etc", "et cetera"),
    ("ok", "okay"),
    ("can't", "can not"),
    ("cannot", "can not"),
    ("won't", "will not"),
    ("let's", "let us"),
    ("gonna", "going to"),
    ("wanna", "want to"),
];

/// Endings of contractions, and what they stand for. `'s` and `'d` may stand for several words, so they only part from theirs.
const ENDINGS: [(&str, &str); 7] = [
    ("n't", " not"),
    ("'re", " are"),
    ("'ve", " have"),
    ("'ll", " will"),
    ("'m", " am"),
    ("'s", " s"),
    ("'d", " d"),
];

const UNITS: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];
const SCALES: [(&str, u64); 3] = [
    ("thousand", 1_000),
    ("million", 1_000_000),
    ("billion", 1_000_000_000),
];

/// The words of a text, in lower case and without punctuation, as one way of writing has them.
pub(super) fn normalized(words: Vec<String>) -> Vec<String> {
    let full = words.iter().flat_map(|word| in_full(word));
    let full: Vec<String> = full.collect();
    digits(&full)
}

fn in_full(word: &str) -> Vec<String> {
    let text = match SPELLINGS.iter().find(|(short, _)| *short == word) {
        Some((_, long)) => (*long).to_owned(),
        None => match ENDINGS.iter().find_map(|(end, long)| {
            let stem = word.strip_suffix(end).filter(|stem| !stem.is_empty())?;
            Some(format!("{stem}{long}"))
        }) {
            Some(full) => full,
            None => word.to_owned(),
        },
    };
    text.split(' ').map(str::to_owned).collect()
}

/// The same words with each number in digits: `twenty three` is `23`, `one hundred and five` is `105`.
fn digits(words: &[String]) -> Vec<String> {
    let (mut out, mut at) = (Vec::with_capacity(words.len()), 0);
    while at < words.len() {
        match number(&words[at..]) {
            Some((value, length)) => {
                out.push(value.to_string());
                at += length;
            }
            None => {
                out.push(words[at].clone());
                at += 1;
            }
        }
    }
    out
}

/// The number that begins a list of words, and how many words it is.
fn number(words: &[String]) -> Option<(u64, usize)> {
    let (mut total, mut group, mut length) = (0_u64, None::<u64>, 0);
    let mut lowest = u64::MAX;
    while let Some(word) = words.get(length) {
        let word = word.as_str();
        if let Some(unit) = UNITS.iter().position(|own| *own == word) {
            let (unit, last) = (unit as u64, group.unwrap_or(0));
            // `twenty three` goes on, `one two` are two numbers.
            let fits = match group {
                None => true,
                Some(_) if unit < 10 && unit > 0 => last % 10 == 0 && last % 100 != 10,
                Some(_) => last % 100 == 0 && unit > 0,
            };
            if !fits {
                break;
            }
            group = Some(last + unit);
        } else if let Some(ten) = TENS.iter().position(|own| *own == word) {
            if group.is_some_and(|last| last % 100 != 0) {
                break;
            }
            group = Some(group.unwrap_or(0) + (ten as u64 + 2) * 10);
        } else if word == "hundred" && group.is_some_and(|last| (1..10).contains(&last)) {
            group = group.map(|last| last * 100);
        } else if let Some((_, scale)) = SCALES.iter().find(|(own, _)| *own == word) {
            let Some(last) = group.filter(|last| *last > 0 && *scale < lowest) else {
                break;
            };
            total += last * scale;
            (group, lowest) = (Some(0), *scale);
        } else if word == "and" && group.is_some_and(|last| last % 100 == 0) && length > 1 {
            // Part of the number where a number below a hundred follows.
            let next = words.get(length + 1).map(String::as_str);
            let below = next.is_some_and(|next| UNITS[1..].contains(&next) || TENS.contains(&next));
            if !below {
                break;
            }
        } else {
            break;
        }
        length += 1;
    }
    (length > 0).then(|| (total + group.unwrap_or(0), length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ways_of_writing_become_one() {
        for (text, one) in [
            ("mr smith don't care", "mister smith do not care"),
            ("we're sure it's fine", "we are sure it s fine"),
            ("i can't", "i can not"),
            ("twenty three", "23"),
            ("one hundred and five cats", "105 cats"),
            ("two thousand nineteen", "2019"),
            ("one two three", "1 2 3"),
            ("nine", "9"),
            ("3 million", "3 million"),
            ("five and six", "5 and 6"),
            ("two hundred and then", "200 and then"),
            ("one million two hundred thousand", "1200000"),
            ("zero", "0"),
            ("hundred", "hundred"),
        ] {
            let words = text.split(' ').map(str::to_owned).collect();
            assert_eq!(normalized(words).join(" "), one, "{text}");
        }
    }
}
