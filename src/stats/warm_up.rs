//! Where a series is warm: MSER-5.

use super::spread::mean;

/// Samples in one batch.
const BATCH: usize = 5;

/// Batches below which a cut would be chance.
const FEWEST_BATCHES: usize = 4;

/// Where a series stops changing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WarmUp {
    /// Whole batches of five samples in the series.
    pub batches: usize,
    /// The first batch to keep, counted from 0.
    pub batch: usize,
    /// The samples to cut from the beginning: five for each batch.
    pub samples: usize,
    /// The mean of all samples after the cut, in their unit.
    pub mean_after: f64,
    /// The statistic without a cut and with this one, in the square of the samples' unit.
    pub statistic: (f64, f64),
    /// Whether the cut is as late as it may be, at half the batches: the series never became steady.
    pub at_edge: bool,
}

impl WarmUp {
    /// Finds the cut that leaves the least squared standard error of the mean: Σ(z - z̄)² / (batches left)², over the means z of
    /// the batches left, for all cuts up to half the batches (White, *Simulation* 69/6, with White, Cobb and Spratt's batches
    /// of five). `values` are in the order in which they began.
    ///
    /// `None` for fewer than 20 values, or where one is not finite.
    #[must_use]
    pub fn find(values: &[f64]) -> Option<Self> {
        let means: Vec<_> = values
            .chunks_exact(BATCH)
            .map(mean)
            .collect::<Option<_>>()?;
        let batches = means.len();
        if batches < FEWEST_BATCHES || values.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let statistics = statistics(&means);
        let latest = batches / 2;
        let batch = (0..=latest).min_by(|a, b| statistics[*a].total_cmp(&statistics[*b]))?;
        let samples = batch * BATCH;
        let statistic = (statistics[0], statistics[batch]);
        let mean_after = mean(&values[samples..])?;
        Some(Self {
            batches,
            batch,
            samples,
            mean_after,
            statistic,
            at_edge: batch == latest,
        })
    }
}

/// The statistic of each cut, from the last to the first, so that each needs one step only.
fn statistics(means: &[f64]) -> Vec<f64> {
    let (mut count, mut mean, mut squares) = (0.0, 0.0, 0.0);
    let mut statistics = vec![0.0; means.len()];
    for (at, value) in means.iter().enumerate().rev() {
        count += 1.0;
        let away = value - mean;
        mean += away / count;
        squares += away * (value - mean);
        statistics[at] = squares / (count * count);
    }
    statistics
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{assert_near, group, list, number};
    use super::*;

    #[test]
    fn the_cut_is_the_known_one() {
        let known = group("mser5");
        let found = WarmUp::find(&list(&known, "x")).unwrap();
        assert_eq!(found.batches as u64, known["batches"].as_u64().unwrap());
        assert_eq!(found.batch as u64, known["cut_batch"].as_u64().unwrap());
        assert_eq!(found.samples as u64, known["cut_sample"].as_u64().unwrap());
        assert_near(found.statistic.0, number(&known, "statistic_at_0"));
        assert_near(found.statistic.1, number(&known, "statistic_at_cut"));
        assert_near(found.mean_after, number(&known, "mean_after_cut"));
        assert!(!found.at_edge);
    }

    #[test]
    fn what_never_settles_is_cut_at_the_edge_and_what_is_steady_nowhere() {
        let falling: Vec<_> = (0..100).map(|i| f64::from(1000 - i)).collect();
        let found = WarmUp::find(&falling).unwrap();
        assert_eq!((found.batch, found.samples, found.at_edge), (10, 50, true));
        let steady = WarmUp::find(&[0.1; 23]).unwrap();
        assert_eq!(
            (steady.batch, steady.samples, steady.at_edge),
            (0, 0, false)
        );
        assert_near(steady.mean_after, 0.1);
        assert_eq!(WarmUp::find(&[1.0; 19]), None);
        let mut broken = [1.0; 22];
        broken[21] = f64::NAN;
        assert_eq!(WarmUp::find(&broken), None);
    }
}
