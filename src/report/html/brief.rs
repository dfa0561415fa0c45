//! Texts that others wrote, cut to what a page has room for.

/// The text, or its begin and how much is missing.
pub(crate) fn brief(text: &str, most: usize) -> String {
    let letters = text.chars().count();
    if letters <= most {
        return text.to_owned();
    }
    let begin: String = text.chars().take(most).collect();
    format!("{begin}… ({} more characters)", letters - most)
}

/// The end of a name, which says what it is, where its begin has no room.
pub(crate) fn tail(name: &str, most: usize) -> String {
    let letters = name.chars().count();
    if letters <= most {
        return name.to_owned();
    }
    format!(
        "…{}",
        name.chars().skip(letters - most + 1).collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_is_said() {
        assert_eq!(brief("größer", 6), "größer");
        assert_eq!(
            (tail("größer", 6), tail("größer", 4)),
            ("größer".to_owned(), "…ßer".to_owned())
        );
        assert_eq!(brief("größer", 3), "grö… (3 more characters)");
    }
}
