//! A table of rules: `METRIC = "BOUND"`. Dotted keys and tables mean the same.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use crate::diag::{Span, Spanned};
use crate::units::entries;

/// One rule as it was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// The metric; parts may be left out.
    pub metric: String,
    /// Where the metric stands.
    pub metric_span: Span,
    /// The bound.
    pub bound: String,
    /// Where the bound stands.
    pub span: Span,
}

/// The rules of one table, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rules(pub Vec<Rule>);

/// A bound, a table of more names, or the word that drops what an included plan says.
enum Node {
    Leaf(String),
    Dropped,
    Branch(Vec<(Spanned<String>, Spanned<Node>)>),
}

impl<'de> Deserialize<'de> for Rules {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut rules = Self::default();
        match Node::deserialize(from)? {
            node @ (Node::Leaf(_) | Node::Dropped) => {
                // `tolerance = "10%"` lacks the metric alone.
                let number = |c: char| c.is_ascii_digit() || c == '<' || c == '>';
                let example = match &node {
                    Node::Leaf(text) if text.starts_with(number) => text.as_str(),
                    _ => "< 2s",
                };
                return Err(D::Error::custom(format!(
                    "a rule names its metric\nwrite {{ latency.p95 = {example:?} }}"
                )));
            }
            Node::Branch(entries) => {
                let mut dropped = Vec::new();
                rules.flatten("", &(0..0), entries, &mut dropped);
                let below = |metric: &str, name: &String| {
                    let rest = metric.strip_prefix(name.as_str());
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                };
                rules
                    .0
                    .retain(|rule| !dropped.iter().any(|name| below(&rule.metric, name)));
            }
        }
        Ok(rules)
    }
}

impl Rules {
    fn flatten(
        &mut self,
        before: &str,
        place: &Span,
        entries: Vec<(Spanned<String>, Spanned<Node>)>,
        dropped: &mut Vec<String>,
    ) {
        for (key, node) in entries {
            // Of a key with dots all is meant, of a key within a table its own part.
            let dotted = !before.is_empty() && place.end + 1 == key.span().start;
            let metric_span = if dotted {
                place.start..key.span().end
            } else {
                key.span()
            };
            let key = key.into_inner();
            let metric = if before.is_empty() {
                key
            } else {
                format!("{before}.{key}")
            };
            let span = node.span();
            match node.into_inner() {
                Node::Leaf(bound) => self.0.push(Rule {
                    metric,
                    metric_span,
                    bound,
                    span,
                }),
                Node::Dropped => dropped.push(metric),
                Node::Branch(more) => self.flatten(&metric, &metric_span, more, dropped),
            }
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct NodeVisitor;
        impl<'de> Visitor<'de> for NodeVisitor {
            type Value = Node;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a bound, for example \"< 2s\"")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Node, E> {
                Ok(Node::Leaf(text.to_owned()))
            }
            fn visit_bool<E: Error>(self, value: bool) -> Result<Node, E> {
                if value {
                    return Err(E::custom(
                        "`true` is not a bound: for example \"< 2s\"; `false` drops the rule of an included plan",
                    ));
                }
                Ok(Node::Dropped)
            }
            fn visit_i64<E: Error>(self, value: i64) -> Result<Node, E> {
                Ok(Node::Leaf(value.to_string()))
            }
            fn visit_f64<E: Error>(self, value: f64) -> Result<Node, E> {
                Ok(Node::Leaf(value.to_string()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Node, A::Error> {
                entries(map).map(Node::Branch)
            }
        }
        from.deserialize_any(NodeVisitor)
    }
}

impl schemars::JsonSchema for Rules {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rules".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "title": "rules",
            "type": "object",
            "additionalProperties": generator.subschema_for::<Node>(),
            "examples": [{ "latency.p95": "< 2s", "error_rate": "< 1%" }]
        })
    }
}

impl schemars::JsonSchema for Node {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Bound".into()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "title": "bound",
            "description": "\"< Q\" \"<= Q\" \"> Q\" \">= Q\" · \"Q .. Q\" · \"Q\" or a number: exactly · \"any\": lifts a rule · false: drops one of an included plan, with all names below it; Q is a \
                value with its unit, a METRIC, or NUMBER * METRIC",
            "anyOf": [
                { "type": ["string", "number", "boolean"] },
                { "type": "object", "additionalProperties": generator.subschema_for::<Self>() }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dotted_and_quoted_keys_and_numbers_are_rules_with_their_places() {
        #[derive(serde::Deserialize)]
        struct Doc {
            threshold: Rules,
        }
        let text = "[threshold]\nlatency.p95 = \"< 2s\"\n\"throughput@last\" = \"> 5/s\"\nok = 4\n";
        let doc: Doc = toml::from_str(text).unwrap();
        let rules: Vec<_> = doc
            .threshold
            .0
            .iter()
            .map(|r| (r.metric.as_str(), r.bound.as_str()))
            .collect();
        assert_eq!(
            rules,
            [
                ("latency.p95", "< 2s"),
                ("throughput@last", "> 5/s"),
                ("ok", "4")
            ]
        );
        assert_eq!(&text[doc.threshold.0[0].span.clone()], "\"< 2s\"");
        assert_eq!(&text[doc.threshold.0[0].metric_span.clone()], "latency.p95");
        assert_eq!(&text[doc.threshold.0[2].metric_span.clone()], "ok");
        let text = "[threshold]\njob = false\n'job.total.p95' = '< 2s'\njobs.ok = 4\n";
        let doc: Doc = toml::from_str(text).unwrap();
        let left: Vec<_> = doc
            .threshold
            .0
            .iter()
            .map(|rule| rule.metric.as_str())
            .collect();
        assert_eq!(left, ["jobs.ok"]);
        assert!(toml::from_str::<Doc>("threshold = { ok = true }").is_err());
    }
}
