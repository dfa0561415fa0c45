//! What a plan looks for and what was there, for somebody who tries it.

use std::fmt::Write;

use serde_json::Value;

use super::shown::{SHOWN, is_secret, time, without_secrets};
use crate::document::{CONFIDENTIAL_HEADERS, MASKED, Mask};
use crate::flow::{Findings, Found};
use crate::report::text::{clean, cut, plural};
use crate::summary::Spread;
use crate::units::{Duration, Unit, print};

/// Each step with a line for everything that it was to find. Secrets are masked.
pub(crate) fn findings(all: &[Findings], mask: &Mask) -> String {
    let name = |name: &str| mask.text(&clean(name));
    let wide = all
        .iter()
        .flat_map(|own| &own.all)
        .map(|(own, _)| name(own).chars().count())
        .max()
        .unwrap_or_default();
    let mut out = String::new();
    for Findings { step, all } in all {
        let _ = writeln!(out, "= {}", name(step));
        for (own, found) in all {
            let own = name(own);
            // Masked before it is cut: what is left of a secret would be in no list.
            let text = cut(&mask.text(&words(&own, found)), SHOWN / 4);
            let _ = writeln!(out, "  {own:wide$}  {text}");
        }
    }
    out
}

fn words(name: &str, found: &Found) -> String {
    match found {
        Found::Value { from, .. }
            if is_secret(name) || is_secret(from) || is_confidential(from) =>
        {
            MASKED.to_owned()
        }
        Found::Value {
            value: Value::String(text),
            ..
        } => format!("\"{}\"", clean(text)),
        Found::Value { value, .. } => clean(&without_secrets(value.clone()).to_string()),
        Found::Time(took) => time(*took),
        Found::Times(times) => spread(times),
        Found::Share(share) => print(*share, Unit::Ratio),
        Found::Count(count) => count.to_string(),
        Found::Words(text) => clean(text),
        Found::Nothing(why) => format!("– {}", clean(why)),
    }
}

/// Whether a value comes from a header that nobody may see.
fn is_confidential(from: &str) -> bool {
    let from = from.to_lowercase();
    CONFIDENTIAL_HEADERS
        .iter()
        .any(|header| from.ends_with(header))
}

/// `12 values, p50 300 ms, max 1.2 s`.
fn spread(times: &[Duration]) -> String {
    let Some(all) = Spread::of(times.iter().map(|time| time.as_secs_f64()).collect()) else {
        return "– no value".to_owned();
    };
    let seconds = |value: f64| print(value, Unit::Seconds);
    format!(
        "{}, p50 {}, max {}",
        plural(all.count, "value"),
        seconds(all.median),
        seconds(all.max)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_found_is_aligned_and_what_was_not_says_so() {
        let value = |from: &str, value: Value| Found::Value {
            from: from.to_owned(),
            value,
        };
        let all = [
            ("transcript", Found::Words("\"one  hush-hush\"".to_owned())),
            ("capture access_token", value("$.a", "abc".into())),
            ("capture a", value("$.access_token", "abc".into())),
            ("capture c", value("header set-cookie", "abc".into())),
            ("capture uid", value("$.uid", "abc".into())),
            (
                "capture user",
                value("$.user", json!({ "name": "n", "password": "p" })),
            ),
            ("mark first", Found::Time(Duration::from_millis(1_250))),
            (
                "delay",
                Found::Times([100, 300, 200].map(Duration::from_millis).to_vec()),
            ),
            ("staleness", Found::Times(Vec::new())),
            ("coverage", Found::Share(0.98)),
            ("messages", Found::Count(7)),
            (
                "covers",
                Found::Nothing("$.ende is in no message".to_owned()),
            ),
        ];
        let all = all.map(|(name, found)| (name.to_owned(), found)).to_vec();
        let mask = Mask::new(["hush-hush".to_owned()]);
        let text = findings(
            &[Findings {
                step: "listen".to_owned(),
                all,
            }],
            &mask,
        );
        let lines: Vec<String> = text
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        let expected = [
            "= listen",
            "transcript \"one ***\"",
            "capture access_token ***",
            "capture a ***",
            "capture c ***",
            "capture uid \"abc\"",
            "capture user {\"name\":\"n\",\"password\":\"***\"}",
            "mark first 1.25 s",
            "delay 3 values, p50 200 ms, max 300 ms",
            "staleness – no value",
            "coverage 98 %",
            "messages 7",
            "covers – $.ende is in no message",
        ];
        assert_eq!(lines, expected);
        let at = |word: &str| {
            text.lines()
                .find_map(|line| line.find(word))
                .expect("it is there")
        };
        assert_eq!(at("1.25 s"), at("3 values"));
    }
}
