//! A sine that is the same on every machine.

/// The rate of every synthesised clip.
pub const SAMPLE_RATE: u32 = 16_000;

/// The sine of an angle in turns, by products and sums alone: libraries for mathematics differ in the last bit.
pub(super) fn sine(turns: f64) -> f64 {
    let part = turns - turns.floor();
    let folded = match part {
        p if p < 0.25 => p,
        p if p < 0.75 => 0.5 - p,
        p => p - 1.0,
    };
    let x = folded * std::f64::consts::TAU;
    let square = x * x;
    // Taylor's terms from the smallest up; the next one is below 1e-9, far below a 16-bit step.
    [156.0, 110.0, 72.0, 42.0, 20.0, 6.0]
        .iter()
        .fold(1.0, |sum, divisor| 1.0 - square / divisor * sum)
        * x
}
