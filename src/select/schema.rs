//! The schema of conditions, for editors and for the check of unknown keys.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use super::{Condition, Conditions, Pattern, Selector};

/// As a plan writes it: the schema shows it where it is a default.
impl Serialize for Selector {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// As a plan writes it: the schema shows it where it is a default.
impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl JsonSchema for Condition {
    fn schema_name() -> Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "title": "condition",
            "description": "200, true: is · [200, 202]: one of · \"< 5\" \"<= 5\" \"> 5\" \">= 5\" \"1 .. 5\" · TEXT or \"is TEXT\" \
                \"is not TEXT\" \"one of A, B\" \"contains TEXT\" \"matches REGEX\" · \"present\" \"absent\" \"empty\" \"not empty\" \
                · \"has KEY, KEY\"",
            "type": ["string", "number", "boolean", "array"]
        })
    }
}

impl JsonSchema for Conditions {
    fn schema_name() -> Cow<'static, str> {
        "Conditions".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let condition = generator.subschema_for::<Condition>();
        let table = json_schema!({ "type": "object", "additionalProperties": condition });
        json_schema!({
            "title": "conditions",
            "description": "SUBJECT = CONDITION, all of which hold; or an array of such tables, any of which does",
            "anyOf": [table, { "type": "array", "items": table }]
        })
    }
}
