//! The names of columns: those of numbers begin with `#`, which is not shown.

/// Whether a column of that name is one of numbers.
pub(crate) fn is_number(name: &str) -> bool {
    name.starts_with('#')
}

/// What sets each column of a Markdown table to its side.
pub(crate) fn rules(names: &[impl AsRef<str>]) -> impl Iterator<Item = &'static str> {
    names.iter().map(|name| {
        if is_number(name.as_ref()) {
            "--:"
        } else {
            ":--"
        }
    })
}

/// The name as it is shown.
pub(crate) fn head(name: &str) -> &str {
    name.strip_prefix('#').unwrap_or(name)
}
