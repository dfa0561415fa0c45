//! The known name that a misspelt one was probably meant to be.

/// The closest of `known`, if it is close enough to be meant: one edit and one more for each four letters, or one of the
/// words that it is made of (`job` of `job_id`).
#[must_use]
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = written.to_lowercase().replace('-', "_");
    let measured = |name: &'a str| {
        let known = name.to_lowercase().replace('-', "_");
        let words = |text: &str| text.split('_').map(str::to_owned).collect::<Vec<_>>();
        let mut sorted = (words(&known), words(&plain));
        let length = known.chars().count().min(plain.chars().count());
        let distance = strsim::damerau_levenshtein(&plain, &known);
        if distance <= 1 + length / 4 && distance < plain.chars().count().max(known.chars().count())
        {
            return Some((distance, name));
        }
        sorted.0.sort_unstable();
        sorted.1.sort_unstable();
        let part = length >= 3 && (sorted.0.contains(&plain) || sorted.0 == sorted.1);
        part.then_some((distance, name))
    };
    known
        .into_iter()
        .filter_map(measured)
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
        assert_eq!(nearest("job", ["now", "job_id"]), Some("job_id"));
        assert_eq!(
            nearest("rate_error", ["drop_rate", "error_rate"]),
            Some("error_rate")
        );
        assert_eq!(nearest("n", ["now", "vu"]), None);
        assert_eq!(nearest("b", ["a"]), None);
    }
}
