//! The schema of conditions, for editors and for the check of unknown keys.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Condition, Conditions};

impl JsonSchema for Condition {
    fn schema_name() -> Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "200, true: is · [200, 202]: one of · \"< 5\" \"<= 5\" \"> 5\" \">= 5\" \"1 .. 5\" · \"is TEXT\" \
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
            "description": "SUBJECT = CONDITION, all of which hold; or an array of such tables, any of which does",
            "anyOf": [table, { "type": "array", "items": table }]
        })
    }
}
