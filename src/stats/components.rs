//! How much of the variation is between sessions, and how much between the runs of one session.

use statrs::distribution::{ContinuousCDF, FisherSnedecor};

use super::spread::{mean, squares};

/// Above this the library's distribution would divide infinity by itself, and the probability is 0 long before.
const LARGEST_F: f64 = 1e100;

/// A random-effects analysis of variance. Variances are in the square of the values' unit (without one for logarithms).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Components {
    /// The mean square between sessions.
    pub ms_between: f64,
    /// The mean square within sessions, pooled over all of them.
    pub ms_within: f64,
    /// The variance that sessions add, 0 where runs alone explain what is seen.
    pub var_session: f64,
    /// The variance of runs within a session.
    pub var_run: f64,
    /// The runs of one session as they count here: of equal sessions their number, of unequal ones somewhat below their mean.
    pub runs: f64,
    /// `ms_between / ms_within`; infinite where only sessions differ, 0 where nothing does.
    pub f: f64,
    /// The probability of such an `f` or a greater one where sessions add nothing.
    pub p: f64,
    /// The share of all variance that is between sessions, 0 to 1.
    pub icc: f64,
}

impl Components {
    /// Whether sessions matter more than what a session's runs leave after averaging: then more runs do not help, more
    /// sessions do.
    #[must_use]
    pub fn sessions_dominate(&self) -> bool {
        self.var_session > self.var_run / self.runs
    }

    /// Takes sessions of runs apart, each session a list of its runs' values, by one-way analysis of variance. Sessions may
    /// have different numbers of runs: the sums are weighted by them, and the effective number is
    /// (N - Σk²/N) / (sessions - 1), which makes the estimate unbiased (Searle, *Linear Models*).
    ///
    /// `None` with fewer than two sessions, without a session of two runs, and where a value is not finite. A session without
    /// runs is left out.
    #[must_use]
    pub fn of(sessions: &[Vec<f64>]) -> Option<Self> {
        let sessions: Vec<_> = sessions.iter().filter(|runs| !runs.is_empty()).collect();
        let counts: Vec<_> = sessions.iter().map(|runs| runs.len() as f64).collect();
        let total: f64 = counts.iter().sum();
        let (df_between, df_within) = (sessions.len() as f64 - 1.0, total - sessions.len() as f64);
        if df_between < 1.0 || df_within < 1.0 {
            return None;
        }
        let within = sessions
            .iter()
            .map(|runs| squares(runs))
            .sum::<Option<f64>>()?;
        let all: Vec<_> = sessions
            .iter()
            .flat_map(|runs| runs.iter().copied())
            .collect();
        let grand = mean(&all)?;
        let means = sessions
            .iter()
            .map(|runs| mean(runs))
            .collect::<Option<Vec<_>>>()?;
        let between = if squares(&means)? == 0.0 {
            0.0
        } else {
            counts
                .iter()
                .zip(&means)
                .map(|(count, mean)| count * (mean - grand).powi(2))
                .sum()
        };
        let runs =
            (total - counts.iter().map(|count| count * count).sum::<f64>() / total) / df_between;
        Self::from_squares(
            between / df_between,
            within / df_within,
            runs,
            [df_between, df_within],
        )
    }

    fn from_squares(ms_between: f64, ms_within: f64, runs: f64, df: [f64; 2]) -> Option<Self> {
        let var_session = ((ms_between - ms_within) / runs).max(0.0);
        let all = var_session + ms_within;
        if !all.is_finite() || !ms_between.is_finite() {
            return None;
        }
        let (f, p) = match ms_between / ms_within {
            f if f.is_nan() => (0.0, 1.0),
            f if f > LARGEST_F => (f, 0.0),
            f => (f, FisherSnedecor::new(df[0], df[1]).ok()?.sf(f)),
        };
        let icc = if all > 0.0 { var_session / all } else { 0.0 };
        Some(Self {
            ms_between,
            ms_within,
            var_session,
            var_run: ms_within,
            runs,
            f,
            p,
            icc,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::vectors::{assert_near, group, number};
    use super::*;

    fn logs() -> Vec<Vec<f64>> {
        let known = group("variance_components");
        let session = |runs: &serde_json::Value| {
            runs.as_array()
                .unwrap()
                .iter()
                .map(|v| v.as_f64().unwrap().ln())
                .collect()
        };
        known["log_of"]
            .as_array()
            .unwrap()
            .iter()
            .map(session)
            .collect()
    }

    #[test]
    fn equal_sessions_come_apart_as_known() {
        let known = group("variance_components");
        let found = Components::of(&logs()).unwrap();
        assert!((found.ms_between / number(&known, "ms_between") - 1.0).abs() < 1e-9);
        assert!((found.ms_within / number(&known, "ms_within") - 1.0).abs() < 1e-9);
        assert!((found.var_session / number(&known, "var_session") - 1.0).abs() < 1e-9);
        assert!((found.var_run / number(&known, "var_run") - 1.0).abs() < 1e-9);
        assert_near(found.f, number(&known, "F"));
        assert_near(found.p, number(&known, "p_F"));
        assert_near(found.icc, number(&known, "icc"));
        assert_near(found.runs, 3.0);
        assert!(found.sessions_dominate());
    }

    #[test]
    fn unequal_sessions_are_weighted_by_their_runs() {
        // By hand: means 2, 5, 9 of 3, 2, 1 runs; grand mean 25/6; within 2 + 2 + 0 of 3 degrees; between 41.8333 of 2.
        let found = Components::of(&[vec![1.0, 2.0, 3.0], vec![4.0, 6.0], vec![9.0]]).unwrap();
        assert_near(found.ms_within, 4.0 / 3.0);
        assert_near(
            found.ms_between,
            (3.0 * (13.0f64 / 6.0).powi(2)
                + 2.0 * (5.0f64 / 6.0).powi(2)
                + (29.0f64 / 6.0).powi(2))
                / 2.0,
        );
        assert_near(found.runs, (6.0 - 14.0 / 6.0) / 2.0);
    }

    #[test]
    fn nothing_that_varies_is_no_evidence() {
        let same = Components::of(&[vec![0.1; 3], vec![0.1; 3]]).unwrap();
        assert_eq!(
            (same.f, same.p, same.icc, same.var_session),
            (0.0, 1.0, 0.0, 0.0)
        );
        assert!(!same.sessions_dominate());
        let apart = Components::of(&[vec![1.0; 3], vec![2.0; 3]]).unwrap();
        assert_eq!((apart.f, apart.p, apart.icc), (f64::INFINITY, 0.0, 1.0));
        for few in [
            vec![],
            vec![vec![1.0, 2.0]],
            vec![vec![1.0], vec![2.0]],
            vec![vec![1.0, 2.0], vec![]],
        ] {
            assert_eq!(Components::of(&few), None);
        }
    }
}
