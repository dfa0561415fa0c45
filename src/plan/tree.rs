//! The plan as a tree of values with their places, before anything is known about their meaning.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::de::{DeString, DeTable, DeValue, ValueDeserializer};

use crate::diag::{Span, Spanned};

/// A value and where it stands.
pub(super) type Node<'i> = Spanned<DeValue<'i>>;

/// The same table with every span moved by `offset`: what an included file needs.
pub(super) fn shift<'i>(table: DeTable<'i>, offset: usize) -> DeTable<'i> {
    table
        .into_iter()
        .map(|(key, value)| (moved(key, offset), shift_node(value, offset)))
        .collect()
}

fn shift_node(node: Node<'_>, offset: usize) -> Node<'_> {
    let span = node.span();
    let value = match node.into_inner() {
        DeValue::Table(table) => DeValue::Table(shift(table, offset)),
        DeValue::Array(items) => DeValue::Array(
            items
                .into_iter()
                .map(|item| shift_node(item, offset))
                .collect(),
        ),
        scalar => scalar,
    };
    Spanned::new(span.start + offset..span.end + offset, value)
}

fn moved<T>(spanned: Spanned<T>, offset: usize) -> Spanned<T> {
    let span = spanned.span();
    Spanned::new(span.start + offset..span.end + offset, spanned.into_inner())
}

/// The value of a key, with the key.
pub(super) fn entry<'a, 'i>(
    table: &'a DeTable<'i>,
    name: &str,
) -> Option<(&'a Spanned<DeString<'i>>, &'a Node<'i>)> {
    table.iter().find(|(key, _)| key.get_ref() == name)
}

/// The value of a key.
pub(super) fn get<'a, 'i>(table: &'a DeTable<'i>, name: &str) -> Option<&'a Node<'i>> {
    entry(table, name).map(|(_, node)| node)
}

/// The table of a key; `None` where it is missing or no table.
pub(super) fn table<'a, 'i>(parent: &'a DeTable<'i>, name: &str) -> Option<&'a DeTable<'i>> {
    get(parent, name)?.get_ref().as_table()
}

/// Where a dotted key stands below `node`: the key itself, or the closest thing above it that was written.
pub(super) fn place(node: &Node<'_>, dotted: &str, otherwise: &Span) -> Span {
    let (mut here, mut span) = (node, otherwise.clone());
    for part in dotted.split('.').filter(|part| !part.is_empty()) {
        let next = match here.get_ref() {
            DeValue::Table(table) => entry(table, part).map(|(key, value)| (key.span(), value)),
            DeValue::Array(items) => part
                .parse::<usize>()
                .ok()
                .and_then(|at| items.get(at))
                .map(|item| (item.span(), item)),
            _ => None,
        };
        let Some((found, value)) = next else { break };
        (span, here) = (found, value);
    }
    span
}

/// Where the value of a dotted key stands below `node`, or what [`place`] says where it was not written.
pub(super) fn value_place(node: &Node<'_>, dotted: &str, otherwise: &Span) -> Span {
    fn below<'a, 'i>(here: Option<&'a Node<'i>>, part: &str) -> Option<&'a Node<'i>> {
        match here?.get_ref() {
            DeValue::Table(table) => get(table, part),
            DeValue::Array(items) => items.get(part.parse::<usize>().ok()?),
            _ => None,
        }
    }
    let value = dotted
        .split('.')
        .filter(|part| !part.is_empty())
        .fold(Some(node), below);
    let span = value.map(Spanned::span).filter(|_| !dotted.is_empty());
    span.filter(|span| !span.is_empty())
        .unwrap_or_else(|| place(node, dotted, otherwise))
}

/// A text with the key it stands at and its place.
pub(super) type Text = (String, String, Span);

/// Every text below `node`, with the key it stands at and its place.
pub(super) fn texts(key: &str, node: &Node<'_>, found: &mut Vec<Text>) {
    match node.get_ref() {
        DeValue::String(text) => found.push((key.to_owned(), text.to_string(), node.span())),
        DeValue::Array(items) => items.iter().for_each(|item| texts(key, item, found)),
        DeValue::Table(table) => table
            .iter()
            .for_each(|(key, value)| texts(key.get_ref(), value, found)),
        _ => {}
    }
}

/// Every key of the tables below `node`, with dots, and its place.
pub(super) fn keys(before: &str, node: &Node<'_>, found: &mut BTreeMap<String, Span>) {
    for (key, value) in node.get_ref().as_table().into_iter().flatten() {
        let name = key.get_ref();
        let dotted = if before.is_empty() {
            name.to_string()
        } else {
            format!("{before}.{name}")
        };
        keys(&dotted, value, found);
        found.insert(dotted, key.span());
    }
}

/// Reads one section by itself, so that every section's error is found in one pass.
///
/// # Errors
/// What serde says of it, and where.
pub(super) fn read<'de, T: Deserialize<'de>>(node: &Node<'de>) -> Result<T, (String, Span)> {
    T::deserialize(ValueDeserializer::from(node.clone())).map_err(|error| {
        let span = error
            .span()
            .filter(|span| !span.is_empty())
            .unwrap_or_else(|| node.span());
        (error.message().to_owned(), span)
    })
}

/// The tree as plain JSON.
pub(super) fn to_json(node: &Node<'_>) -> serde_json::Value {
    read(node).unwrap_or(serde_json::Value::Null)
}

/// A target as a table: an address alone is its `url`.
pub(super) fn as_table<'i>(node: &Node<'i>) -> DeTable<'i> {
    match node.get_ref() {
        DeValue::Table(table) => table.clone(),
        _ => DeTable::from_iter([(Spanned::new(node.span(), "url".into()), node.clone())]),
    }
}
