//! Tables of conditions: all of one must hold, or any of several.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::fill::without_names;
use super::no_json::why_no_json;
use super::unmet::short;
use super::{Condition, Evidence, FillIn, Found, Subject, Unmet};
use crate::units::{entries, named_list};

/// What stands where conditions are wanted.
const CONDITIONS: &str = "a table of conditions, for example { \"$.text\" = \"not empty\" }";

/// `{ SUBJECT = CONDITION, … }`, all of which hold; or an array of such tables, any of which does.
#[derive(Debug, Clone)]
pub struct Conditions<S = Subject, C = Condition> {
    any: Vec<ConditionTable<S, C>>,
}

#[derive(Debug, Clone)]
struct ConditionTable<S, C> {
    all: Vec<(S, C)>,
}

impl<S, C> Conditions<S, C> {
    /// The same tables of something else.
    ///
    /// # Errors
    /// The first error of `change`.
    pub fn map<T, D, E>(
        &self,
        mut change: impl FnMut(&S, &C) -> Result<(T, D), E>,
    ) -> Result<Conditions<T, D>, E> {
        let mut any = Vec::with_capacity(self.any.len());
        for table in &self.any {
            let all = table
                .all
                .iter()
                .map(|(subject, condition)| change(subject, condition));
            any.push(ConditionTable {
                all: all.collect::<Result<_, E>>()?,
            });
        }
        Ok(Conditions { any })
    }
}

impl Conditions {
    /// Whether they hold of an answer.
    ///
    /// # Errors
    /// Says what does not hold; of several tables, the first unmet condition of each.
    pub fn check(&self, evidence: &dyn Evidence) -> Result<(), Unmet> {
        let mut unmet = Vec::new();
        for group in &self.any {
            match group.check(evidence) {
                Ok(()) => return Ok(()),
                Err(why) => unmet.push(why),
            }
        }
        let mut unmet = unmet.into_iter();
        match unmet.next() {
            Some(first) => Err(Unmet {
                others: unmet.collect(),
                ..first
            }),
            None => Ok(()),
        }
    }

    /// The conditions of the first table that holds, in words; `None` where none does.
    #[must_use]
    pub fn held(&self, evidence: &dyn Evidence) -> Option<String> {
        let table = self
            .any
            .iter()
            .find(|table| table.check(evidence).is_ok())?;
        let all = table.all.iter();
        let words = all.map(|(subject, condition)| format!("{subject} to {condition}"));
        Some(words.collect::<Vec<_>>().join(", "))
    }

    /// Whether any of them is about the status: then the protocol's own good statuses are not asked for.
    #[must_use]
    pub fn names_status(&self) -> bool {
        self.subjects()
            .any(|subject| matches!(subject, Subject::Status))
    }

    /// Whether any of them reads the answer as JSON.
    #[must_use]
    pub fn needs_json(&self) -> bool {
        self.subjects()
            .any(|subject| matches!(subject, Subject::Selector(selector) if selector.needs_json()))
    }

    /// What they are about.
    pub fn subjects(&self) -> impl Iterator<Item = &Subject> {
        self.any
            .iter()
            .flat_map(|group| group.all.iter().map(|(subject, _)| subject))
    }
}

impl ConditionTable<Subject, Condition> {
    fn check(&self, evidence: &dyn Evidence) -> Result<(), Unmet> {
        self.all.iter().try_for_each(|(subject, condition)| {
            let mut found = subject.find(evidence);
            if let (true, Subject::Selector(selector)) = (found.is_empty(), subject) {
                let more = selector.find_spelled_out(evidence, condition.is_comparison());
                found = more.into_iter().map(Found::Owned).collect();
            }
            condition.holds_of(&found).map_err(|value| Unmet {
                subject: subject.to_string(),
                condition: condition.to_string(),
                found: match (value, subject) {
                    (None, Subject::Selector(selector)) if selector.needs_json() => {
                        let why = why_no_json(evidence);
                        why.map_or_else(|| short(None), |why| format!("nothing: {why}"))
                    }
                    _ => short(value.map(AsRef::as_ref)),
                },
                others: Vec::new(),
            })
        })
    }
}

impl<'de, S: Deserialize<'de>, C: Deserialize<'de>> Deserialize<'de> for Conditions<S, C> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Tables<S, C>(PhantomData<(S, C)>);
        impl<'de, S: Deserialize<'de>, C: Deserialize<'de>> Visitor<'de> for Tables<S, C> {
            type Value = Conditions<S, C>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(CONDITIONS)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                let any = vec![ConditionTable { all: entries(map)? }];
                Ok(Conditions { any })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut any = Vec::new();
                while let Some(group) = seq.next_element()? {
                    any.push(group);
                }
                Ok(Conditions { any })
            }
        }
        from.deserialize_any(Tables(PhantomData))
    }
}

impl<'de, S: Deserialize<'de>, C: Deserialize<'de>> Deserialize<'de> for ConditionTable<S, C> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        named_list(from, CONDITIONS).map(|all| Self { all })
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct ConditionValue;
        impl<'de> Visitor<'de> for ConditionValue {
            type Value = Condition;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(Condition::EXPECTED)
            }
            fn visit_bool<E: Error>(self, value: bool) -> Result<Condition, E> {
                Ok(Condition::Is(value.into()))
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<Condition, E> {
                Ok(Condition::Is(value.into()))
            }
            fn visit_u64<E: Error>(self, value: u64) -> Result<Condition, E> {
                Ok(Condition::Is(value.into()))
            }
            fn visit_f64<E: Error>(self, value: f64) -> Result<Condition, E> {
                Ok(Condition::Is(value.into()))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Condition, E> {
                without_names(text)
                    .and_then(|text| Condition::fill_in(&Value::from(text), &[]))
                    .map_err(E::custom)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Condition, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = seq.next_element::<Value>()? {
                    values.push(value);
                }
                Ok(Condition::OneOf(values))
            }
        }
        from.deserialize_any(ConditionValue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::select::selector::tests::Answer;

    #[derive(Debug, serde::Deserialize)]
    struct Doc {
        expect: Conditions,
    }

    fn read(text: &str) -> Conditions {
        toml::from_str::<Doc>(text).expect(text).expect
    }

    #[test]
    fn says_what_was_expected_and_found() {
        let text = |body: &str| Answer::new(200, body);
        for (plan, answer, says) in [
            (
                "expect = { '$.text' = 'not empty' }",
                text(r#"{"text":"hi"}"#),
                "",
            ),
            (
                "expect = { '$.text' = 'not empty' }",
                text(r#"{"text":""}"#),
                r#"expected $.text to be not empty, found """#,
            ),
            (
                "expect = { '$.text' = 'not empty' }",
                text("oops"),
                "expected $.text to be not empty, found nothing: the reply is not JSON, it begins with `oops`",
            ),
            (
                "expect = { status = 200 }",
                Answer::new(503, ""),
                "expected status to be 200, found 503",
            ),
            ("expect = { status = '200' }", Answer::new(200, ""), ""),
            (
                "expect = { status = [200, 202] }",
                Answer::new(503, ""),
                "expected status to be one of 200, 202, found 503",
            ),
            (
                "expect = { status = 200, body = 'is ok' }",
                text("no"),
                r#"expected body to be "ok", found "no""#,
            ),
            (
                "expect = { 'header Retry-After' = '> 10', messages = 3 }",
                text(""),
                "",
            ),
            (
                "expect = { bytes = '> 0' }",
                text(""),
                "expected bytes to be > 0, found 0",
            ),
            (
                "expect = { token = 'present' }",
                text(""),
                "expected token to be present, found nothing",
            ),
            (
                "expect = [{ status = 503 }, { body = 'contains busy' }]",
                text("too busy"),
                "",
            ),
            (
                "expect = [{ status = 503 }, { body = 'contains busy' }]",
                text("fine"),
                r#"expected status to be 503, found 200; or expected body to contain "busy", found "fine""#,
            ),
        ] {
            let result = read(plan)
                .check(&answer)
                .map_or_else(|unmet| unmet.to_string(), |()| String::new());
            assert_eq!(result, says, "{plan}");
        }
    }

    #[test]
    fn what_is_found_is_cut() {
        let unmet = read("expect = { body = 'empty' }")
            .check(&Answer::new(200, &"ä".repeat(300)))
            .expect_err("full");
        assert_eq!(unmet.found.chars().filter(|c| *c == 'ä').count(), 200);
    }

    #[test]
    fn knows_what_it_is_about() {
        let conditions = read("expect = [{ status = 503 }, { '$.a' = 'present' }]");
        assert!(conditions.names_status() && conditions.needs_json());
        let conditions = read("expect = { body = 'empty', first_text = '< 2' }");
        assert!(!conditions.names_status() && !conditions.needs_json());
    }

    #[test]
    fn errors_stand_at_what_is_wrong() {
        let text = "expect = { status = 200, '$.x' = 'not_empty' }";
        let error = toml::from_str::<Doc>(text).expect_err("no condition");
        assert!(
            error.message().contains("did you mean `not empty`"),
            "{error}"
        );
        assert_eq!(error.span().map(|span| &text[span]), Some("'not_empty'"));
        let text = "expect = { status = 200, 'heder x' = 'empty' }";
        let error = toml::from_str::<Doc>(text).expect_err("no subject");
        assert!(
            error.message().contains("did you mean `header NAME`"),
            "{error}"
        );
        assert_eq!(error.span().map(|span| &text[span]), Some("'heder x'"));
    }
}
