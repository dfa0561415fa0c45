//! The known name that a misspelt one was probably meant to be.

/// The closest of `known`, if it is close enough to be meant: at most one edit and a third of its length away.
#[must_use]
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = written.to_lowercase().replace('-', "_");
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&plain, &name.to_lowercase().replace('-', "_")), name))
        .filter(|(distance, name)| *distance <= 1 + name.chars().count() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_meant_name_and_nothing_far_away() {
        let known = ["threshold", "target", "timeout"];
        assert_eq!(nearest("treshold", known), Some("threshold"));
        assert_eq!(nearest("time-out", known), Some("timeout"));
        assert_eq!(nearest("wholly_different", known), None);
    }
}
