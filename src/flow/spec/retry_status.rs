//! A status after which an exchange is made again.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{Deserialize, Deserializer, Error, Visitor};

use crate::diag::nearest;
use crate::protocol::{Closing, Reply, status_names};
use crate::units::or_filled_later;

/// `503` of HTTP, or `"UNAVAILABLE"` of gRPC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryStatus {
    /// By its number.
    Number(u16),
    /// By its name.
    Name(&'static str),
}

impl RetryStatus {
    /// Whether the reply has it.
    pub(crate) fn is_of(self, reply: &Reply) -> bool {
        match (self, &reply.closing) {
            (Self::Name(own), Closing::Named { name, .. }) => own == *name,
            (Self::Number(_), Closing::Named { .. }) | (Self::Name(_), _) => false,
            (Self::Number(own), _) => own == reply.status,
        }
    }
}

impl<'de> Deserialize<'de> for RetryStatus {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct NumberOrName;
        impl Visitor<'_> for NumberOrName {
            type Value = RetryStatus;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a status of HTTP, for example 503, or of gRPC, for example \"UNAVAILABLE\"",
                )
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<RetryStatus, E> {
                match u16::try_from(number) {
                    Ok(status @ 100..=599) => Ok(RetryStatus::Number(status)),
                    _ => Err(E::custom(format!(
                        "`{number}` is not an HTTP status: for example 503, or [502, 503]"
                    ))),
                }
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<RetryStatus, E> {
                self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<RetryStatus, E> {
                if let Ok(number) = text.parse() {
                    return self.visit_i64(number);
                }
                let found = status_names().find(|name| *name == text);
                found.map(RetryStatus::Name).ok_or_else(|| {
                    let help = nearest(text, status_names()).map_or_else(
                        || {
                            let all: Vec<&str> = status_names().collect();
                            format!("; they are {}", all.join(", "))
                        },
                        |name| format!(": did you mean `{name}`?"),
                    );
                    E::custom(format!("`{text}` is no status of gRPC{help}"))
                })
            }
        }
        from.deserialize_any(NumberOrName)
    }
}

impl JsonSchema for RetryStatus {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "RetryStatus".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let status = json_schema!({ "title": "status", "type": ["integer", "string"], "examples": [503, "UNAVAILABLE"] });
        or_filled_later(status, "a status of HTTP, or the name of one of gRPC")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::List;

    #[derive(Debug, serde::Deserialize)]
    struct Retry {
        status: List<RetryStatus>,
    }

    #[test]
    fn a_condition_takes_the_same_names() {
        for name in status_names() {
            assert!(name.parse::<crate::select::Condition>().is_ok(), "{name}");
        }
    }

    #[test]
    fn a_status_is_a_number_or_a_name_of_grpc() {
        let read = |text: &str| toml::from_str::<Retry>(text).map(|retry| retry.status.0);
        assert_eq!(read("status = 503"), Ok(vec![RetryStatus::Number(503)]));
        let both = vec![RetryStatus::Number(502), RetryStatus::Name("UNAVAILABLE")];
        assert_eq!(read("status = [502, \"UNAVAILABLE\"]"), Ok(both));
        for (wrong, says) in [
            ("status = 42", "`42` is not an HTTP status"),
            ("status = \"UNAVAILBLE\"", "did you mean `UNAVAILABLE`?"),
            ("status = \"busy\"", "they are OK, CANCELLED"),
        ] {
            let error = read(wrong).expect_err(wrong).to_string();
            assert!(error.contains(says), "{wrong}: {error}");
        }
    }
}
