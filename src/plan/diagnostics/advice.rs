//! Makes of a finding that only says what is wrong one that says what to do next, in words for people.

use crate::diag::{Diagnostic, nearest};

/// Where a message goes over into advice: what stands behind is for the help.
const TURNS: [(&str, &str); 9] = [
    (", for example ", "write for example "),
    (": write for example ", "write for example "),
    ("; it is one of ", "write one of "),
    (": check the path", "check the path"),
    (": convert it", "convert it"),
    (": keep one of them", "keep one of them"),
    (
        "; a default is written ",
        "set it in the environment, or give it a default: ",
    ),
    ("; did you mean ", "did you mean "),
    ("; a literal ", "a literal "),
];

const COMPUTED: &str =
    "a name, or sums and products of names and numbers: {{30 * workers}}, {{minutes + 1}}";

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

/// What to do about mistakes whose finder does not say so itself.
const ADVICE: &[(&str, &str)] = &[
    ("is missing before `}}`", COMPUTED),
    ("is missing between `{{`", COMPUTED),
    ("is not a name, a number, `+` or `*`", COMPUTED),
    ("expected `+`, `*` or `}}`", COMPUTED),
    ("is neither a name nor a number", COMPUTED),
    (
        "is below zero",
        "write a number without a sign, for example 4",
    ),
    (
        "is not a condition: ",
        "a condition compares plain numbers; how long something takes is for a rule: [threshold] latency.p95 = \"< 2s\"",
    ),
    (
        "is zero: nothing would run",
        "give it a value above zero, or leave the load out",
    ),
    (
        "is more than `max_vus`",
        "raise `max_vus`, or make fewer of them before",
    ),
    (
        "all stages of a load have",
        "put those of the other kind into a load of their own",
    ),
    (
        "a stage has exactly one",
        "{ duration = \"1m\", rate = \"5/s\" } or { duration = \"1m\", vus = 10 }",
    ),
    ("exclude each other", "keep one of them"),
    (
        "a request has one method",
        "take one of them out, or make it a step of its own",
    ),
    ("a request needs one of", "http.get = \"/health\""),
    (
        "at most one body",
        "keep one of them; a form with files is `multipart`",
    ),
    (
        "is no whole URL",
        "say where it is: target = \"http://localhost:8000\"",
    ),
    (
        "a part is a text, or",
        "{ audio = \"POOL\" } or { file = \"PATH\" }",
    ),
    (
        "two steps of",
        "choose another name: metrics and rules tell steps apart by it",
    ),
    (
        "cannot read",
        "check the path, which is relative to the plan",
    ),
    (
        "cannot be read",
        "check the path, which is relative to the plan",
    ),
    (
        "needs its certificate",
        "tls = { cert = \"client.pem\", key = \"client.key\" }",
    ),
    ("is either `bearer` or `basic`", "keep one of them"),
    (
        "nothing could ever answer",
        "leave it out for the target's own, or write for example \"30s\"",
    ),
    ("is not a single value", "write a text, a number or a flag"),
    (
        "is not a header's name",
        "header names are made of letters, digits and `-`",
    ),
    (
        "cannot have this value",
        "a header's value is one line of plain text",
    ),
    (
        "is not a whole number",
        "write a number without sign and point, for example 4",
    ),
    ("is not a number", "write for example 1.5"),
    (
        "is not `true` or `false`",
        "write true or false, without quotes or in them",
    ),
    (
        "is not a JSONPath",
        "paths look like `$.job_id`, `$.segments[0].text`, `$.segments[*].text` (RFC 9535)",
    ),
    (
        "is not a regular expression",
        "`(?i)` ignores case; a literal `(` is written `\\\\(`",
    ),
    (
        "is not a condition",
        "write for example 200, \"< 5\", \"is done\", \"not empty\", \"contains TEXT\", \"matches REGEX\"",
    ),
    ("is missing", "add it"),
    (
        "stands here",
        "see docs/reference/plan.md for what may stand here",
    ),
];

/// The same finding with its advice apart, and with advice where it had none.
pub(in crate::plan) fn improve(finding: Diagnostic) -> Diagnostic {
    let mut finding = apart(plain(finding));
    if finding.help.is_empty() {
        let known = ADVICE
            .iter()
            .find(|(words, _)| finding.message.contains(words));
        finding
            .help
            .extend(known.map(|(_, advice)| (*advice).to_owned()));
    }
    finding
}

/// What is said behind a turn belongs into the help, and no thing is said twice.
fn apart(mut finding: Diagnostic) -> Diagnostic {
    let turn = TURNS
        .iter()
        .filter_map(|(words, lead)| Some((finding.message.find(words)?, words, lead)))
        .min();
    let Some((at, words, lead)) = turn else {
        return finding;
    };
    let advice = format!("{lead}{}", &finding.message[at + words.len()..]);
    finding.message.truncate(at);
    finding.help.retain(|line| {
        *line != advice
            && !line.starts_with("a literal `{{`")
            && !line.starts_with("set it in the environment")
    });
    finding
        .help
        .push(with_unit(&finding.message).unwrap_or(advice));
    finding
}

/// A number without its unit: the unit that is probably meant.
fn with_unit(message: &str) -> Option<String> {
    let (value, kind) = message.strip_prefix('`')?.split_once("` is not ")?;
    value.parse::<f64>().ok()?;
    match kind {
        "a duration" | "a duration or a range" => Some(format!(
            "write \"{value}s\" for {value} seconds, \"{value}ms\" for {value} milliseconds"
        )),
        "a rate" => Some(format!(
            "write \"{value}/s\" for {value} a second, \"{value}/min\" for {value} a minute"
        )),
        "a duration or a number of iterations" => Some(format!(
            "write \"{value}s\" for {value} seconds, \"{value} iterations\" for a count"
        )),
        _ => None,
    }
}

/// What the reader of values says, in words for people.
fn plain(mut finding: Diagnostic) -> Diagnostic {
    let said = finding.message.clone();
    if let Some(rest) = said.strip_prefix("invalid type: ") {
        let (found, wanted) = rest
            .split_once(", expected ")
            .unwrap_or((rest, "something else"));
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
            "a table of conditions or an array of such tables" => "a table of conditions",
            other => other,
        };
        finding.message = format!("{} stands here, where {wanted} is wanted", kind(found));
        if let Some(example) = example {
            finding.help.push(format!("write for example {example}"));
        } else if wanted == "a table of conditions" {
            finding
                .help
                .push("write for example { \"$.text\" = \"not empty\" }".to_owned());
        } else if found.starts_with("sequence") {
            finding.help.push("write one value, not a list".to_owned());
        }
    } else if let Some(rest) = said.strip_prefix("unknown variant ") {
        let (name, known) = rest.split_once(", expected ").unwrap_or((rest, ""));
        let name = name.trim_matches('`').to_owned();
        let known: Vec<String> = known
            .split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect();
        let close = nearest(&name, known.iter().map(String::as_str));
        finding.help.push(match close {
            Some(close) => format!("a similar one exists: `{close}`"),
            None => {
                format!(
                    "write one of {}",
                    known
                        .iter()
                        .map(|one| format!("\"{one}\""))
                        .collect::<Vec<_>>()
                        .join(", ")
                )
            }
        });
        finding.message = format!("`{name}` is not one of {}", known.join(", "));
    } else if let Some(name) = said.strip_prefix("missing field ") {
        let name = name.trim_matches('`').to_owned();
        finding.message = format!("`{name}` is missing");
        finding.help.push(format!("add it: {name} = …"));
    }
    if said == "wanted string or table" {
        finding.message = "a text in quotes is wanted here".to_owned();
        finding
            .help
            .push("it is one of a few words; docs/reference/plan.md has them".to_owned());
    } else if let Some(value) = said
        .strip_suffix("` is not a whole number")
        .and_then(|said| said.strip_prefix('`'))
        && value.parse::<f64>().is_ok_and(|value| value < 0.0)
    {
        finding.message = format!("`{value}` is below zero");
    }
    finding
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
                "`60` is not a duration, for example \"2h\"",
                "`60` is not a duration",
                &["write \"60s\" for 60 seconds, \"60ms\" for 60 milliseconds"][..],
            ),
            (
                "invalid type: sequence, expected a whole number",
                "a list stands here, where a whole number is wanted",
                &["write one value, not a list"],
            ),
            (
                "unknown variant `poison`, expected `uniform` or `poisson`",
                "`poison` is not one of uniform, poisson",
                &["a similar one exists: `poisson`"],
            ),
            (
                "missing field `name`",
                "`name` is missing",
                &["add it: name = …"],
            ),
            (
                "`x` is not a whole number",
                "`x` is not a whole number",
                &["write a number without sign and point, for example 4"],
            ),
        ] {
            let improved = improve(Diagnostic::error(said, 0..0));
            assert_eq!(
                (improved.message.as_str(), improved.help.as_slice()),
                (
                    message,
                    help.iter()
                        .map(|line| (*line).to_owned())
                        .collect::<Vec<_>>()
                        .as_slice()
                )
            );
        }
    }
}
