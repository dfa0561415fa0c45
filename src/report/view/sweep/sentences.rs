//! What the points of a sweep say together, in sentences.

use super::points::counted;
use crate::report::text::clean;
use crate::stats::scalability::Estimate;
use crate::summary::{
    Degradation, HELD_BACK, LINEAR, PointFigures, Run, SearchOutcome, Summary, SweepAnalysis,
    SweepDescription,
};
use crate::units::{Unit, print};

/// The sweep, what it counts, and whether that is parts of the service.
struct SweepWords<'a> {
    sweep: &'a SweepDescription,
    analysis: &'a SweepAnalysis,
    noun: &'a str,
}

/// The answer first, then the evidence, then what to beware of.
pub(super) fn sentences(
    summary: &Summary,
    sweep: &SweepDescription,
    analysis: &SweepAnalysis,
    (noun, scales): (&str, bool),
) -> Vec<String> {
    let told = SweepWords {
        sweep,
        analysis,
        noun,
    };
    let mut all = Vec::new();
    if scales {
        all.extend(told.scaling());
        all.extend(told.law());
        all.extend(told.cap(summary));
    } else {
        all.extend(told.optimum());
        all.extend(told.capacity());
        all.extend(told.knee());
        all.extend(told.inflection());
    }
    all.extend(told.end(summary));
    all.iter().map(|line| clean(line)).collect()
}

impl SweepWords<'_> {
    fn name(&self, at: usize) -> String {
        counted(&self.analysis.points[at].point, self.noun)
    }

    fn point(&self, at: usize) -> &PointFigures {
        &self.analysis.points[at]
    }

    fn throughput(&self, at: usize) -> String {
        let value = self.point(at).throughput;
        value.map_or_else(|| "–".to_owned(), |value| print(value, Unit::PerSecond))
    }

    fn optimum(&self) -> Option<String> {
        if self.sweep.search {
            return None;
        }
        let Some(at) = self.analysis.optimum else {
            let rules = self.sweep.accept.join(", ");
            let why = if rules.is_empty() {
                "nothing ended well at any point".to_owned()
            } else {
                format!("no point holds {rules}")
            };
            return Some(format!("No optimum: {why}."));
        };
        let best = self.analysis.best.filter(|best| *best != at);
        let beside = best.map_or_else(String::new, |best| {
            format!(
                "; the highest throughput, {} at {}, cannot be told from it",
                self.throughput(best),
                self.name(best)
            )
        });
        Some(format!(
            "Optimum: {} with {}{beside}.",
            self.name(at),
            self.throughput(at)
        ))
    }

    fn capacity(&self) -> Option<String> {
        let rules = self.sweep.accept.join(", ");
        if rules.is_empty() {
            return None;
        }
        let Some(found) = &self.analysis.capacity else {
            return self.sweep.search.then(|| match self.sweep.end {
                Some(SearchOutcome::NoEvidence) => {
                    "No capacity: the generator did not keep up again and again.".to_owned()
                }
                _ => format!("No capacity: even the smallest value does not hold {rules}."),
            });
        };
        let name = counted(&short(self.point(found.at).value?), self.noun);
        let beside = match (self.sweep.end, found.high) {
            (Some(SearchOutcome::Budget), _) => {
                "; the search ended with its budget before it was as precise as asked"
            }
            _ => "",
        };
        Some(match found.high {
            Some(high) => format!(
                "Capacity: {name} hold {rules}; it lies between {} and {}{beside}.",
                short(found.low),
                counted(&short(high), self.noun)
            ),
            None => format!("Capacity: at least {name}, the largest value that was measured."),
        })
    }

    fn knee(&self) -> Option<String> {
        if self
            .analysis
            .points
            .iter()
            .filter(|point| point.on_curve().is_some())
            .count()
            < 3
        {
            return None;
        }
        Some(match &self.analysis.knee {
            Some(knee) => format!(
                "Knee: throughput grows in proportion up to {} ({} .. {}, 90 %), where the line through the first point meets the highest throughput.",
                short(knee.value),
                short(knee.low),
                short(knee.high)
            ),
            None => "No knee: throughput still grows in proportion at the last point.".to_owned(),
        })
    }

    fn inflection(&self) -> Option<String> {
        let recommended = self.analysis.recommended().map(|at| self.name(at));
        if self.sweep.search {
            return None;
        }
        let Some(inflection) = &self.analysis.inflection else {
            return (self.analysis.points.len() > 1).then(|| {
                "No degradation: latency grows no faster than the load, and successes hold."
                    .to_owned()
            });
        };
        let because = match inflection.because {
            Degradation::Success(share) => format!("{} succeed", print(share, Unit::Ratio)),
            Degradation::Latency { grew, value } => format!(
                "latency grows {} times over, the load {} times",
                short(grew),
                short(value)
            ),
            Degradation::Refused => "the plan does not accept it".to_owned(),
        };
        let at = self.name(inflection.at);
        Some(match recommended {
            Some(recommended) => format!(
                "Acceptable up to {recommended}; degradation at {at} ({because}). Recommended maximum: {recommended}."
            ),
            None => format!("Degradation from the first point on: {at} ({because})."),
        })
    }

    fn scaling(&self) -> Option<String> {
        let last = (0..self.analysis.points.len())
            .filter(|at| self.analysis.efficiency(*at).is_some())
            .max_by(|a, b| {
                let value = |at: &usize| self.point(*at).value.unwrap_or_default();
                value(a).total_cmp(&value(b))
            })?;
        if self.analysis.points.len() < 2 {
            return None;
        }
        let efficiency = self.analysis.efficiency(last)?;
        let share = print(efficiency, Unit::Ratio);
        let name = self.name(last);
        Some(if efficiency >= LINEAR {
            format!("Linear scaling: {name} reach {share} of what linear growth expects.")
        } else if efficiency >= HELD_BACK {
            format!(
                "Sub-linear scaling: {name} reach {share} of what linear growth expects; 90 % and more count as linear."
            )
        } else {
            format!(
                "Sub-linear scaling: {name} reach only {share} of what linear growth expects. Look at GPU memory, the network, the load balancer, and what the {} share.",
                self.noun
            )
        })
    }

    fn law(&self) -> Option<String> {
        let law = self.analysis.law.as_ref()?;
        let share = |estimate: &Estimate| {
            let value = format!("{:.1} %", estimate.value * 100.0);
            match estimate.interval {
                Some((low, high)) => format!("{value} ({:.1} .. {:.1})", low * 100.0, high * 100.0),
                None => value,
            }
        };
        let exact = if law.contention.interval.is_none() {
            " Three points fit it exactly: measure more for an interval."
        } else {
            ""
        };
        let peak = law.peak().map_or_else(String::new, |peak| {
            format!(" Beyond about {} {} more do harm.", peak.round(), self.noun)
        });
        Some(format!(
            "Universal Scalability Law: contention {} (work that waits for its turn), coherency {} (what each costs every other).{peak}{exact}",
            share(&law.contention),
            share(&law.coherency)
        ))
    }

    /// Users that are too few for what is expected of the units are the cap, and not the service (Little's law).
    fn cap(&self, summary: &Summary) -> Option<String> {
        if self.analysis.points.len() < 2 {
            return None;
        }
        let points = self.analysis.points.iter().enumerate();
        let fastest = points
            .clone()
            .filter_map(|(_, point)| point.mean_s)
            .fold(f64::INFINITY, f64::min);
        let mut capped = points.filter_map(|(at, point)| {
            let owner_point = Some(point.point.as_str());
            let load = summary.loads.iter().find(|own| {
                let owner = own.owner();
                owner.point() == owner_point && owner.phase() == self.sweep.phase.as_deref()
            })?;
            let users = load.users.filter(|_| !load.open)? as f64;
            let expected = self.analysis.expected(at)?;
            let most = users / fastest;
            (expected > most * 0.97).then_some((at, users, most, expected))
        });
        let (at, users, most, expected) = capped.next_back()?;
        Some(format!(
            "Beware: {users} users with {} each make at most {} (Little's law), and {} are expected of {}: more users are needed to see how it scales.",
            print(fastest, Unit::Seconds),
            print(most, Unit::PerSecond),
            print(expected, Unit::PerSecond),
            self.name(at)
        ))
    }

    /// Why the sweep ended before its last value.
    fn end(&self, summary: &Summary) -> Option<String> {
        let phases = |run: &Run| run.phases.clone();
        let stopped = summary.runs.iter().flat_map(phases).find_map(|phase| {
            let rule = phase.decision?.stopped?;
            let mut points = self.sweep.points.iter();
            let point = points.find(|point| self.sweep.phase_at(point) == phase.name)?;
            Some((point.clone(), rule))
        });
        let (measured, all) = (
            self.analysis
                .points
                .iter()
                .filter(|point| point.decision.is_some())
                .count(),
            self.sweep.points.len(),
        );
        match stopped {
            Some((point, rule)) if measured < all => Some(format!(
                "The sweep ended at {}: {rule}. {} of {all} points were measured.",
                counted(&point, self.noun),
                measured
            )),
            _ if measured < all && !self.sweep.search => Some(format!(
                "Only {measured} of {all} points were measured to their end."
            )),
            _ => None,
        }
    }
}

/// A number with three digits.
fn short(value: f64) -> String {
    print(value, Unit::Count)
}
