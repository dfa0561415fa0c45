//! From values to places on the page.

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct AxisScale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    logarithmic: bool,
}

/// A logarithmic axis shows at most this much below its highest value.
const DECADES: f64 = 1e6;

impl AxisScale {
    /// An axis on which equal distances are equal differences.
    pub(crate) fn linear((low, high): (f64, f64), (from, to): (f64, f64)) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Self {
            low,
            high,
            from,
            to,
            logarithmic: false,
        }
    }

    /// An axis on which equal distances are equal ratios.
    pub(crate) fn logarithmic((low, high): (f64, f64), (from, to): (f64, f64)) -> Self {
        let high = if high > 0.0 { high } else { 1.0 };
        let low = low.max(high / DECADES).min(high / 1.5);
        Self {
            low,
            high,
            from,
            to,
            logarithmic: true,
        }
    }

    /// The place of a value; what lies beyond an end is placed at that end.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        let share = if self.logarithmic {
            (value / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        self.from + (self.to - self.from) * share
    }

    /// Round values along the axis, about as many as asked for.
    pub(crate) fn ticks(&self, about: usize) -> Vec<f64> {
        if self.logarithmic {
            return self.decades();
        }
        let rough = (self.high - self.low) / about as f64;
        let ten = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0]
            .map(|part| part * ten)
            .into_iter()
            .find(|step| *step >= rough);
        self.every(step.unwrap_or(rough))
    }

    /// Round moments along an axis of seconds.
    pub(crate) fn clock_ticks(&self, about: usize) -> Vec<f64> {
        const STEPS: [f64; 14] = [
            1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0,
            7200.0,
        ];
        let rough = (self.high - self.low) / about as f64;
        self.every(
            STEPS
                .into_iter()
                .find(|step| *step >= rough)
                .unwrap_or((rough / 7200.0).ceil() * 7200.0),
        )
    }

    fn every(&self, step: f64) -> Vec<f64> {
        let (first, last) = (
            (self.low / step).ceil() as i64,
            (self.high / step * (1.0 + 1e-9)).floor() as i64,
        );
        (first..=last).map(|n| n as f64 * step).collect()
    }

    fn decades(&self) -> Vec<f64> {
        let (first, last) = (
            self.low.log10().floor() as i32,
            self.high.log10().ceil() as i32,
        );
        let parts: &[f64] = match self.high / self.low {
            ratio if ratio < 5.0 => &[1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0],
            _ if last - first > 3 => &[1.0],
            _ => &[1.0, 2.0, 5.0],
        };
        let all = (first..=last)
            .flat_map(|power| parts.iter().map(move |part| part * 10_f64.powi(power)));
        all.filter(|value| *value >= self.low && *value <= self.high)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_round_numbers() {
        let scale = AxisScale::linear((0.0, 2.3), (200.0, 0.0));
        assert!((scale.at(1.15) - 100.0).abs() < 1e-9 && scale.at(9.0).abs() < 1e-9);
        assert_eq!(scale.ticks(5), [0.0, 0.5, 1.0, 1.5, 2.0]);
        assert_eq!(
            AxisScale::linear((0.0, 130.0), (0.0, 1.0)).clock_ticks(6),
            [0.0, 30.0, 60.0, 90.0, 120.0]
        );
        assert_eq!(
            AxisScale::logarithmic((0.4, 12.0), (0.0, 1.0)).ticks(5),
            [0.5, 1.0, 2.0, 5.0, 10.0]
        );
        assert_eq!(
            AxisScale::logarithmic((0.3, 0.9), (0.0, 1.0))
                .ticks(5)
                .len(),
            5
        );
        assert!(
            AxisScale::linear((0.0, 0.0), (0.0, 1.0))
                .at(0.0)
                .is_finite()
        );
        assert!(
            AxisScale::logarithmic((0.0, 0.0), (0.0, 1.0))
                .at(0.0)
                .is_finite()
        );
    }
}
