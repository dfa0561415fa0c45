//! Texts that others wrote, cut to what a page has room for.

/// The text, or its begin and how much is missing.
pub(super) fn brief(text: &str, most: usize) -> String {
    let letters = text.chars().count();
    if letters <= most {
        return text.to_owned();
    }
    let begin: String = text.chars().take(most).collect();
    format!("{begin}… ({} more characters)", letters - most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_is_said() {
        assert_eq!(brief("größer", 6), "größer");
        assert_eq!(brief("größer", 3), "grö… (3 more characters)");
    }
}
