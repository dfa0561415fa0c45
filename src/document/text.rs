//! The text of a file, whatever Unicode it was written in.

use std::path::Path;
use std::{fs, io};

/// Reads a file as text. A byte order mark is taken off; with one, UTF-16 is read too, which Windows tools write.
///
/// # Errors
/// When the file cannot be read, or is not text.
pub fn read_text(path: &Path) -> io::Result<String> {
    decoded(fs::read(path)?)
}

fn decoded(bytes: Vec<u8>) -> io::Result<String> {
    let wrong = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let wide = |number: fn([u8; 2]) -> u16| {
        let units = bytes[2..].chunks(2);
        let units = units.map(|pair| number([pair[0], pair.get(1).copied().unwrap_or_default()]));
        char::decode_utf16(units)
            .collect::<Result<String, _>>()
            .map_err(|_| wrong("its byte order mark says UTF-16, and it is not"))
    };
    match bytes.as_slice() {
        [0xFF, 0xFE, ..] => wide(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => wide(u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8(rest.to_vec())
            .map_err(|_| wrong("its byte order mark says UTF-8, and it is not")),
        _ => String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            wrong(&format!("it is not UTF-8 at byte {at}"))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_says_how_a_text_is_read() {
        let utf_16 = |mark: [u8; 2], bytes: fn(u16) -> [u8; 2]| {
            let text = "gr\u{fc}n".encode_utf16().flat_map(bytes);
            mark.into_iter().chain(text).collect::<Vec<u8>>()
        };
        for bytes in [
            "grün".as_bytes().to_vec(),
            "\u{feff}grün".as_bytes().to_vec(),
            utf_16([0xFF, 0xFE], u16::to_le_bytes),
            utf_16([0xFE, 0xFF], u16::to_be_bytes),
        ] {
            assert_eq!(decoded(bytes).expect("a text"), "grün");
        }
        for (bytes, says) in [
            (vec![b'a', 0xFF], "not UTF-8 at byte 1"),
            (vec![0xFF, 0xFE, 0x00, 0xD8], "says UTF-16"),
        ] {
            let error = decoded(bytes).expect_err(says).to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
