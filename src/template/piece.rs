//! What templates are made of.

use super::expression::Expression;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TemplatePiece {
    Text(String),
    Expression(Expression<String>),
}

/// No two texts beside each other and none empty, so that one text is a literal.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Pieces(pub(super) Vec<TemplatePiece>);

impl Pieces {
    pub(super) fn push_text(&mut self, text: &str) {
        if let Some(TemplatePiece::Text(last)) = self.0.last_mut() {
            last.push_str(text);
        } else if !text.is_empty() {
            self.0.push(TemplatePiece::Text(text.to_owned()));
        }
    }
}
