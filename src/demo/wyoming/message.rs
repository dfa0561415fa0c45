//! One message: a line of JSON, then the bytes of its data and of its payload.

use serde_json::{Value, json};

/// A message that came.
#[derive(Debug, PartialEq)]
pub(crate) struct Message {
    pub(crate) kind: String,
    pub(crate) data: Value,
    pub(crate) payload: usize,
}

/// Takes the first whole message out of what has come; `None` until it is there.
///
/// # Errors
/// Says what is no message.
pub(crate) fn take(buffer: &mut Vec<u8>) -> Result<Option<Message>, String> {
    let Some(end) = buffer.iter().position(|byte| *byte == b'\n') else {
        return Ok(None);
    };
    let header: Value = serde_json::from_slice(&buffer[..end]).map_err(|e| e.to_string())?;
    let length = |key: &str| header[key].as_u64().unwrap_or(0) as usize;
    let (data, payload) = (length("data_length"), length("payload_length"));
    let all = end + 1 + data + payload;
    if buffer.len() < all {
        return Ok(None);
    }
    let data = match data {
        0 => header["data"].clone(),
        _ => serde_json::from_slice(&buffer[end + 1..end + 1 + data]).map_err(|e| e.to_string())?,
    };
    let kind = header["type"].as_str().unwrap_or_default().to_owned();
    buffer.drain(..all);
    Ok(Some(Message {
        kind,
        data,
        payload,
    }))
}

/// A message without a payload. Its data follow the line, as the protocol's own library writes them.
pub(crate) fn write(kind: &str, data: &Value) -> Vec<u8> {
    let data = data.to_string();
    let line = json!({ "type": kind, "version": "1.5.4", "data_length": data.len() });
    format!("{line}\n{data}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let data = json!({ "text": "one two" });
        let mut buffer = write("transcript", &data);
        buffer.extend_from_slice(b"{\"type\":\"audio-chunk\",\"payload_length\":3}\nab");
        let first = take(&mut buffer).expect("a message").expect("whole");
        assert_eq!((first.kind.as_str(), first.data), ("transcript", data));
        assert_eq!(take(&mut buffer), Ok(None));
        buffer.push(b'c');
        let second = take(&mut buffer).expect("a message").expect("whole");
        assert_eq!(
            (second.kind.as_str(), second.payload, buffer.len()),
            ("audio-chunk", 3, 0)
        );
        assert!(take(&mut b"hello\n".to_vec()).is_err());
    }
}
