//! Nights that might have been: how often the gate would be wrong about an unchanged target that varies as the sessions do.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

use super::noise::{DECIDING, Placed};
use crate::gate::baseline::Severity;
use crate::gate::compare::{ALPHA, Candidate, Contrast, Prior, ShareContrast};
use crate::stats::spread::mean;
use crate::stats::student;

/// Nights that are simulated: an answer of one in a hundred is right to a quarter of that.
const NIGHTS: usize = 4_000;
const SEED: u64 = 1;

/// What would become of nights in which nothing changes, in shares of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Nights {
    /// That fail after confirmation.
    pub red: f64,
    /// That are undecided after it.
    pub undecided: f64,
    /// That ask for more sessions.
    pub suspect: f64,
    /// That fail because of one metric, by the order of the metrics.
    pub red_by_metric: Vec<f64>,
}

/// How far each metric of a session is from its centre.
type Session = Vec<f64>;

impl Nights {
    /// Simulates nights from the variation of `metrics`, each with one place a session. All metrics of a session vary together
    /// as they did: a session is a normal combination of the recorded ones, which has their covariance. `None` with fewer than
    /// two sessions.
    pub(super) fn simulate(metrics: &[Placed<'_>]) -> Option<Self> {
        let recorded = metrics.first()?.places.len();
        if recorded < 2 {
            return None;
        }
        let mut maker = Maker {
            dice: Pcg64Mcg::seed_from_u64(SEED),
            away: residuals(metrics, recorded)?,
        };
        let mut found = Self {
            red: 0.0,
            undecided: 0.0,
            suspect: 0.0,
            red_by_metric: vec![0.0; metrics.len()],
        };
        for _ in 0..NIGHTS {
            let baseline: Vec<Session> = (0..recorded).map(|_| maker.session()).collect();
            let first = [maker.session()];
            let is_failing = |at: &usize| metrics[*at].compared.severity == Severity::Fail;
            let suspected = |at: usize| metrics[at].is_suspect(at, &baseline, &first);
            if !(0..metrics.len()).filter(is_failing).any(suspected) {
                continue;
            }
            found.suspect += 1.0;
            let [first] = first;
            let all = [first, maker.session(), maker.session()];
            let ends: Vec<NightEnd> = metrics
                .iter()
                .enumerate()
                .map(|(at, own)| own.end(at, &baseline, &all))
                .collect();
            let any = |end: NightEnd| {
                (0..metrics.len())
                    .filter(is_failing)
                    .any(|at| ends[at] == end)
            };
            for (at, end) in ends.iter().enumerate() {
                found.red_by_metric[at] += f64::from(u8::from(*end == NightEnd::Red));
            }
            if any(NightEnd::Red) {
                found.red += 1.0;
            } else if any(NightEnd::Undecided) {
                found.undecided += 1.0;
            }
        }
        let shares = [&mut found.red, &mut found.undecided, &mut found.suspect];
        shares
            .into_iter()
            .chain(&mut found.red_by_metric)
            .for_each(|count| *count /= NIGHTS as f64);
        Some(found)
    }

    /// Sessions of a night, on average.
    #[must_use]
    pub fn sessions(&self) -> f64 {
        1.0 + self.suspect * (DECIDING - 1) as f64
    }
}

/// How one metric ends a night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NightEnd {
    Green,
    Red,
    Undecided,
}

impl Placed<'_> {
    fn is_suspect(&self, at: usize, baseline: &[Session], own: &[Session]) -> bool {
        if self.scale.counted {
            return self
                .shares(at, baseline, own)
                .is_some_and(|contrast| contrast.is_suspect(self.bound));
        }
        self.contrast(at, baseline, own)
            .is_some_and(|contrast| contrast.is_beyond(self.bound))
    }

    fn end(&self, at: usize, baseline: &[Session], own: &[Session]) -> NightEnd {
        let (beyond, p, alpha) = if self.scale.counted {
            let contrast = self.shares(at, baseline, own);
            contrast.map_or((false, 1.0, ALPHA), |contrast| {
                (contrast.is_beyond(self.bound), contrast.p, ALPHA)
            })
        } else {
            let contrast = self.contrast(at, baseline, own);
            contrast.map_or((false, 1.0, ALPHA), |contrast| {
                let beyond = contrast.is_beyond(self.bound) && contrast.is_in_each(self.bound);
                (beyond, contrast.p, contrast.alpha)
            })
        };
        match beyond {
            true if p < alpha => NightEnd::Red,
            true => NightEnd::Undecided,
            false => NightEnd::Green,
        }
    }

    fn contrast(&self, at: usize, baseline: &[Session], own: &[Session]) -> Option<Contrast> {
        let known: Vec<f64> = baseline.iter().map(|session| session[at]).collect();
        let own: Vec<_> = own
            .iter()
            .map(|session| Candidate {
                value: session[at],
                class: 0,
            })
            .collect();
        let known = [known];
        Contrast::of(
            &known,
            &own,
            self.scale.sign,
            Prior::beside(self.usual, &known),
        )
        .map(|contrast| contrast.of_runs(self.runs))
    }

    fn shares(&self, at: usize, baseline: &[Session], own: &[Session]) -> Option<ShareContrast> {
        let (part, whole) = self
            .counts
            .iter()
            .copied()
            .reduce(|a, b| (a.0 + b.0, a.1 + b.1))?;
        let each = (whole / self.counts.len() as f64).round();
        let counted = |session: &Session| {
            (
                ((part / whole + session[at]).clamp(0.0, 1.0) * each).round(),
                each,
            )
        };
        let known: Vec<_> = baseline.iter().map(counted).collect();
        let own: Vec<_> = own.iter().map(counted).collect();
        ShareContrast::of_counts(&self.scale, &known, &own)
    }
}

/// What each recorded session is away from the mean of all, metric by metric.
fn residuals(metrics: &[Placed<'_>], recorded: usize) -> Option<Vec<Session>> {
    let centres: Option<Vec<f64>> = metrics.iter().map(|own| mean(&own.places)).collect();
    let centres = centres?;
    let session = |at: usize| {
        metrics
            .iter()
            .zip(&centres)
            .map(|(own, centre)| own.places[at] - centre)
            .collect()
    };
    Some((0..recorded).map(session).collect())
}

/// Makes sessions that vary as the recorded ones did.
struct Maker {
    dice: Pcg64Mcg,
    away: Vec<Session>,
}

impl Maker {
    /// Σ g·r / √(n − 1) over the n recorded residuals r, each with a normal g of its own: normal, with their covariance.
    fn session(&mut self) -> Session {
        let scale = ((self.away.len() - 1) as f64).sqrt();
        let mut session = vec![0.0; self.away[0].len()];
        for at in 0..self.away.len() {
            let weight = self.normal() / scale;
            session
                .iter_mut()
                .zip(&self.away[at])
                .for_each(|(value, away)| *value += weight * away);
        }
        session
    }

    fn normal(&mut self) -> f64 {
        let uniform = ((self.dice.next_u64() >> 11) as f64 + 0.5) / (1u64 << 53) as f64;
        student::normal_quantile(uniform).unwrap_or(0.0)
    }
}
