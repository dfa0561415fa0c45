//! What a distribution would be without the generator's own delays.

use hdrhistogram::Histogram;

/// The values that the generator's own lateness has made longer, as they were measured and as they would have been.
/// Iterations without such a delay are in neither, so that a calm machine pays nothing.
#[derive(Debug, Clone)]
pub(super) struct CorrectedValues {
    pub(super) measured: Histogram<u32>,
    pub(super) corrected: Histogram<u32>,
    /// The sums of both, exact.
    pub(super) sums: (u128, u128),
}

impl CorrectedValues {
    pub(super) fn new(digits: u8) -> Self {
        let empty = || {
            let mut histogram = Histogram::new(digits).expect("1 to 5 digits are valid");
            histogram.auto(true);
            histogram
        };
        Self {
            measured: empty(),
            corrected: empty(),
            sums: (0, 0),
        }
    }

    pub(super) fn record(&mut self, measured: u64, corrected: u64) {
        for (histogram, value) in [
            (&mut self.measured, measured),
            (&mut self.corrected, corrected),
        ] {
            histogram
                .record(value)
                .expect("an auto-resizing histogram takes every value");
        }
        self.sums.0 += u128::from(measured);
        self.sums.1 += u128::from(corrected);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (own, more) in [
            (&mut self.measured, &other.measured),
            (&mut self.corrected, &other.corrected),
        ] {
            own.add(more)
                .expect("an auto-resizing histogram takes every value");
        }
        self.sums.0 += other.sums.0;
        self.sums.1 += other.sums.1;
    }
}
