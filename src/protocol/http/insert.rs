//! A clip or a file within a body, whole or a slice of it.

use bytes::Bytes;
use serde_json::Value;

use super::super::Attachment;
use super::file::file_head;
use crate::protocol::RequestError;
use crate::template::{Bound, Values};

/// What is put into a body where it is rendered.
#[derive(Debug, Clone)]
pub(crate) struct Insert {
    pub(crate) source: InsertSource,
    /// Its file name and type where the plan says them; `None` where it is the whole body.
    pub(crate) part: Option<(Option<Bound>, Option<Bound>)>,
    pub(crate) slice: Option<Slice>,
}

#[derive(Debug, Clone)]
pub(crate) enum InsertSource {
    /// The clip of this pool that the iteration has.
    Pool(String),
    /// A file, read when the plan was.
    File(Attachment),
}

/// The n-th slice of so many bytes, n from 0.
#[derive(Debug, Clone)]
pub(crate) struct Slice {
    pub(crate) chunk: Bound,
    pub(crate) chunk_bytes: Bound,
}

/// What was put in: the head of its part, its bytes, and its media type where it is the whole body.
pub(crate) type Inserted = (String, Vec<Bytes>, Option<String>);

impl Insert {
    pub(crate) fn render(
        &self,
        values: &Values,
        attachment: &dyn Fn(&str) -> Option<Attachment>,
    ) -> Result<Inserted, RequestError> {
        let whole = match &self.source {
            InsertSource::Pool(pool) => {
                attachment(pool).ok_or_else(|| format!("there is no clip of `{pool}`"))?
            }
            InsertSource::File(file) => file.clone(),
        };
        let (head, content_type) = match &self.part {
            Some((name, kind)) => {
                let text = |bound: &Option<Bound>, own: &str| match bound {
                    None => Ok(own.to_owned()),
                    Some(bound) => {
                        let mut text = String::new();
                        bound
                            .render(values, &mut text)
                            .map(|()| text)
                            .map_err(|missing| missing.to_string())
                    }
                };
                (
                    file_head(&text(name, &whole.name)?, &text(kind, &whole.content_type)?),
                    None,
                )
            }
            None => (String::new(), Some(whole.content_type.clone())),
        };
        let parts = match &self.slice {
            Some(slice) => slice.of(&whole, values)?,
            None => whole.parts,
        };
        Ok((head, parts, content_type))
    }
}

impl Slice {
    fn of(&self, whole: &Attachment, values: &Values) -> Result<Vec<Bytes>, RequestError> {
        let (chunk, size) = (
            count("chunk", &self.chunk, values)?,
            count("chunk_bytes", &self.chunk_bytes, values)?,
        );
        let from = chunk.saturating_mul(size);
        if size == 0 || from >= whole.len() {
            let (name, len) = (&whole.name, whole.len());
            return Err(RequestError(format!(
                "`{name}` has {len} bytes and so no slice {chunk} of {size} bytes"
            )));
        }
        Ok(whole.slice(from, size))
    }
}

/// The whole number that a template stands for.
fn count(key: &str, bound: &Bound, values: &Values) -> Result<u64, RequestError> {
    let value = bound
        .view(values)
        .map_err(|missing| format!("`{key}`: {missing}"))?;
    let number = match &*value {
        Value::String(text) => text.trim().parse().ok(),
        // A product of captured numbers is a float, whole as it may be.
        Value::Number(number) => number.as_u64().or_else(|| {
            let float = number.as_f64()?;
            (float >= 0.0 && float.fract() == 0.0 && float < 1e15).then_some(float as u64)
        }),
        _ => None,
    };
    number.ok_or_else(|| RequestError(format!("`{key}` is not a whole number: {value}")))
}
