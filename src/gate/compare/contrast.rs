//! The comparison of two groups of sessions in numbers: the change, its error, how likely chance alone makes it.
//!
//! The unit is the session: repeats of one session share its machine and its hour, so they say little about the next one.
//! The spread between sessions is shrunk towards what is usual for the metric, so that one recorded session already tells a
//! large change from chance: s_eff² = (n₀·s₀² + ν·s²) / (n₀ + ν) with ν degrees of freedom of the recorded sessions.

use crate::gate::baseline::middle;
use crate::stats::student;

/// The weight of the prior, in degrees of freedom,
pub(in crate::gate) const PRIOR_WEIGHT: f64 = 4.0;
/// until the recorded sessions have so many themselves; each one more takes one from it,
const SETTLED: f64 = 4.0;
/// down to this.
const LEAST_WEIGHT: f64 = 1.0;
/// A regression is worse by more than this share of the tolerance in every session, and not only in their median: one session
/// that is as always shows what the target can do, and that the others were slow for another reason.
const IN_EACH: f64 = 0.5;
/// The same of sessions of one run, whose own outliers nothing takes out, and beside a single recorded session.
const IN_EACH_OF_FEW: f64 = 0.75;
/// Intervals hold the true change in nine of ten cases.
pub(in crate::gate) const ONE_SIDED: f64 = 0.95;
/// Chance makes what is called a regression in one of twenty cases.
pub(in crate::gate) const ALPHA: f64 = 0.05;
/// Beside one recorded session the error is a guess on the safe side, so a little less is asked.
const ALPHA_BESIDE_ONE: f64 = 0.065;
/// What "would have been seen" means.
pub(in crate::gate) const POWER: f64 = 0.8;
/// A change that exceeds its bound by less has only been rounded.
pub(in crate::gate) const NOTHING: f64 = 1e-12;

/// What is known of the spread between sessions beforehand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::gate) struct Prior {
    /// Standard deviation between sessions, on the scale that is compared.
    pub(in crate::gate) spread: f64,
    /// Its weight in degrees of freedom; 0 ignores it.
    pub(in crate::gate) weight: f64,
}

impl Prior {
    /// What is `usual`, beside recorded sessions. Once they are enough to know their spread it counts less and less, and pulls
    /// a larger one down no more.
    pub(in crate::gate) fn beside(usual: f64, classes: &[Vec<f64>]) -> Self {
        let (spread, freedom) = pooled(classes);
        if freedom < SETTLED {
            return Self {
                spread: usual,
                weight: PRIOR_WEIGHT,
            };
        }
        Self {
            spread: usual.max(spread),
            weight: (PRIOR_WEIGHT + SETTLED - freedom).clamp(LEAST_WEIGHT, PRIOR_WEIGHT),
        }
    }
}

/// One session to be judged: its value, and which class of recorded sessions it belongs to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::gate) struct Candidate {
    pub(in crate::gate) value: f64,
    pub(in crate::gate) class: usize,
}

/// The comparison. Changes are positive where the candidate is worse.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::gate) struct Contrast {
    /// The median of the candidates' changes, each against the centre of its class.
    pub(in crate::gate) change: f64,
    /// The change of the best of them.
    pub(in crate::gate) least: f64,
    /// Each of them has to be worse by so much of the tolerance.
    in_each: f64,
    /// Standard deviation of the recorded sessions within their classes.
    pub(in crate::gate) spread: f64,
    /// The same, shrunk towards the prior.
    pub(in crate::gate) shrunk: f64,
    /// Degrees of freedom.
    pub(in crate::gate) df: f64,
    /// What `p` has to be below.
    pub(in crate::gate) alpha: f64,
    /// Standard error of the change.
    pub(in crate::gate) error: f64,
    /// How likely chance alone makes it this much worse.
    pub(in crate::gate) p: f64,
    /// How likely chance alone makes it this much better.
    pub(in crate::gate) p_better: f64,
}

impl Contrast {
    /// Compares on a scale where larger is worse for `sign` 1 and better for −1. `None` without a session on either side.
    pub(in crate::gate) fn of(
        classes: &[Vec<f64>],
        candidates: &[Candidate],
        sign: f64,
        prior: Prior,
    ) -> Option<Self> {
        let centre = |class: usize| middle(classes.get(class)?);
        let changes: Option<Vec<f64>> = candidates
            .iter()
            .map(|own| Some(sign * (own.value - centre(own.class)?)))
            .collect();
        let changes = changes?;
        let change = middle(&changes)?;
        let least = changes.iter().copied().fold(f64::INFINITY, f64::min);
        let (spread, freedom) = pooled(classes);
        let df = prior.weight + freedom;
        let shrunk = if df > 0.0 {
            ((prior.spread.powi(2) * prior.weight + spread.powi(2) * freedom) / df).sqrt()
        } else {
            f64::INFINITY
        };
        let error = shrunk * scatter(classes, candidates).sqrt();
        let chance = |change: f64| {
            if change.is_infinite() || error <= 0.0 {
                f64::from(u8::from(change <= 0.0))
            } else {
                student::sf(change / error, df).unwrap_or(1.0)
            }
        };
        Some(Self {
            change,
            least,
            in_each: if freedom > 0.0 {
                IN_EACH
            } else {
                IN_EACH_OF_FEW
            },
            spread,
            shrunk,
            df,
            alpha: if freedom > 0.0 || prior.weight <= 0.0 {
                ALPHA
            } else {
                ALPHA_BESIDE_ONE
            },
            error,
            p: chance(change),
            p_better: chance(-change),
        })
    }

    /// Whether the change is worse than `bound` allows.
    pub(in crate::gate) fn is_beyond(&self, bound: f64) -> bool {
        self.change > bound + NOTHING
    }

    /// The same of sessions with so many runs.
    pub(in crate::gate) fn of_runs(self, runs: usize) -> Self {
        let in_each = if runs > 1 {
            self.in_each
        } else {
            IN_EACH_OF_FEW
        };
        Self { in_each, ..self }
    }

    /// Whether every session is worse, as those of a slower target are.
    pub(in crate::gate) fn is_in_each(&self, bound: f64) -> bool {
        self.least > self.in_each * bound
    }

    /// Whether the change is better than `bound` allows for the worse.
    pub(in crate::gate) fn is_better(&self, bound: f64) -> bool {
        -self.change > bound + NOTHING
    }

    /// The interval that holds the true change in nine of ten cases.
    pub(in crate::gate) fn interval(&self) -> (f64, f64) {
        let reach = self.quantile(ONE_SIDED) * self.error;
        (self.change - reach, self.change + reach)
    }

    /// The smallest change that is seen in eight of ten cases, where more than `bound` counts and changes have this error.
    pub(in crate::gate) fn detectable(&self, bound: f64, error: f64) -> f64 {
        bound.max(self.quantile(ONE_SIDED) * error) + self.quantile(POWER) * error
    }

    fn quantile(&self, p: f64) -> f64 {
        student::quantile(p, self.df).unwrap_or(f64::INFINITY)
    }
}

/// Standard deviation within classes, and its degrees of freedom.
fn pooled(classes: &[Vec<f64>]) -> (f64, f64) {
    let freedom: usize = classes.iter().map(|own| own.len().saturating_sub(1)).sum();
    if freedom == 0 {
        return (0.0, 0.0);
    }
    let squares = |own: &Vec<f64>| {
        let mean = own.iter().sum::<f64>() / own.len().max(1) as f64;
        own.iter().map(|value| (value - mean).powi(2)).sum::<f64>()
    };
    (
        (classes.iter().map(squares).sum::<f64>() / freedom as f64).sqrt(),
        freedom as f64,
    )
}

/// The variance of the change in units of the variance between sessions: of the median of the candidates and of the
/// medians that they are compared with.
fn scatter(classes: &[Vec<f64>], candidates: &[Candidate]) -> f64 {
    let m = candidates.len() as f64;
    let own = |class: usize| candidates.iter().filter(|one| one.class == class).count() as f64;
    let recorded = classes.iter().enumerate().filter(|(at, _)| own(*at) > 0.0);
    let recorded: f64 = recorded
        .map(|(at, all)| (own(at) / m).powi(2) * of_centre(all.len()) / all.len() as f64)
        .sum();
    of_median(candidates.len()) / m + recorded
}

/// How much more the median of so many candidates varies than their mean would.
pub(in crate::gate) const fn of_median(sessions: usize) -> f64 {
    match sessions {
        0..=2 => 1.0,
        3 => 1.5,
        _ => std::f64::consts::FRAC_PI_2,
    }
}

/// The same of recorded sessions.
pub(in crate::gate) const fn of_centre(sessions: usize) -> f64 {
    if sessions >= 4 {
        std::f64::consts::FRAC_PI_2
    } else {
        1.0
    }
}

pub(super) const fn ordered(a: f64, b: f64) -> (f64, f64) {
    if a <= b { (a, b) } else { (b, a) }
}
