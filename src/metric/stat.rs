//! The statistics that a distribution is summed up by.

/// One number of a distribution.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stat {
    /// The smallest, exact.
    Min,
    /// The arithmetic mean, exact.
    Mean,
    /// The nearest-rank percentile: at least this share (0 to 1) is at or below it.
    Percentile(f64),
    /// The largest, exact.
    Max,
    /// The standard deviation of the sample (n − 1).
    StdDev,
    /// How many values there are.
    Count,
}

/// The statistics of what a monitor has shown, in the order of time: its first and last value, and how much it grows in an hour.
pub const OF_SERIES: [&str; 6] = ["first", "last", "min", "mean", "max", "slope"];

/// Of several instances of a monitor: the largest mean for each of the smallest.
pub const IMBALANCE: &str = "imbalance";

/// The statistic that compares the last third of the measured time with the first.
pub const DRIFT: &str = "drift";

/// A load that was measured for fewer seconds than this has no drift.
pub const DRIFT_SECONDS: f64 = 3.0;

/// The quantities of a load that have it. Of a share it is the difference, of everything else the relative change.
pub const DRIFTS: [&str; 5] = [
    "latency",
    "throughput",
    "success_rate",
    "error_rate",
    "rejection_rate",
];

impl Stat {
    /// Every statistic with its name in plans and documents.
    pub const ALL: [(&'static str, Self); 10] = [
        ("min", Self::Min),
        ("mean", Self::Mean),
        ("p50", Self::Percentile(0.5)),
        ("p90", Self::Percentile(0.9)),
        ("p95", Self::Percentile(0.95)),
        ("p99", Self::Percentile(0.99)),
        ("p99_9", Self::Percentile(0.999)),
        ("max", Self::Max),
        ("stddev", Self::StdDev),
        ("count", Self::Count),
    ];

    /// What it means, in one sentence.
    #[must_use]
    pub fn doc(self) -> String {
        match self {
            Self::Min => "The smallest value, exact.".to_owned(),
            Self::Mean => "The arithmetic mean, exact.".to_owned(),
            Self::Percentile(share) => {
                let percent = (share * 1000.0).round() / 10.0;
                format!(
                    "The nearest-rank percentile: {percent} % of the values are at or below it; three significant digits."
                )
            }
            Self::Max => "The largest value, exact.".to_owned(),
            Self::StdDev => "The standard deviation of the sample (n − 1).".to_owned(),
            Self::Count => "How many values there are.".to_owned(),
        }
    }

    /// Whether values that were given up, and of which only a least value is known, rank in it.
    #[must_use]
    pub const fn ranks_losses(self) -> bool {
        matches!(self, Self::Percentile(_))
    }

    /// The statistic of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, stat)| *stat)
    }
}
