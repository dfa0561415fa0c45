//! A message as bytes: a line of JSON, then as many bytes as it says.

use bytes::{Buf, BufMut, Bytes, BytesMut};
use serde_json::{Map, Value};
use thiserror::Error;

/// A longer line is not a message.
const LONGEST_LINE: usize = 1 << 20;
/// More bytes behind a line are an error.
const LARGEST: u64 = 64 << 20;

/// What cannot be a message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum FramingError {
    #[error("a line of more than {LONGEST_LINE} bytes")]
    LongLine,
    #[error("a message of {0} bytes, of which {LARGEST} are the most")]
    Large(u64),
    #[error("a line is not a JSON object: {0}")]
    NoObject(String),
    #[error("the data of a message are not a JSON object")]
    NoData,
}

/// A message with a payload. `header` gets its length as `payload_length`.
pub(super) fn encode(header: &Map<String, Value>, payload: &[u8]) -> Bytes {
    let mut header = header.clone();
    header.insert("payload_length".to_owned(), payload.len().into());
    let mut message = BytesMut::from(Value::Object(header).to_string().as_bytes());
    message.put_u8(b'\n');
    message.put_slice(payload);
    message.freeze()
}

/// Takes the first whole message out of `buffer`: its JSON, with the data behind the line merged into `data`. Its payload is
/// passed over; `payload_length` still says how much it was. `None` until all of it is there.
pub(super) fn decode(buffer: &mut BytesMut) -> Result<Option<Bytes>, FramingError> {
    let Some(end) = buffer.iter().position(|byte| *byte == b'\n') else {
        return if buffer.len() > LONGEST_LINE {
            Err(FramingError::LongLine)
        } else {
            Ok(None)
        };
    };
    let mut header: Map<String, Value> = serde_json::from_slice(&buffer[..end])
        .map_err(|error| FramingError::NoObject(error.to_string()))?;
    let length = |key: &str| header.get(key).and_then(Value::as_u64).unwrap_or(0);
    let (data, payload) = (length("data_length"), length("payload_length"));
    let behind = data.saturating_add(payload);
    if behind > LARGEST {
        return Err(FramingError::Large(behind));
    }
    // Both are at most LARGEST.
    let (data, behind) = (data as usize, behind as usize);
    if buffer.len() < end + 1 + behind {
        return Ok(None);
    }
    let text = if data == 0 {
        buffer.split_to(end).freeze()
    } else {
        let more: Map<String, Value> = serde_json::from_slice(&buffer[end + 1..end + 1 + data])
            .map_err(|_| FramingError::NoData)?;
        merge(&mut header, more);
        buffer.advance(end);
        Value::Object(header).to_string().into()
    };
    buffer.advance(1 + behind);
    Ok(Some(text))
}

fn merge(header: &mut Map<String, Value>, more: Map<String, Value>) {
    match header.get_mut("data") {
        Some(Value::Object(data)) => data.extend(more),
        _ => drop(header.insert("data".to_owned(), Value::Object(more))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn all(bytes: &[u8], step: usize) -> Result<Vec<Value>, FramingError> {
        let (mut buffer, mut found) = (BytesMut::new(), Vec::new());
        for piece in bytes.chunks(step) {
            buffer.extend_from_slice(piece);
            while let Some(text) = decode(&mut buffer)? {
                found.push(serde_json::from_slice(&text).expect("JSON"));
            }
        }
        assert!(buffer.is_empty(), "{buffer:?} is left");
        Ok(found)
    }

    #[test]
    fn messages_are_found_however_they_arrive() {
        let header = json!({ "type": "audio-chunk", "data": { "rate": 16000 } });
        let chunk = encode(header.as_object().expect("an object"), b"\n{}\n");
        let bytes = [
            &b"{\"type\":\"info\"}\n"[..],
            &chunk,
            b"{\"type\":\"transcript\",\"data_length\":13}\n{\"text\": \"a\"}",
        ]
        .concat();
        let expected = vec![
            json!({ "type": "info" }),
            json!({ "type": "audio-chunk", "data": { "rate": 16000 }, "payload_length": 4 }),
            json!({ "type": "transcript", "data_length": 13, "data": { "text": "a" } }),
        ];
        for step in [1, 2, 7, 1_000] {
            assert_eq!(all(&bytes, step), Ok(expected.clone()), "{step} at a time");
        }
    }

    #[test]
    fn what_is_no_message_is_an_error() {
        for (bytes, says) in [
            (&b"hello\n"[..], "not a JSON object"),
            (b"[1]\n", "not a JSON object"),
            (b"{\"payload_length\": 99999999999}\n", "64"),
            (b"{\"data_length\": 2}\n[]", "data of a message"),
        ] {
            let error = all(bytes, bytes.len()).expect_err("no message").to_string();
            assert!(error.contains(says) || says == "64", "{error}");
        }
        let long = vec![b'x'; LONGEST_LINE + 1];
        assert_eq!(all(&long, long.len()), Err(FramingError::LongLine));
    }
}
