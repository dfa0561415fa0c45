//! What a WAV really holds. Its `data` size is a claim: recorders that were cut off or that streamed leave a wrong one.

use std::io::{Cursor, Read};
use std::ops::Range;

use hound::{SampleFormat, WavReader, WavSpec};

/// The facts of one WAV, and where its samples lie in it.
#[derive(Debug, Clone)]
pub(super) struct Wave {
    /// Rate, channels, width and number format.
    pub(super) spec: WavSpec,
    /// Where the chunk lies that says the format.
    format: Range<usize>,
    /// Where the first sample begins.
    pub(super) start: usize,
    /// Where the last whole frame ends.
    pub(super) end: usize,
    /// The size of the samples in bytes as the header claims it.
    pub(super) declared: u32,
}

impl Wave {
    /// Reads the header of `wav` and finds the samples that are really there.
    pub(super) fn read(wav: &[u8]) -> Result<Self, String> {
        let (start, declared) = data_chunk(wav)?;
        let real = real_size(wav, start, declared);
        let format = format_chunk(wav)?;
        let header = canonical_header(&wav[format.clone()], 0);
        let spec = WavReader::new(Cursor::new(header))
            .map_err(|why| why.to_string())?
            .spec();
        let frame = usize::from(spec.channels) * usize::from(spec.bits_per_sample.div_ceil(8));
        if frame == 0 || spec.sample_rate == 0 {
            return Err("no channels, bits or sample rate".to_owned());
        }
        Ok(Self {
            spec,
            format,
            start,
            end: start + real / frame * frame,
            declared,
        })
    }

    /// The length in seconds of so many bytes of samples.
    pub(super) fn seconds(&self, bytes: usize) -> f64 {
        let frame =
            usize::from(self.spec.channels) * usize::from(self.spec.bits_per_sample.div_ceil(8));
        (bytes / frame) as f64 / f64::from(self.spec.sample_rate)
    }

    /// The samples of `wav` as numbers from -1 to 1.
    pub(super) fn numbers(&self, wav: &[u8]) -> Vec<f32> {
        let header = canonical_header(&wav[self.format.clone()], (self.end - self.start) as u32);
        let source = Cursor::new(header).chain(&wav[self.start..self.end]);
        let Ok(mut reader) = WavReader::new(source) else {
            return Vec::new();
        };
        match self.spec.sample_format {
            SampleFormat::Float => reader.samples::<f32>().flatten().collect(),
            SampleFormat::Int => {
                let full = (1_u64 << (self.spec.bits_per_sample - 1)) as f64;
                reader
                    .samples::<i32>()
                    .flatten()
                    .map(|sample| (f64::from(sample) / full) as f32)
                    .collect()
            }
        }
    }

    /// The loudest sample of `wav`, 1.0 being full scale.
    pub(super) fn peak(&self, wav: &[u8]) -> f64 {
        let header = canonical_header(&wav[self.format.clone()], (self.end - self.start) as u32);
        let source = Cursor::new(header).chain(&wav[self.start..self.end]);
        let Ok(mut reader) = WavReader::new(source) else {
            return 0.0;
        };
        match self.spec.sample_format {
            SampleFormat::Float => loudest(reader.samples::<f32>().flatten().map(f64::from)),
            SampleFormat::Int => {
                let full = (1_u64 << (self.spec.bits_per_sample - 1)) as f64;
                loudest(
                    reader
                        .samples::<i32>()
                        .flatten()
                        .map(|sample| f64::from(sample) / full),
                )
            }
        }
    }
}

fn loudest(samples: impl Iterator<Item = f64>) -> f64 {
    samples.map(f64::abs).fold(0.0, f64::max)
}

/// A header of the format and the samples alone, with their real size: whatever else stands before them, and whatever size is
/// claimed, no reader is misled.
fn canonical_header(format: &[u8], size: u32) -> Vec<u8> {
    let all = 4 + format.len() as u32 + 8 + size;
    let parts: [&[u8]; 6] = [
        b"RIFF",
        &all.to_le_bytes(),
        b"WAVE",
        format,
        b"data",
        &size.to_le_bytes(),
    ];
    parts.concat()
}

/// Where the chunk `fmt ` lies, with its own head and its padding.
fn format_chunk(wav: &[u8]) -> Result<Range<usize>, String> {
    let mut at = 12;
    while let Some((name, size)) = chunk(wav, at) {
        let next = next_chunk(at, size);
        if name == b"fmt " && next <= wav.len() {
            return Ok(at..next);
        }
        if name == b"data" {
            break;
        }
        at = next;
    }
    Err("no chunk before its samples says their format".to_owned())
}

/// Where the samples begin, and their size as declared.
fn data_chunk(wav: &[u8]) -> Result<(usize, u32), String> {
    if wav.len() < 12 || &wav[..4] != b"RIFF" || &wav[8..12] != b"WAVE" {
        return Err("it does not begin with RIFF and WAVE".to_owned());
    }
    let mut at = 12;
    while let Some((name, size)) = chunk(wav, at) {
        if name == b"data" {
            return Ok((at + 8, size));
        }
        at = next_chunk(at, size);
    }
    Err("it has no data chunk".to_owned())
}

/// The size that is there: what is declared where more chunks follow it, else all that is left of the file.
fn real_size(wav: &[u8], start: usize, declared: u32) -> usize {
    let rest = wav.len() - start;
    let mut at = next_chunk(start - 8, declared);
    if declared == 0 || declared as usize > rest {
        return rest;
    }
    while let Some((name, size)) = chunk(wav, at) {
        if !name
            .iter()
            .all(|byte| byte.is_ascii_graphic() || *byte == b' ')
        {
            return rest;
        }
        at = next_chunk(at, size);
    }
    // A chain of chunks that ends where the file ends was meant by whoever wrote it; anything else is samples.
    if at == wav.len() || at == wav.len() + 1 {
        declared as usize
    } else {
        rest
    }
}

fn chunk(wav: &[u8], at: usize) -> Option<(&[u8], u32)> {
    let head = wav.get(at..at.checked_add(8)?)?;
    Some((
        &head[..4],
        u32::from_le_bytes([head[4], head[5], head[6], head[7]]),
    ))
}

/// Chunks begin at even places.
fn next_chunk(at: usize, size: u32) -> usize {
    at + 8 + size as usize + (size as usize & 1)
}

#[cfg(test)]
mod tests {
    use super::super::synthesis::{ClipKind, synthesize};
    use super::*;

    fn with_declared(size: u32) -> Vec<u8> {
        let mut wav = synthesize(ClipKind::Tone, 1.0, 0, 0);
        wav[40..44].copy_from_slice(&size.to_le_bytes());
        wav
    }

    #[test]
    fn only_samples_that_are_there_count() {
        for declared in [0, 3_200, 31_990, 32_000, 64_000, u32::MAX] {
            let wav = with_declared(declared);
            let wave = Wave::read(&wav).expect("a WAV");
            assert_eq!(wave.seconds(wave.end - wave.start), 1.0, "{declared}");
            assert_eq!(wave.declared, declared);
        }
    }

    #[test]
    fn chunks_behind_the_samples_are_not_audio() {
        let mut wav = with_declared(32_000);
        wav.extend_from_slice(b"LIST\x05\0\0\0title\0");
        let wave = Wave::read(&wav).expect("a WAV");
        assert_eq!(wave.end - wave.start, 32_000);
    }

    #[test]
    fn an_odd_chunk_before_the_samples_is_padded() {
        let wav = with_declared(32_000);
        for chunks in [
            &b"bext\x05\0\0\0title\0"[..],
            b"LIST\x03\0\0\0abc\0iXML\x02\0\0\0ab",
        ] {
            let odd = [&wav[..12], chunks, &wav[12..]].concat();
            let wave = Wave::read(&odd).expect("a WAV");
            assert_eq!(
                (wave.seconds(wave.end - wave.start), wave.spec.sample_rate),
                (1.0, 16_000)
            );
            assert_eq!(wave.numbers(&odd).len(), 16_000);
            assert!(wave.peak(&odd) > 0.0);
        }
    }

    #[test]
    fn what_is_no_wav_is_said_to_be_none() {
        for bytes in [
            &b""[..],
            b"ID3\x03mp3 mp3 mp3 mp3",
            b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0",
            b"RIFF\0\0\0\0WAVEdata\0\0\0\0",
        ] {
            assert!(Wave::read(bytes).is_err());
        }
    }
}
