//! Something to be found in an answer: a selector, and what must hold of what it selects.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::error::SelectError;
use super::fill::text_of;
use super::{Condition, Evidence, FillIn, Selector};

/// `SELECTOR [CONDITION]`, for example `$.text not empty`; without a condition it must be there.
#[derive(Debug, Clone)]
pub struct Finding {
    selector: Selector,
    condition: Condition,
}

impl Finding {
    /// Whether an answer has it.
    #[must_use]
    pub fn is_in(&self, evidence: &dyn Evidence) -> bool {
        self.condition
            .holds_of(&self.selector.find(evidence))
            .is_ok()
    }
}

impl FromStr for Finding {
    type Err = SelectError;

    fn from_str(text: &str) -> Result<Self, SelectError> {
        Self::read(text, &[])
    }
}

impl FillIn for Finding {
    const EXPECTED: &'static str = "a selector and a condition, for example \"$.text not empty\"";

    fn fill_in(written: &Value, values: &[Value]) -> Result<Self, SelectError> {
        Self::read(text_of(written), values)
    }
}

impl Finding {
    fn read(text: &str, values: &[Value]) -> Result<Self, SelectError> {
        let text = text.trim();
        let whole = match Selector::read(text, values) {
            Ok(selector) => {
                return Ok(Self {
                    selector,
                    condition: Condition::Present,
                });
            }
            Err(error) => error,
        };
        // A path may hold blanks of its own: the first border at which both sides can be read is the one that is meant.
        let mut closest = None;
        for (at, _) in text.char_indices().filter(|(_, c)| c.is_whitespace()) {
            let Ok(selector) = Selector::read(&text[..at], values) else {
                continue;
            };
            match Condition::read(&text[at..], values) {
                Ok(condition) => {
                    return Ok(Self {
                        selector,
                        condition,
                    });
                }
                Err(error) => closest = closest.or(Some(error)),
            }
        }
        Err(closest.unwrap_or(whole))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.selector, self.condition)
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::super::fill::without_names;
    use super::super::selector::tests::Answer;
    use super::super::{Pattern, hole};
    use super::*;
    use serde_json::json;

    #[test]
    fn selectors_with_and_without_conditions() {
        for (text, body, is_in) in [
            ("$.text", r#"{"text": ""}"#, true),
            ("$.text not empty", r#"{"text": ""}"#, false),
            ("$.text not empty", r#"{"text": "a"}"#, true),
            ("$.text is not ...", r#"{"text": "..."}"#, false),
            (
                "$.choices[0].delta.content not empty",
                r#"{"choices": [{"delta": {"content": "x"}}]}"#,
                true,
            ),
            (
                "$.w[?@.final == true].text contains b",
                r#"{"w": [{"final": true, "text": "ab"}]}"#,
                true,
            ),
            (
                "$.w[?@.final == true].text contains b",
                r#"{"w": [{"final": false, "text": "ab"}]}"#,
                false,
            ),
            ("body is [DONE]", "[DONE]", true),
            ("body is [DONE]", "data", false),
            ("header retry-after > 10", "", true),
            ("bytes > 3", "four", true),
        ] {
            let finding: Finding = text.parse().expect(text);
            assert_eq!(
                finding.is_in(&Answer::new(200, body)),
                is_in,
                "{text} in {body}"
            );
        }
    }

    #[test]
    fn what_cannot_be_found_is_said() {
        for (text, says) in [
            ("$.text not_empty", "did you mean `not empty`"),
            ("bdy is x", "did you mean `body`"),
            ("", "not a selector"),
        ] {
            let error = text.parse::<Finding>().expect_err(text);
            assert!(error.message.contains(says), "{text}: {error}");
        }
    }

    fn text(form: &str) -> Value {
        form.replace('#', &hole(0).to_string()).into()
    }

    #[test]
    fn a_value_in_a_selector_is_never_read_as_one() {
        for (form, value, body, found) in [
            (
                "$.w[?@.id == #].t",
                json!("a"),
                r#"{"w":[{"id":"a","t":1}]}"#,
                json!([1]),
            ),
            (
                "$.w[?@.id == #].t",
                json!(7),
                r#"{"w":[{"id":7,"t":1}]}"#,
                json!([1]),
            ),
            (
                "$.w[?@.id == '#'].t",
                json!("o'\\\"x"),
                r#"{"w":[{"id":"o'\\\"x","t":1}]}"#,
                json!([1]),
            ),
            (
                "$.w[?@.id == \"a-#\"].t",
                json!("\"]"),
                r#"{"w":[{"id":"a-\"]","t":1}]}"#,
                json!([1]),
            ),
            ("$.#.t", json!("w"), r#"{"w":{"t":1}}"#, json!([1])),
            ("$.w[#]", json!(1), r#"{"w":[1,2]}"#, json!([2])),
            ("$[#]", json!("a b"), r#"{"a b":3}"#, json!([3])),
            (
                "regex id-#-(.)",
                json!("a.c"),
                "id-abc-x id-a.c-y",
                json!(["y"]),
            ),
            ("header retry-#", json!("after"), "", json!(["12"])),
        ] {
            let selector =
                Selector::fill_in(&text(form), std::slice::from_ref(&value)).expect(form);
            let answer = Answer::new(200, body);
            let all: Vec<Value> = selector
                .find(&answer)
                .into_iter()
                .map(Cow::into_owned)
                .collect();
            assert_eq!(Value::Array(all), found, "{form} with {value}");
        }
    }

    #[test]
    fn a_value_in_a_condition_is_what_it_says() {
        for (form, value, found, holds) in [
            ("is #", json!("a, b"), json!("a, b"), true),
            ("is not #", json!("a"), json!("a"), false),
            ("#", json!(503), json!(503), true),
            ("#", json!("x"), json!("x"), true),
            ("one of #, c", json!("a, b"), json!("a"), false),
            ("one of #, c", json!("a, b"), json!("a, b"), true),
            ("<= #", json!(5), json!(5), true),
            ("contains <#>", json!(5), json!("a <5> b"), true),
            ("matches ^#$", json!("a+"), json!("a+"), true),
            ("matches ^#$", json!("a+"), json!("aa"), false),
            ("has #", json!("id"), json!({"id": 1}), true),
        ] {
            let condition =
                Condition::fill_in(&text(form), std::slice::from_ref(&value)).expect(form);
            assert_eq!(
                condition.holds_of(&[Cow::Owned(found.clone())]).is_ok(),
                holds,
                "{form} with {value} of {found}"
            );
        }
        let finding = Finding::fill_in(&text("$.id is #"), &[json!("a is b")]).expect("a finding");
        assert!(finding.is_in(&Answer::new(200, r#"{"id":"a is b"}"#)));
        let state = Pattern::fill_in(&text("done-#*"), &[json!("*A")]).expect("a pattern");
        assert!(state.matches("DONE-*a-1") && !state.matches("done-ba"));
    }

    #[test]
    fn where_no_name_is_known_none_is_taken_for_letters() {
        assert_eq!(without_names("a{{{{2}").expect("literal"), "a{{2}");
        let refused = without_names("is {{id}}").expect_err("a name");
        assert!(
            refused
                .message
                .contains("no name of an iteration is known here"),
            "{refused}"
        );
    }
}
