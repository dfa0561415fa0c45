//! What serde says of a value that it cannot read, in words for people.

use crate::diag::{Diagnostic, Span, nearest};

/// Tables that are often written as one value, by the name of what they are read into.
const TABLES: &[(&str, &str)] = &[
    ("Synthesize", "{ seconds = 5 }"),
    ("PoolSpec", "{ files = \"clips/*.wav\" }"),
    ("DataSpec", "{ file = \"people.csv\" }"),
    ("HttpSpec", "{ get = \"/health\" }"),
    ("PollSpec", "{ every = \"1s\", at_most = 40 }"),
    ("StreamSpec", "{ events = \"sse\" }"),
    ("RepeatSpec", "{ times = 3 }"),
    ("RetrySpec", "{ status = 503, at_most = 2 }"),
    (
        "TlsSpec",
        "{ ca = \"authority.pem\" }, or { insecure = true }",
    ),
];

/// The finding at a place; `None` for unknown keys, which the walk over the schema has found with the nearest name.
pub(in crate::plan) fn finding(said: &str, span: Span) -> Option<Diagnostic> {
    let first = said.lines().next().unwrap_or_default();
    let (kind, rest) = first.split_once(' ').unwrap_or((first, ""));
    let rest = rest.split_once(' ').map_or("", |(_, rest)| rest);
    match (kind, first) {
        ("unknown", _) if first.starts_with("unknown field") => None,
        ("unknown", _) if first.starts_with("unknown variant") => Some(unknown_variant(rest, span)),
        ("invalid", _) if first.starts_with("invalid type: ") => {
            Some(invalid_type(&first["invalid type: ".len()..], span))
        }
        ("missing", _) if first.starts_with("missing field") => {
            let name = rest.trim_matches('`');
            let error = Diagnostic::error(format!("`{name}` is missing"), span);
            Some(error.help(format!("add it: {name} = …")))
        }
        (_, "wanted string or table") => Some(
            Diagnostic::error("a text in quotes is wanted here", span)
                .help("it is one of a few words; docs/reference/plan.md has them"),
        ),
        _ => Some(Diagnostic {
            unreadable: true,
            ..Diagnostic::error(said, span)
        }),
    }
}

/// `sequence, expected WHAT, for example EXAMPLE`: so says every `expecting` of the sections.
fn invalid_type(said: &str, span: Span) -> Diagnostic {
    let (found, wanted) = said
        .split_once(", expected ")
        .unwrap_or((said, "something else"));
    let (wanted, example) = wanted
        .split_once(", for example ")
        .map_or((wanted, None), |(wanted, example)| (wanted, Some(example)));
    let table = wanted
        .strip_prefix("struct ")
        .map(|name| TABLES.iter().find(|(known, _)| *known == name));
    let example = table.flatten().map(|(_, example)| *example).or(example);
    let wanted = match wanted {
        _ if table.is_some() => "a table",
        "a string" => "a text",
        other => other,
    };
    let error = Diagnostic::error(
        format!("{} stands here, where {wanted} is wanted", kind(found)),
        span,
    );
    error.help(match example {
        Some(example) => format!("write for example {example}"),
        None if found.starts_with("sequence") => "write one value, not a list".to_owned(),
        None => "see docs/reference/plan.md for what may stand here".to_owned(),
    })
}

/// `` `poison`, expected `uniform` or `poisson` ``.
fn unknown_variant(said: &str, span: Span) -> Diagnostic {
    let (name, known) = said.split_once(", expected ").unwrap_or((said, ""));
    let name = name.trim_matches('`');
    let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
    let error = Diagnostic::error(format!("`{name}` is not one of {}", known.join(", ")), span);
    error.help(match nearest(name, known.iter().copied()) {
        Some(close) => format!("a similar one exists: `{close}`"),
        None => {
            let quoted: Vec<_> = known.iter().map(|word| format!("\"{word}\"")).collect();
            format!("write one of {}", quoted.join(", "))
        }
    })
}

fn kind(found: &str) -> String {
    match found.split_whitespace().next() {
        Some("sequence") => "a list".to_owned(),
        Some("map") => "a table".to_owned(),
        Some("string") => format!("the text {}", found.trim_start_matches("string ")),
        Some("integer" | "floating") => format!(
            "the number {}",
            found.rsplit(' ').next().unwrap_or_default()
        ),
        Some("boolean") => format!("the flag {}", found.rsplit(' ').next().unwrap_or_default()),
        _ => found.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_says_what_is_wrong_and_then_what_to_do() {
        for (said, message, help) in [
            (
                "`60` is not a duration\nwrite \"60s\" for 60 seconds",
                "`60` is not a duration",
                "write \"60s\" for 60 seconds",
            ),
            (
                "invalid type: sequence, expected a whole number",
                "a list stands here, where a whole number is wanted",
                "write one value, not a list",
            ),
            (
                "invalid type: map, expected a rate, for example \"3/s\"",
                "a table stands here, where a rate is wanted",
                "write for example \"3/s\"",
            ),
            (
                "unknown variant `poison`, expected `uniform` or `poisson`",
                "`poison` is not one of uniform, poisson",
                "a similar one exists: `poisson`",
            ),
            (
                "missing field `name`",
                "`name` is missing",
                "add it: name = …",
            ),
        ] {
            let found = finding(said, 0..0).unwrap();
            assert_eq!(
                (found.message.as_str(), found.help.as_slice()),
                (message, &[help.to_owned()][..])
            );
        }
        assert_eq!(finding("unknown field `x`, expected `y`", 0..0), None);
    }
}
