//! A value that replaces another keeps its type, so that `--set n=6` is the number that `n = 5` was.

use toml::de::{DeTable, DeValue};

use crate::diag::Spanned;
use crate::plan::tree::Node;

/// What kind of single value stands somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Flag,
}

/// A text in place of a value: of that value's type where it reads as one.
pub(in crate::plan) fn in_place_of<'i>(replaced: &DeValue<'_>, text: &str) -> DeValue<'i> {
    of_kind(kind(replaced), text).unwrap_or_else(|| DeValue::String(text.to_owned().into()))
}

/// The value that a preset gives, of the type of what it replaces.
pub(in crate::plan) fn like<'i>(replaced: &DeValue<'_>, value: Node<'i>) -> Node<'i> {
    let Some(typed) = value
        .get_ref()
        .as_str()
        .and_then(|text| of_kind(kind(replaced), text))
    else {
        return value;
    };
    Spanned::new(value.span(), typed)
}

/// What a text that was one `${NAME:-default}` and nothing else is filled with: it has the type that the default reads as.
pub(in crate::plan) fn filled_default<'i>(written: &str, filled: &str) -> Option<DeValue<'i>> {
    of_kind(kind_of_text(written), filled)
}

fn of_kind<'i>(kind: Kind, text: &str) -> Option<DeValue<'i>> {
    match kind {
        Kind::Flag => text.parse().ok().map(DeValue::Boolean),
        Kind::Number if is_number(text) => {
            // A TOML number borrows its text. These few bytes live as long as the plan, which is as long as the process.
            let text: &'static str = Box::leak(text.to_owned().into_boxed_str());
            DeValue::parse(text).ok().map(Spanned::into_inner)
        }
        Kind::Number | Kind::Text => None,
    }
}

fn kind(value: &DeValue<'_>) -> Kind {
    match value {
        DeValue::Boolean(_) => Kind::Flag,
        DeValue::Integer(_) | DeValue::Float(_) => Kind::Number,
        DeValue::String(text) => kind_of_text(text),
        _ => Kind::Text,
    }
}

/// Of `${NAME:-default}` alone the kind of its default.
fn kind_of_text(text: &str) -> Kind {
    let default = text
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .filter(|inner| !inner.contains(['{', '}']))
        .and_then(|inner| inner.split_once(":-"));
    match default.map(|(_, default)| default) {
        Some("true" | "false") => Kind::Flag,
        Some(default) if is_number(default) => Kind::Number,
        _ => Kind::Text,
    }
}

/// Whether the text is how JSON writes that number: `007` and `1.50` are texts, since as numbers they would read otherwise.
fn is_number(text: &str) -> bool {
    serde_json::from_str::<serde_json::Number>(text).is_ok_and(|number| number.to_string() == text)
}

/// Sections and keys whose values go out as JSON, where the type of a value is seen.
const TYPED: [&str; 4] = ["vars", "preset", "json", "message"];

/// Calls `change` for each text below the table, and says whether its type is seen.
pub(in crate::plan) fn each_text<'i>(
    table: &mut DeTable<'i>,
    typed: bool,
    change: &mut dyn FnMut(&mut Node<'i>, bool),
) {
    for (key, node) in table.iter_mut() {
        let typed = typed || TYPED.contains(&key.get_ref().as_ref());
        each_in(node, typed, change);
    }
}

fn each_in<'i>(node: &mut Node<'i>, typed: bool, change: &mut dyn FnMut(&mut Node<'i>, bool)) {
    match node.get_mut() {
        DeValue::String(_) => change(node, typed),
        DeValue::Array(items) => items
            .iter_mut()
            .for_each(|item| each_in(item, typed, change)),
        DeValue::Table(table) => each_text(table, typed, change),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_has_the_type_of_what_it_replaces() {
        for (replaced, text, typed) in [
            ("5", "6", "6"),
            ("5", "0.5", "0.5"),
            ("5", "many", "\"many\""),
            ("5", "007", "\"007\""),
            ("true", "false", "false"),
            ("true", "no", "\"no\""),
            ("\"5\"", "6", "\"6\""),
            ("\"${N:-5}\"", "6", "6"),
            ("\"${N:-true}\"", "false", "false"),
            ("\"${N:-a}\"", "6", "\"6\""),
            ("\"${N}\"", "6", "\"6\""),
            ("\"x${N:-5}\"", "6", "\"6\""),
        ] {
            let before = DeValue::parse(replaced).expect(replaced);
            let now = Spanned::new(0..0, in_place_of(before.get_ref(), text));
            assert_eq!(
                crate::plan::tree::to_json(&now).to_string(),
                typed,
                "{replaced} by {text}"
            );
        }
    }
}
