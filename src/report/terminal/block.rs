//! Texts that are longer than a line.

use super::paint::Paint;
use crate::report::text::Tone;

/// `text` in lines, the first behind `lead`, the others below its end.
pub(crate) fn wrapped(out: &mut String, paint: Paint, lead: (&str, Tone), text: (&str, Tone)) {
    let indent = lead.0.chars().count();
    out.push_str(&paint.on(lead.1, lead.0));
    for (at, line) in lines(text.0, paint.width.saturating_sub(indent).max(20))
        .iter()
        .enumerate()
    {
        if at > 0 {
            out.push_str(&" ".repeat(indent));
        }
        out.push_str(&paint.on(text.1, line));
        out.push('\n');
    }
}

/// Words put into lines of at most `width`; a longer word is cut where its line ends.
fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
        cut(&mut lines, width);
    }
    lines
}

fn cut(lines: &mut Vec<String>, width: usize) {
    let fits = |line: &str| line.char_indices().nth(width).is_none();
    let Some(long) = lines.pop_if(|line| !fits(line)) else {
        return;
    };
    // By ranges: a word may have megabytes.
    let mut rest = long.as_str();
    while let Some((at, _)) = rest.char_indices().nth(width) {
        lines.push(rest[..at].to_owned());
        rest = &rest[at..];
    }
    lines.push(rest.to_owned());
}

/// Texts side by side with three spaces between them, on as few lines as they fit on.
pub(crate) fn side_by_side(texts: &[String], first: usize, paint: Paint) -> String {
    let (mut out, mut used) = (String::new(), first);
    for text in texts {
        let width = text.chars().count();
        if used > 0 && used + 3 + width > paint.width {
            out.push_str("\n  ");
            used = 2;
        } else if used > 0 {
            out.push_str("   ");
            used += 3;
        }
        out.push_str(text);
        used += width;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::terminal::paint::WIDTH;

    #[test]
    fn long_texts_hang_below_their_beginning() {
        let mut out = String::new();
        wrapped(
            &mut out,
            Paint::from(false),
            ("note: ", Tone::Dim),
            (&"word ".repeat(20), Tone::Plain),
        );
        assert!(
            out.lines().count() == 2 && out.lines().all(|line| line.chars().count() <= WIDTH),
            "{out}"
        );
        let mut narrow = String::new();
        let paint = Paint::from(false).within(50);
        wrapped(
            &mut narrow,
            paint,
            ("note: ", Tone::Dim),
            (&"word ".repeat(20), Tone::Plain),
        );
        assert!(
            narrow.lines().count() == 3 && narrow.lines().all(|line| line.chars().count() <= 50),
            "{narrow}"
        );
        let long = "x".repeat(5_000_000);
        assert_eq!(lines(&format!("a {long} b"), 50).len(), 100_002);
        assert!(out.lines().nth(1).unwrap().starts_with("      word"));
    }
}
