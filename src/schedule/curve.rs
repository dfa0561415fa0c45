//! A rate that changes over time: straight lines between levels, and the moment at which its area reaches a count.

use crate::units::Duration;

/// A line of the curve: `length` long, from one rate to another (per second).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePiece {
    /// How long the line is; [`Duration::MAX`] for one without an end.
    pub length: Duration,
    /// The rate at its begin, per second.
    pub from: f64,
    /// The rate at its end, per second.
    pub to: f64,
}

/// Lines one after the other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RateCurve {
    lines: Vec<CurvePiece>,
}

impl RateCurve {
    /// The curve of these lines; those without length only jump.
    #[must_use]
    pub fn new(lines: Vec<CurvePiece>) -> Self {
        Self {
            lines: lines
                .into_iter()
                .filter(|line| !line.length.is_zero())
                .collect(),
        }
    }

    /// When the curve ends, [`Duration::MAX`] for never.
    #[must_use]
    pub fn end(&self) -> Duration {
        self.lines.iter().map(|line| line.length).sum()
    }

    /// The moment at which `area` events have passed: the inverse of the area under the curve, to the nearest nanosecond.
    /// `None` where the curve ends before. In a line from rate a to b over D with slope k = (b − a)/D, the moment is
    /// x = 2A / (a + √(a² + 2kA)), which keeps its precision for every slope.
    #[must_use]
    pub fn when(&self, area: f64) -> Option<Duration> {
        let (mut rest, mut start) = (area, 0u64);
        for line in &self.lines {
            let length = line.length.as_secs_f64();
            let endless = line.length == Duration::MAX;
            let within = if endless {
                f64::INFINITY
            } else {
                (line.from + line.to) / 2.0 * length
            };
            if rest <= within && (line.from > 0.0 || line.to > 0.0) {
                let slope = if endless {
                    0.0
                } else {
                    (line.to - line.from) / length
                };
                let root = (line.from * line.from + 2.0 * slope * rest).max(0.0).sqrt();
                let seconds = if rest == 0.0 {
                    0.0
                } else {
                    2.0 * rest / (line.from + root)
                };
                let nanos = (seconds * 1e9).round() as u64;
                return Some(Duration::from_nanos(
                    start + nanos.min(line.length.as_nanos()),
                ));
            }
            rest = (rest - within).max(0.0);
            start = start.saturating_add(line.length.as_nanos());
        }
        None
    }

    /// The rate at a moment, per second; zero after the end.
    #[must_use]
    pub fn rate_at(&self, at: Duration) -> f64 {
        let mut start = 0u64;
        for line in &self.lines {
            let (length, within) = (line.length.as_nanos(), at.as_nanos() - start);
            if within < length {
                return line.from + (line.to - line.from) * within as f64 / length as f64;
            }
            start += length;
        }
        0.0
    }

    /// The highest rate, per second.
    #[must_use]
    pub fn peak(&self) -> f64 {
        self.lines
            .iter()
            .map(|line| line.from.max(line.to))
            .fold(0.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(seconds: u64, from: f64, to: f64) -> CurvePiece {
        CurvePiece {
            length: Duration::from_secs(seconds),
            from,
            to,
        }
    }

    #[test]
    fn a_constant_rate_is_n_over_rate() {
        let curve = RateCurve::new(vec![line(100, 30.0, 30.0)]);
        for (n, nanos) in [
            (0.0, 0),
            (1.0, 33_333_333),
            (2.0, 66_666_667),
            (30.0, 1_000_000_000),
        ] {
            assert_eq!(curve.when(n), Some(Duration::from_nanos(nanos)), "{n}");
        }
        assert_eq!(curve.when(3000.1), None);
    }

    #[test]
    fn a_ramp_is_the_square_root() {
        let curve = RateCurve::new(vec![line(10, 0.0, 10.0)]);
        for n in 0..50u32 {
            let expected = (2.0 * f64::from(n)).sqrt();
            let due = curve.when(f64::from(n)).expect("within").as_secs_f64();
            assert!((due - expected).abs() < 1e-9, "{n}: {due} {expected}");
        }
    }

    #[test]
    fn lines_follow_each_other_up_flat_and_down() {
        let curve = RateCurve::new(vec![
            line(2, 0.0, 10.0),
            line(0, 0.0, 0.0),
            line(1, 10.0, 10.0),
            line(2, 10.0, 0.0),
        ]);
        assert_eq!(curve.when(10.0), Some(Duration::from_secs(2)));
        assert_eq!(curve.when(20.0), Some(Duration::from_secs(3)));
        assert_eq!(curve.when(30.0), Some(Duration::from_secs(5)));
        assert_eq!(curve.end(), Duration::from_secs(5));
        assert!((curve.peak() - 10.0).abs() < f64::EPSILON);
        let rates = [0.5, 2.5, 4.0, 6.0].map(|at| curve.rate_at(Duration::from_secs_f64(at)));
        assert_eq!(rates, [2.5, 10.0, 5.0, 0.0]);
    }

    #[test]
    fn nothing_is_due_while_the_rate_is_zero() {
        let curve = RateCurve::new(vec![line(5, 0.0, 0.0), line(1, 2.0, 2.0)]);
        assert_eq!(curve.when(0.0), Some(Duration::from_secs(5)));
    }
}
