//! How a secret may be spelled in an output.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// This much of a secret is recognized where a text was cut off in the middle of it.
const SHORT: usize = 4;
/// The same of a secret in base64 or hexadecimal digits.
const SHORT_CODE: usize = 6;
/// What stands where a text was cut off.
const CUT: &str = "…";

/// A secret, recognized as it is and as URLs (once or twice), JSON, HTML, base64 at any place of a longer text, and hexadecimal digits
/// write it.
#[derive(Debug, Clone)]
pub(super) struct SecretSpelling {
    chars: Vec<char>,
    codes: Vec<Code>,
}

/// The secret in other digits.
#[derive(Debug, Clone)]
struct Code {
    text: String,
    /// The digit before it has bits of the secret too.
    shares_left: bool,
    /// The digit behind it has.
    shares_right: bool,
}

impl SecretSpelling {
    pub(super) fn new(secret: &str) -> Self {
        let mut codes = vec![
            Code::whole(hex(secret, |byte| format!("{byte:02x}"))),
            Code::whole(hex(secret, |byte| format!("{byte:02X}"))),
        ];
        for before in 0..3 {
            let bytes = [&[0; 2][..before], secret.as_bytes()].concat();
            codes.extend([
                Code::base64(&STANDARD_NO_PAD.encode(&bytes), before, bytes.len()),
                Code::base64(&URL_SAFE_NO_PAD.encode(&bytes), before, bytes.len()),
            ]);
        }
        codes.retain(|code| code.text.len() >= SHORT);
        codes.sort_by(|a, b| a.text.cmp(&b.text));
        codes.dedup_by(|a, b| a.text == b.text);
        Self {
            chars: secret.chars().collect(),
            codes,
        }
    }

    /// How long it is: of two secrets of which one holds the other, the longer is hidden first.
    pub(super) const fn len(&self) -> usize {
        self.chars.len()
    }

    /// Where it stands in a text, in order.
    pub(super) fn places(&self, text: &str) -> Vec<Range<usize>> {
        let mut places = self.spelled(text);
        for code in &self.codes {
            places.extend(code.places(text));
        }
        places.sort_by_key(|place| (place.start, place.end));
        let mut apart: Vec<Range<usize>> = Vec::new();
        for place in places {
            match apart.last_mut() {
                Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
                _ => apart.push(place),
            }
        }
        apart
    }

    fn spelled(&self, text: &str) -> Vec<Range<usize>> {
        let Some(first) = self.chars.first() else {
            return Vec::new();
        };
        let mut places = Vec::new();
        let mut from = 0;
        let begins = |c: char| c == *first || matches!(c, '%' | '&' | '\\' | '+');
        while let Some(at) = text[from..].find(begins).map(|at| from + at) {
            match self.end(text, at) {
                Some(end) if end > at => {
                    places.push(at..end);
                    from = end;
                }
                _ => from = at + text[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
        places
    }

    /// The end of the secret where it begins here. A character may be spelled in ways of different length, so that several ends are
    /// followed at once.
    fn end(&self, text: &str, begin: usize) -> Option<usize> {
        let mut ends = vec![begin];
        for (nth, char) in self.chars.iter().enumerate() {
            if nth >= SHORT
                && let Some(cut) = ends.iter().find(|end| text[**end..].starts_with(CUT))
            {
                return Some(*cut);
            }
            let mut next = Vec::new();
            for end in &ends {
                for length in lengths(*char, &text[*end..]) {
                    if !next.contains(&(end + length)) {
                        next.push(end + length);
                    }
                }
            }
            if next.is_empty() {
                return None;
            }
            ends = next;
        }
        ends.into_iter().max()
    }
}

impl Code {
    const fn whole(text: String) -> Self {
        Self {
            text,
            shares_left: false,
            shares_right: false,
        }
    }

    /// What of base64 depends on nothing but the secret, which begins behind so many bytes of `size`.
    fn base64(digits: &str, before: usize, size: usize) -> Self {
        let begin = (before * 8).div_ceil(6);
        let end = size * 8 / 6;
        Self {
            text: digits.get(begin..end).unwrap_or_default().to_owned(),
            shares_left: before > 0,
            shares_right: !(size * 8).is_multiple_of(6),
        }
    }

    fn places(&self, text: &str) -> Vec<Range<usize>> {
        let digit = |c: char| c.is_ascii_alphanumeric() || "+/-_".contains(c);
        let whole = text.match_indices(self.text.as_str()).map(|(at, found)| {
            let mut end = at + found.len();
            if self.shares_right {
                end += usize::from(text[end..].starts_with(digit));
                end += text[end..].bytes().take_while(|byte| *byte == b'=').count();
            }
            let shared = self.shares_left && text[..at].ends_with(digit);
            at - usize::from(shared)..end
        });
        let cut = text.match_indices(CUT).filter_map(|(at, _)| {
            let begin = (SHORT_CODE..self.text.len())
                .rev()
                .find(|length| text[..at].ends_with(&self.text[..*length]))?;
            Some(at - begin..at)
        });
        whole.chain(cut).collect()
    }
}

fn hex(secret: &str, digits: impl Fn(u8) -> String) -> String {
    secret.bytes().map(digits).collect()
}

/// How long the spellings of this character are that the text begins with.
fn lengths(char: char, text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    match text.as_bytes() {
        [b'%', b'2', b'5', ..] if char == '%' => {
            let again = text.as_bytes()[1..].chunks(2);
            let signs = again.take_while(|digits| *digits == b"25").count();
            found.extend((1..=signs).map(|signs| 1 + 2 * signs));
        }
        [b'%', ..] => found.extend(percent(char, text)),
        [b'&', ..] => found.extend(entity(char, text)),
        [b'\\', ..] => found.extend(escape(char, text)),
        [b'+', ..] if char == ' ' => found.push(1),
        _ => {}
    }
    if text.starts_with(char) {
        found.push(char.len_utf8());
    }
    found
}

/// `%2F`, `%2f`, `%252F` and so on.
fn percent(char: char, text: &str) -> Option<usize> {
    let mut utf8 = [0; 4];
    let mut at = 0;
    for byte in char.encode_utf8(&mut utf8).bytes() {
        at += text.get(at..)?.strip_prefix('%').map(|_| 1)?;
        let digits = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
        // The sign itself may be spelled so, again and again.
        while digits(at) == Some(b'%') && digits(at + 2).is_some() {
            at += 2;
        }
        if digits(at) != Some(byte) {
            return None;
        }
        at += 2;
    }
    Some(at)
}

/// `&amp;`, `&#38;`, `&#x26;`.
fn entity(char: char, text: &str) -> Option<usize> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let meant = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    };
    (meant == Some(char)).then_some(end + 1)
}

/// `\"`, `\n`, `\u0022`; JSON in a text of JSON has its backslashes doubled.
fn escape(char: char, text: &str) -> Option<usize> {
    let slashes = text.bytes().take_while(|byte| *byte == b'\\').count();
    if char == '\\' {
        return [4, 2].into_iter().find(|count| *count <= slashes);
    }
    let rest = &text[slashes..];
    let mut utf16 = [0; 2];
    let mut at = 0;
    if rest.starts_with('u') {
        for unit in char.encode_utf16(&mut utf16) {
            at += rest
                .get(at..)?
                .trim_start_matches('\\')
                .strip_prefix('u')
                .map(|digits| rest[at..].len() - digits.len())?;
            let digits = rest.get(at..at + 4)?;
            if u16::from_str_radix(digits, 16).ok()? != *unit {
                return None;
            }
            at += 4;
        }
        return Some(slashes + at);
    }
    let meant = match char {
        '"' | '/' => char,
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        _ => return None,
    };
    rest.starts_with(meant).then_some(slashes + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(secret: &str, text: &str) -> String {
        let mut hidden = text.to_owned();
        for place in SecretSpelling::new(secret).places(text).into_iter().rev() {
            hidden.replace_range(place, "***");
        }
        hidden
    }

    #[test]
    fn a_secret_is_found_however_it_is_spelled() {
        for (secret, text, expected) in [
            ("to/k&en", "a to/k&en b", "a *** b"),
            ("to/k&en", "/x?k=to%2Fk%26en&y=1", "/x?k=***&y=1"),
            ("to/k&en", "to%2fk%26en", "***"),
            ("to/k&en", "to%252fk%2526en", "***"),
            ("to/k&en", "%74%6f%2f%6b%26%65%6e", "***"),
            ("to/k&en", "<b>to&#x2F;k&amp;en</b>", "<b>***</b>"),
            ("to/k&en", r#""to\/k\u0026en""#, r#""***""#),
            (
                "to/k&en",
                "746f2f6b26656E 746F2F6B26656E 746f2f6b26656e",
                "746f2f6b26656E *** ***",
            ),
            ("a%b 25c", "a%25b+25c a%25b%2025c a%b 25c", "*** *** ***"),
            (
                "größe",
                "gr\\u00f6\\u00dfe gr%C3%B6%c3%9fe gr&#246;&szlig;e größe",
                "*** *** gr&#246;&szlig;e ***",
            ),
            ("say \"hi\"", r#"{"a":"say \\\"hi\\\""}"#, r#"{"a":"***"}"#),
            ("to/k&en", "to/k&enough to/k", "***ough to/k"),
            ("to/k&en", "cut: to/k… and to/k&…", "cut: ***… and ***…"),
            ("to/k&en", "tot to/k", "tot to/k"),
        ] {
            assert_eq!(hidden(secret, text), expected, "{text}");
        }
    }

    #[test]
    fn base64_is_found_wherever_the_secret_stands_in_what_was_encoded() {
        let secret = "S3cr3t?Tok>n";
        for engine in [
            &base64::engine::general_purpose::STANDARD,
            &base64::engine::general_purpose::URL_SAFE,
        ] {
            for before in ["", "x", "xy", "user:", "basic:"] {
                for behind in ["", "y", "yz"] {
                    let text = engine.encode(format!("{before}{secret}{behind}"));
                    let hidden = hidden(secret, &text);
                    let left = hidden.replace("***", "");
                    // What is left are digits of the other texts alone.
                    assert!(hidden.contains("***"), "{text}: {hidden}");
                    let others = (before.len() + behind.len()) * 8;
                    assert!(
                        left.trim_end_matches('=').len() <= others.div_ceil(6),
                        "{text}: {hidden}"
                    );
                }
            }
        }
        let cut = format!("{}…", &STANDARD_NO_PAD.encode(secret)[..9]);
        assert_eq!(hidden(secret, &cut), "***…");
    }
}
