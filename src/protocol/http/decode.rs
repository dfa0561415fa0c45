//! Reads compressed bodies while they arrive.

use std::io::{self, Write};

use ::http::HeaderMap;
use ::http::header::CONTENT_ENCODING;
use brotli_decompressor::DecompressorWriter;
use bytes::Bytes;
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use zstd::stream::raw;
use zstd::zstd_safe::DParameter;

use crate::protocol::net::classify::Broken;
use crate::units;

/// What is asked for where a plan wants compressed replies.
pub(crate) const ACCEPTED: &str = "gzip, deflate, br, zstd";
/// What is given to the decompressor at a time: of one step not more can come than about a thousand times as much.
const STEP: usize = 4 * 1024;
/// What decompressors write at a time.
const OUT: usize = 16 * 1024;
/// The largest window of zstd over HTTP is 8 MiB (RFC 9659).
const ZSTD_WINDOW_LOG: u32 = 23;

/// The decompressors of one body.
pub(crate) struct Decoder {
    /// The encoding that was applied last is undone first.
    stages: Vec<Stage>,
}

struct Stage {
    encoding: &'static str,
    state: DecoderState,
}

enum DecoderState {
    Gzip(MultiGzDecoder<Vec<u8>>),
    /// `deflate` before its first byte: it is meant to have a zlib header, and sometimes has none.
    Deflate(Vec<u8>),
    Zlib(ZlibDecoder<Vec<u8>>),
    Raw(DeflateDecoder<Vec<u8>>),
    Brotli(Box<DecompressorWriter<Vec<u8>>>),
    Zstd(Box<ZstdFrames>),
}

/// Frames of zstd, one behind the other.
struct ZstdFrames {
    decoder: raw::Decoder<'static>,
    /// A frame has begun and not ended.
    is_open: bool,
}

impl Decoder {
    /// The decompressors that a reply's headers ask for; `None` for a body that is as it is, or that nobody here can read.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(CONTENT_ENCODING).iter();
        let values = values.filter_map(|value| value.to_str().ok());
        let mut stages = Vec::new();
        for name in values.flat_map(|value| value.split(',')) {
            let name = name.trim().to_ascii_lowercase();
            if !matches!(name.as_str(), "" | "identity") {
                stages.push(Stage::of(&name)?);
            }
        }
        stages.reverse();
        (!stages.is_empty()).then_some(Self { stages })
    }

    /// What a piece of the body holds, as far as it can be known yet.
    pub(crate) fn push(&mut self, piece: &[u8], most: units::Bytes) -> Result<Bytes, Broken> {
        let Some((first, others)) = self.stages.split_first_mut() else {
            return Ok(Bytes::copy_from_slice(piece));
        };
        let mut out = first.push(piece, most)?;
        for stage in others {
            out = stage.push(&out, most)?;
        }
        Ok(out.into())
    }

    /// The body is over: says so where it ends too early.
    pub(crate) fn finish(&mut self) -> Result<(), Broken> {
        self.stages.iter_mut().try_for_each(Stage::finish)
    }
}

impl Stage {
    fn of(name: &str) -> Option<Self> {
        let (encoding, state) = match name {
            "gzip" | "x-gzip" => ("gzip", DecoderState::Gzip(MultiGzDecoder::new(Vec::new()))),
            "deflate" => ("deflate", DecoderState::Deflate(Vec::new())),
            "br" => (
                "br",
                DecoderState::Brotli(Box::new(DecompressorWriter::new(Vec::new(), OUT))),
            ),
            "zstd" => (
                "zstd",
                DecoderState::Zstd(Box::new(ZstdFrames::new().ok()?)),
            ),
            _ => return None,
        };
        Some(Self { encoding, state })
    }

    fn push(&mut self, piece: &[u8], most: units::Bytes) -> Result<Vec<u8>, Broken> {
        self.choose(piece);
        let mut out = Vec::new();
        for step in piece.chunks(STEP) {
            let more = match &mut self.state {
                DecoderState::Gzip(decoder) => through(decoder, step, MultiGzDecoder::get_mut),
                DecoderState::Zlib(decoder) => through(decoder, step, ZlibDecoder::get_mut),
                DecoderState::Raw(decoder) => through(decoder, step, DeflateDecoder::get_mut),
                DecoderState::Brotli(decoder) => through(
                    decoder.as_mut(),
                    step,
                    DecompressorWriter::<Vec<u8>>::get_mut,
                ),
                DecoderState::Zstd(frames) => frames.push(step, most),
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
        Ok(out)
    }

    fn finish(&mut self) -> Result<(), Broken> {
        let result = match &mut self.state {
            DecoderState::Gzip(decoder) => decoder.try_finish(),
            DecoderState::Zlib(decoder) => decoder.try_finish(),
            DecoderState::Raw(decoder) => decoder.try_finish(),
            DecoderState::Brotli(decoder) => decoder.close(),
            DecoderState::Zstd(frames) if !frames.is_open => Ok(()),
            DecoderState::Deflate(head) if head.is_empty() => Ok(()),
            DecoderState::Zstd(_) | DecoderState::Deflate(_) => {
                Err(io::ErrorKind::UnexpectedEof.into())
            }
        };
        result.map_err(|error| self.broken(&error))
    }

    fn choose(&mut self, piece: &[u8]) {
        let DecoderState::Deflate(head) = &mut self.state else {
            return;
        };
        let Some(first) = head.first().or(piece.first()).copied() else {
            return;
        };
        // 8 is the method of a zlib header; no raw block begins so by what encoders write.
        self.state = if first & 0x0f == 8 {
            DecoderState::Zlib(ZlibDecoder::new(Vec::new()))
        } else {
            DecoderState::Raw(DeflateDecoder::new(Vec::new()))
        };
    }

    fn broken(&self, error: &io::Error) -> Broken {
        Broken::Encoding {
            encoding: self.encoding,
            reason: error.to_string(),
        }
    }
}

impl ZstdFrames {
    fn new() -> io::Result<Self> {
        let mut decoder = raw::Decoder::new()?;
        decoder.set_parameter(DParameter::WindowLogMax(ZSTD_WINDOW_LOG))?;
        Ok(Self {
            decoder,
            is_open: false,
        })
    }

    fn push(&mut self, mut step: &[u8], most: units::Bytes) -> io::Result<Vec<u8>> {
        use raw::Operation;
        let (mut out, mut buffer) = (Vec::new(), vec![0; OUT]);
        loop {
            let status = self.decoder.run_on_buffers(step, &mut buffer)?;
            out.extend_from_slice(&buffer[..status.bytes_written]);
            step = &step[status.bytes_read..];
            self.is_open = status.remaining > 0;
            let is_full = status.bytes_written == buffer.len();
            // With nothing left to read, a full buffer may hide more.
            if out.len() as u64 > most.0 || (step.is_empty() && !(is_full && self.is_open)) {
                return Ok(out);
            }
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

    /// A text in Brotli's stored form: one block of it, and the empty last one.
    fn brotli(text: &[u8]) -> Vec<u8> {
        let size = text.len() - 1;
        // WBITS 16; not last; 4 nibbles of size; stored.
        let head = (size << 4) | 1 << 20;
        let head = [head as u8, (head >> 8) as u8, (head >> 16) as u8];
        [&head[..], text, &[0x03]].concat()
    }

    fn bodies() -> [(&'static str, Vec<u8>); 8] {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
        let zstd = |text: &[u8]| zstd::encode_all(text, 0).expect("zstd");
        [
            ("zstd", [zstd(&TEXT[..5]), zstd(&TEXT[5..])].concat()),
            ("br", brotli(TEXT)),
            ("br, gzip", gzip(&brotli(TEXT))),
            ("identity, GZIP", gzip(TEXT)),
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
        for encoding in ["", "identity", "compress", "gzip, compress"] {
            assert!(Decoder::of(&headers(encoding)).is_none(), "{encoding}");
        }
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
        let mut decoder = Decoder::of(&headers("zstd")).expect("zstd");
        let body = zstd::encode_all(&vec![0; 3_000_000][..], 0).expect("zstd");
        assert!(matches!(
            decoder.push(&body, MOST),
            Err(Broken::TooLarge(MOST))
        ));
    }
}
