//! A template: literal text and expressions in turn.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::bound::Bound;
use super::expression::{Expression, Factor, as_number, as_value, value_text};
use super::parse::{TemplateError, template};
use super::piece::{Pieces, TemplatePiece};
use super::slots::Slots;

/// A text with `{{names}}` in it. `{{30 * workers}}` is computed, `{{{{` stands for `{{`.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Template {
    pieces: Pieces,
    /// What a text that was one expression and nothing else was filled with, type kept.
    typed: Option<Value>,
}

impl Template {
    /// Reads a template.
    ///
    /// # Errors
    /// Says what is malformed and where in the text.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        Ok(Self {
            pieces: template(text)?,
            typed: None,
        })
    }

    /// Every name in it, in order, repeated ones again.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pieces
            .0
            .iter()
            .filter_map(|piece| match piece {
                TemplatePiece::Text(_) => None,
                TemplatePiece::Expression(expression) => {
                    Some(expression.names().map(String::as_str))
                }
            })
            .flatten()
    }

    /// The text with a character in the place of each expression, which are put behind `all`; `hole` says which stands for which place.
    pub fn with_holes(&self, all: &mut Vec<Self>, hole: &dyn Fn(usize) -> char) -> String {
        let mut text = String::new();
        for piece in &self.pieces.0 {
            match piece {
                TemplatePiece::Text(own) => text.push_str(own),
                TemplatePiece::Expression(_) => {
                    text.push(hole(all.len()));
                    all.push(Self {
                        pieces: Pieces(vec![piece.clone()]),
                        typed: None,
                    });
                }
            }
        }
        text
    }

    /// The text, where no name is left in it.
    #[must_use]
    pub fn literal(&self) -> Option<&str> {
        match self.pieces.0.as_slice() {
            [] => Some(""),
            [TemplatePiece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The name, where the text is one `{{name}}` and nothing else: its value keeps its type.
    #[must_use]
    pub fn whole_name(&self) -> Option<&str> {
        match self.pieces.0.as_slice() {
            [TemplatePiece::Expression(expression)] => expression.whole_name().map(String::as_str),
            _ => None,
        }
    }

    /// What it stands for, where no name is left: a string, or what one `{{…}}` alone was filled with, type kept.
    #[must_use]
    pub fn constant(&self) -> Option<Value> {
        self.typed
            .clone()
            .or_else(|| self.literal().map(Value::from))
    }

    /// The template with the names that `known` knows replaced and everything computed that has no names left.
    /// A name within a sum or product stays where its value does not read as a number.
    #[must_use]
    pub fn fill(&self, known: &dyn Fn(&str) -> Option<Value>) -> Self {
        let mut filled = Self {
            pieces: Pieces::default(),
            typed: self.typed.clone(),
        };
        let alone = self.pieces.0.len() == 1;
        for piece in &self.pieces.0 {
            match piece {
                TemplatePiece::Text(text) => filled.pieces.push_text(text),
                TemplatePiece::Expression(expression) => match fill_expression(expression, known) {
                    Ok(value) => {
                        filled.pieces.push_text(&value_text(&value));
                        filled.typed = alone.then_some(value);
                    }
                    Err(rest) => filled.pieces.0.push(TemplatePiece::Expression(rest)),
                },
            }
        }
        filled
    }

    /// The template ready for the hot path: its names are looked up by slot.
    #[must_use]
    pub fn bind(&self, slots: &mut Slots) -> Bound {
        Bound::new(&self.pieces.0, self.typed.clone(), slots)
    }
}

fn fill_expression(
    expression: &Expression<String>,
    known: &dyn Fn(&str) -> Option<Value>,
) -> Result<Value, Expression<String>> {
    if let Some(value) = expression.whole_name().and_then(|name| known(name)) {
        return Ok(value);
    }
    let filled = expression.map(
        &mut |name: &String| match known(name).as_ref().and_then(as_number) {
            Some(number) => Factor::Number(number),
            None => Factor::Name(name.clone()),
        },
    );
    filled
        .compute(&|_| Err(()))
        .map(as_value)
        .map_err(|()| filled)
}

impl FromStr for Template {
    type Err = TemplateError;
    fn from_str(text: &str) -> Result<Self, TemplateError> {
        Self::parse(text)
    }
}

/// Prints the template so that it reads back as itself: a literal `{{` is doubled again.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces.0.iter().try_for_each(|piece| match piece {
            TemplatePiece::Text(text) => f.write_str(&text.replace("{{", "{{{{")),
            TemplatePiece::Expression(expression) => write!(f, "{{{{{expression}}}}}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn known(name: &str) -> Option<Value> {
        match name {
            "workers" => Some(json!(3)),
            "users" => Some(json!("4")),
            "ratio" => Some(json!(0.5)),
            "host" => Some(json!("asr-1")),
            "speech.seconds" => Some(json!(12.25)),
            "list" => Some(json!([1, 2])),
            _ => None,
        }
    }

    #[test]
    fn what_is_known_is_filled_and_the_rest_stays() {
        for (text, filled) in [
            ("", ""),
            ("plain }} text", "plain }} text"),
            ("http://{{host}}:{{ workers }}", "http://asr-1:3"),
            ("{{30 * workers}}/min", "90/min"),
            ("{{users + 1}}", "5"),
            ("{{2 * users + workers * ratio}}", "9.5"),
            ("{{speech.seconds}}s", "12.25s"),
            ("{{1_000*ratio}}", "500"),
            ("{{workers + -1}}", "2"),
            ("{{7}}", "7"),
            ("{{{{host}}", "{{{{host}}"),
            ("{\"a\":{{workers}}}", "{\"a\":3}"),
            ("/jobs/{{job-id}}/{{host}}", "/jobs/{{job-id}}/asr-1"),
            ("{{workers*vu+1}}", "{{3 * vu + 1}}"),
            ("{{host + 1}}", "{{host + 1}}"),
        ] {
            let template = Template::parse(text).expect(text).fill(&known);
            assert_eq!(template.to_string(), filled, "{text}");
            assert_eq!(
                Template::parse(filled).expect("again").literal(),
                template.literal(),
                "{text}"
            );
        }
    }

    #[test]
    fn one_name_alone_keeps_its_type() {
        for (text, value) in [
            ("{{workers}}", Some(json!(3))),
            ("{{users}}", Some(json!("4"))),
            ("{{list}}", Some(json!([1, 2]))),
            ("{{2 * workers}}", Some(json!(6))),
            ("{{workers}}s", Some(json!("3s"))),
            ("{{{{workers", Some(json!("{{workers"))),
            ("{{vu}}", None),
        ] {
            assert_eq!(
                Template::parse(text).expect(text).fill(&known).constant(),
                value,
                "{text}"
            );
        }
    }

    #[test]
    fn names_and_shape() {
        let template = Template::parse("{{a}} {{b.c * 2 + a}}").expect("parses");
        assert_eq!(template.names().collect::<Vec<_>>(), ["a", "b.c", "a"]);
        assert_eq!((template.literal(), template.whole_name()), (None, None));
        assert_eq!(
            Template::parse("{{ a }}").expect("parses").whole_name(),
            Some("a")
        );
        assert_eq!(
            Template::parse("{{{{").expect("parses").literal(),
            Some("{{")
        );
    }
}
