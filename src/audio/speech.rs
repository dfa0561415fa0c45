//! A voice without words: a train of pulses through three resonances, in syllables and pauses.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

use super::sine::{SAMPLE_RATE, sine};

const RATE: f64 = SAMPLE_RATE as f64;
/// Three formants of five vowels, in Hz.
const VOWELS: [[f64; 3]; 5] = [
    [730.0, 1_090.0, 2_440.0],
    [270.0, 2_290.0, 3_010.0],
    [300.0, 870.0, 2_240.0],
    [530.0, 1_840.0, 2_480.0],
    [570.0, 840.0, 2_410.0],
];
const BANDWIDTHS: [f64; 3] = [80.0, 100.0, 140.0];

/// A generator of its own for each index, so that the order in which clips are made does not matter.
pub(super) fn dice(seed: u64, index: u64) -> Pcg64Mcg {
    Pcg64Mcg::seed_from_u64(seed ^ index.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// So many samples of speech, of any loudness.
pub(super) fn voice(count: usize, seed: u64, index: u64) -> Vec<f64> {
    let mut dice = dice(seed, index);
    let pitch = between(&mut dice, 100.0, 160.0);
    let mut wave = Vec::with_capacity(count);
    while wave.len() < count {
        syllable(&mut wave, &mut dice, pitch);
        let pause = if dice.next_u64().is_multiple_of(5) {
            between(&mut dice, 0.15, 0.35)
        } else {
            between(&mut dice, 0.01, 0.06)
        };
        wave.resize(wave.len() + (pause * RATE) as usize, 0.0);
    }
    wave.truncate(count);
    wave
}

fn syllable(wave: &mut Vec<f64>, dice: &mut Pcg64Mcg, pitch: f64) {
    let length = (between(dice, 0.12, 0.25) * RATE) as usize;
    let vowel = VOWELS[(dice.next_u64() % VOWELS.len() as u64) as usize];
    let mut mouth =
        [0, 1, 2].map(|n| Resonance::new(vowel[n] * between(dice, 0.95, 1.05), BANDWIDTHS[n]));
    let (from, to) = (
        pitch * between(dice, 0.95, 1.12),
        pitch * between(dice, 0.9, 1.0),
    );
    let mut phase = 1.0;
    for n in 0..length {
        let part = n as f64 / length as f64;
        phase += (from + (to - from) * part) / RATE;
        let pulse = if phase >= 1.0 { 1.0 } else { 0.0 };
        phase -= pulse;
        // Breath at the onset stands for a consonant.
        let breath = if part < 0.2 { 0.05 } else { 0.004 };
        let source = pulse + between(dice, -breath, breath);
        let envelope = (part / 0.12).min((1.0 - part) / 0.25).min(1.0);
        wave.push(
            mouth
                .iter_mut()
                .fold(source, |sound, resonance| resonance.pass(sound))
                * envelope,
        );
    }
}

fn between(dice: &mut Pcg64Mcg, low: f64, high: f64) -> f64 {
    low + (high - low) * ((dice.next_u64() >> 11) as f64 / (1_u64 << 53) as f64)
}

/// A filter that rings at one frequency.
struct Resonance {
    gain: f64,
    feedback: [f64; 2],
    past: [f64; 2],
}

impl Resonance {
    fn new(frequency: f64, bandwidth: f64) -> Self {
        let x = std::f64::consts::PI * bandwidth / RATE;
        let radius = 1.0 - x + x * x / 2.0 - x * x * x / 6.0;
        let feedback = [
            2.0 * radius * sine(frequency / RATE + 0.25),
            -radius * radius,
        ];
        Self {
            gain: 1.0 - feedback[0] - feedback[1],
            feedback,
            past: [0.0; 2],
        }
    }

    fn pass(&mut self, sound: f64) -> f64 {
        let out =
            self.gain * sound + self.feedback[0] * self.past[0] + self.feedback[1] * self.past[1];
        self.past = [out, self.past[0]];
        out
    }
}
