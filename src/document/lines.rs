//! JSON for people who read a diff: an object's keys on lines of their own, a list on one.

use std::io::{self, Write};

use serde_json::ser::{Formatter, PrettyFormatter};

/// Writes objects like [`PrettyFormatter`], and lists without breaking lines between their items.
#[derive(Default)]
pub(super) struct Lines {
    pretty: PrettyFormatter<'static>,
}

impl Formatter for Lines {
    fn begin_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"[")
    }
    fn end_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"]")
    }
    fn begin_array_value<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if first {
            Ok(())
        } else {
            writer.write_all(b", ")
        }
    }
    fn end_array_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        Ok(())
    }
    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object(writer)
    }
    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object(writer)
    }
    fn begin_object_key<W: Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.pretty.begin_object_key(writer, first)
    }
    fn begin_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.begin_object_value(writer)
    }
    fn end_object_value<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.pretty.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_is_one_line_and_an_object_is_not() {
        let value = json!({ "a": [1.5, 2], "b": [{ "c": [] }], "d": {} });
        let mut text = Vec::new();
        value
            .serialize(&mut serde_json::Serializer::with_formatter(
                &mut text,
                Lines::default(),
            ))
            .unwrap();
        let expected = "{\n  \"a\": [1.5, 2],\n  \"b\": [{\n    \"c\": []\n  }],\n  \"d\": {}\n}";
        assert_eq!(String::from_utf8(text).unwrap(), expected);
    }
}
