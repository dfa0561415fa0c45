//! When iterations ended and how long they had taken, in cells of bounded number.

use std::collections::BTreeMap;

/// Columns at most: with more seconds than these a column stands for several.
const COLUMNS: u64 = 120;
/// Rows in each doubling of the latency: a row is 9 % high.
const ROWS: f64 = 8.0;

/// Counts by time and latency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heat {
    /// Seconds that a column stands for.
    pub width_s: u64,
    /// The counts of each column by row, from time zero on.
    pub columns: Vec<BTreeMap<i32, u64>>,
}

impl Default for Heat {
    fn default() -> Self {
        Self {
            width_s: 1,
            columns: Vec::new(),
        }
    }
}

impl Heat {
    /// Counts iterations that ended in a second, from time zero, after so many seconds.
    pub fn add(&mut self, second: u64, latency_s: f64, count: u64) {
        while second / self.width_s >= COLUMNS {
            self.fold();
        }
        let at = (second / self.width_s) as usize;
        if at >= self.columns.len() {
            self.columns.resize(at + 1, BTreeMap::new());
        }
        *self.columns[at].entry(Self::row(latency_s)).or_default() += count;
    }

    /// The latency in seconds at the lower edge of a row; that of the next row is its upper one.
    #[must_use]
    pub fn edge(row: i32) -> f64 {
        (f64::from(row) / ROWS).exp2()
    }

    fn row(latency_s: f64) -> i32 {
        // Nothing takes less than a nanosecond.
        (latency_s.max(1e-9).log2() * ROWS).floor() as i32
    }

    fn fold(&mut self) {
        self.width_s *= 2;
        let old = std::mem::take(&mut self.columns);
        for pair in old.chunks(2) {
            let mut sum = pair[0].clone();
            for (row, count) in pair.get(1).into_iter().flatten() {
                *sum.entry(*row).or_default() += count;
            }
            self.columns.push(sum);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_as_few_columns_as_two_minutes_and_nothing_is_lost() {
        let mut heat = Heat::default();
        for second in 0..86_400 {
            heat.add(second, 0.3, 2);
            heat.add(second, 1.9, 1);
        }
        assert!(
            heat.columns.len() <= 120 && heat.width_s == 1024,
            "{} of {} s",
            heat.columns.len(),
            heat.width_s
        );
        assert_eq!(
            heat.columns.iter().flat_map(BTreeMap::values).sum::<u64>(),
            3 * 86_400
        );
        let rows: Vec<&i32> = heat.columns[0].keys().collect();
        assert_eq!(rows.len(), 2);
        for (row, value) in rows.into_iter().zip([0.3, 1.9]) {
            assert!(
                Heat::edge(*row) <= value && value < Heat::edge(row + 1),
                "{row}"
            );
        }
    }
}
