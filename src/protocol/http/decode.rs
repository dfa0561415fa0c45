//! Reads compressed bodies while they arrive.

use std::io::{self, Write};

use ::http::HeaderMap;
use ::http::header::CONTENT_ENCODING;
use bytes::Bytes;
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::protocol::net::classify::Broken;
use crate::units;

/// What is given to the decompressor at a time: of one step not more can come than about a thousand times as much.
const STEP: usize = 4 * 1024;

/// The decompressor of one body.
pub(crate) struct Decoder {
    inner: DecoderState,
}

enum DecoderState {
    Gzip(MultiGzDecoder<Vec<u8>>),
    /// `deflate` before its first byte: it is meant to have a zlib header, and sometimes has none.
    Deflate(Vec<u8>),
    Zlib(ZlibDecoder<Vec<u8>>),
    Raw(DeflateDecoder<Vec<u8>>),
}

impl Decoder {
    /// The decompressor that a reply's headers ask for; `None` for a body that is as it is.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let encoding = headers
            .get(CONTENT_ENCODING)?
            .to_str()
            .ok()?
            .trim()
            .to_ascii_lowercase();
        let inner = match encoding.as_str() {
            "gzip" | "x-gzip" => DecoderState::Gzip(MultiGzDecoder::new(Vec::new())),
            "deflate" => DecoderState::Deflate(Vec::new()),
            _ => return None,
        };
        Some(Self { inner })
    }

    /// What a piece of the body holds, as far as it can be known yet.
    pub(crate) fn push(&mut self, piece: &[u8], most: units::Bytes) -> Result<Bytes, Broken> {
        self.choose(piece);
        let mut out = Vec::new();
        for step in piece.chunks(STEP) {
            let more = match &mut self.inner {
                DecoderState::Gzip(decoder) => through(decoder, step, MultiGzDecoder::get_mut),
                DecoderState::Zlib(decoder) => through(decoder, step, ZlibDecoder::get_mut),
                DecoderState::Raw(decoder) => through(decoder, step, DeflateDecoder::get_mut),
                DecoderState::Deflate(head) => {
                    head.extend_from_slice(step);
                    Ok(Vec::new())
                }
            };
            out.extend(more.map_err(|error| self.broken(&error))?);
            if out.len() as u64 > most.0 {
                return Err(Broken::TooLarge(most));
            }
        }
        Ok(out.into())
    }

    /// The body is over: says so where it ends too early.
    pub(crate) fn finish(&mut self) -> Result<(), Broken> {
        let result = match &mut self.inner {
            DecoderState::Gzip(decoder) => decoder.try_finish(),
            DecoderState::Zlib(decoder) => decoder.try_finish(),
            DecoderState::Raw(decoder) => decoder.try_finish(),
            DecoderState::Deflate(head) if head.is_empty() => Ok(()),
            DecoderState::Deflate(_) => Err(io::ErrorKind::UnexpectedEof.into()),
        };
        result.map_err(|error| self.broken(&error))
    }

    fn choose(&mut self, piece: &[u8]) {
        let DecoderState::Deflate(head) = &mut self.inner else {
            return;
        };
        let Some(first) = head.first().or(piece.first()).copied() else {
            return;
        };
        // 8 is the method of a zlib header; no raw block begins so by what encoders write.
        self.inner = if first & 0x0f == 8 {
            DecoderState::Zlib(ZlibDecoder::new(Vec::new()))
        } else {
            DecoderState::Raw(DeflateDecoder::new(Vec::new()))
        };
    }

    fn broken(&self, error: &io::Error) -> Broken {
        let encoding = if matches!(self.inner, DecoderState::Gzip(_)) {
            "gzip"
        } else {
            "deflate"
        };
        Broken::Encoding {
            encoding,
            reason: error.to_string(),
        }
    }
}

fn through<D: Write>(
    decoder: &mut D,
    step: &[u8],
    out: impl Fn(&mut D) -> &mut Vec<u8>,
) -> io::Result<Vec<u8>> {
    decoder.write_all(step)?;
    // Else what was decoded would wait for the next piece, and a streamed message with it.
    decoder.flush()?;
    Ok(std::mem::take(out(decoder)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    const TEXT: &[u8] = b"data: one\n\ndata: two\n\n";
    const MOST: units::Bytes = units::Bytes(1_000_000);

    fn headers(encoding: &str) -> HeaderMap {
        HeaderMap::from_iter([(CONTENT_ENCODING, encoding.parse().expect("a value"))])
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder
            .write_all(text)
            .and_then(|()| encoder.finish())
            .expect("gzip")
    }

    fn bodies() -> [(&'static str, Vec<u8>); 4] {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
        [
            ("gzip", gzip(TEXT)),
            ("X-GZIP", [gzip(&TEXT[..5]), gzip(&TEXT[5..])].concat()),
            (
                "deflate",
                zlib.write_all(TEXT)
                    .and_then(|()| zlib.finish())
                    .expect("zlib"),
            ),
            (
                "deflate",
                raw.write_all(TEXT)
                    .and_then(|()| raw.finish())
                    .expect("deflate"),
            ),
        ]
    }

    #[test]
    fn bodies_are_read_however_they_are_cut() {
        for (encoding, body) in bodies() {
            for size in [1, 3, 1_000] {
                let mut decoder = Decoder::of(&headers(encoding)).expect(encoding);
                let pieces = body
                    .chunks(size)
                    .map(|piece| decoder.push(piece, MOST).expect(encoding));
                let text: Vec<u8> = pieces.flat_map(Vec::from).collect();
                decoder.finish().expect(encoding);
                assert_eq!(text, TEXT, "{encoding} in pieces of {size}");
            }
        }
        assert!(Decoder::of(&headers("br")).is_none() && Decoder::of(&HeaderMap::new()).is_none());
    }

    #[test]
    fn what_was_flushed_is_there_at_once() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder
            .write_all(TEXT)
            .and_then(|()| encoder.flush())
            .expect("gzip");
        let mut decoder = Decoder::of(&headers("gzip")).expect("gzip");
        assert_eq!(decoder.push(encoder.get_ref(), MOST).expect("a part"), TEXT);
    }

    #[test]
    fn broken_and_boundless_bodies_are_errors() {
        for (encoding, body) in bodies() {
            let mut decoder = Decoder::of(&headers(encoding)).expect(encoding);
            let cut = decoder
                .push(&body[..body.len() - 6], MOST)
                .and_then(|_| decoder.finish());
            assert!(
                matches!(cut, Err(Broken::Encoding { .. })),
                "{encoding}: {cut:?}"
            );
        }
        let mut decoder = Decoder::of(&headers("gzip")).expect("gzip");
        assert!(matches!(
            decoder.push(b"not gzip at all", MOST),
            Err(Broken::Encoding {
                encoding: "gzip",
                ..
            })
        ));
        let mut decoder = Decoder::of(&headers("gzip")).expect("gzip");
        let large = decoder.push(&gzip(&vec![0; 3_000_000]), MOST);
        assert!(matches!(large, Err(Broken::TooLarge(MOST))));
    }
}
