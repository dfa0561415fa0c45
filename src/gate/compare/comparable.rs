//! Which recorded sessions a candidate can be compared with.

use super::contrast::Candidate;
use crate::gate::baseline::{Baseline, Recorded, Setting};
use crate::metric::Address;
use crate::summary::Summary;

/// Candidates and the recorded sessions of their machine classes.
#[derive(Debug, Default)]
pub(super) struct Comparable<'a> {
    /// Recorded sessions that count, by machine class.
    pub(super) classes: Vec<(String, Vec<&'a Recorded>)>,
    /// Candidates with the class they belong to.
    pub(super) candidates: Vec<(&'a Summary, usize)>,
    /// Why other candidates are left out.
    pub(super) left_out: Vec<String>,
}

impl<'a> Comparable<'a> {
    /// Sorts recorded sessions and candidates by what the plan says makes them comparable.
    pub(super) fn of(baseline: &'a Baseline, candidates: &'a [Summary], words: &[String]) -> Self {
        let mut sorted = Self::default();
        let own = |recorded: &&Recorded| {
            recorded.set_aside.is_none()
                && !candidates
                    .iter()
                    .any(|one| one.session == recorded.session && one.started == recorded.started)
        };
        let recorded: Vec<_> = baseline
            .sessions
            .iter()
            .filter(own)
            .map(|one| (Setting::of_recorded(words, one), one))
            .collect();
        for candidate in candidates {
            if let Some(why) = candidates
                .first()
                .and_then(|first| other_work(first, candidate))
            {
                sorted.left_out.push(format!(
                    "session {} is not judged with the first one: {why}",
                    candidate.session
                ));
                continue;
            }
            let setting = Setting::of_summary(words, candidate);
            let class = setting.class();
            let same: Vec<_> = recorded
                .iter()
                .filter(|(other, _)| other.same_work(&setting))
                .collect();
            let known: Vec<&Recorded> = same
                .iter()
                .filter(|(other, _)| other.class() == class)
                .map(|(_, one)| *one)
                .collect();
            if !known.is_empty() {
                let at = sorted
                    .classes
                    .iter()
                    .position(|(name, _)| *name == class)
                    .unwrap_or_else(|| {
                        sorted.classes.push((class, known));
                        sorted.classes.len() - 1
                    });
                sorted.candidates.push((candidate, at));
                continue;
            }
            let why = match recorded.last() {
                None if baseline.sessions.is_empty() => {
                    "the baseline has no session yet".to_owned()
                }
                None => {
                    "the baseline has no other session that counts: none is compared with itself"
                        .to_owned()
                }
                Some((other, _)) if same.is_empty() => setting
                    .differences_from(other, "in the baseline")
                    .join("; "),
                Some(_) => {
                    let mut seen: Vec<String> =
                        same.iter().map(|(other, _)| other.class()).collect();
                    seen.sort();
                    seen.dedup();
                    format!("it ran on {class}, the baseline has {}", seen.join(" and "))
                }
            };
            sorted.left_out.push(format!(
                "session {} is not compared: {why}",
                candidate.session
            ));
        }
        // Machines that no candidate ran on still tell how much sessions vary.
        if let Some((first, _)) = sorted.candidates.first() {
            let setting = Setting::of_summary(words, first);
            for (other, one) in recorded
                .iter()
                .filter(|(other, _)| other.same_work(&setting))
            {
                let class = other.class();
                match sorted.classes.iter_mut().find(|(name, _)| *name == class) {
                    Some((_, known)) if known.iter().any(|known| std::ptr::eq(*known, *one)) => {}
                    Some((_, known)) => known.push(one),
                    None => sorted.classes.push((class, vec![one])),
                }
            }
        }
        sorted
    }

    /// The candidates as the comparison wants them, with their values of one metric.
    pub(super) fn places(&self, value: impl Fn(&Summary) -> Option<f64>) -> Option<Vec<Candidate>> {
        self.candidates
            .iter()
            .map(|(own, class)| {
                Some(Candidate {
                    value: value(own)?,
                    class: *class,
                })
            })
            .collect()
    }

    /// The candidates alone.
    pub(super) fn all(&self) -> Vec<&'a Summary> {
        self.candidates.iter().map(|(own, _)| *own).collect()
    }

    /// How many recorded sessions a metric of the candidates is compared with.
    pub(super) fn sessions(&self, metric: &Address) -> usize {
        let used = |at: usize| self.candidates.iter().any(|(_, class)| *class == at);
        let of_class = |known: &Vec<&Recorded>| {
            known
                .iter()
                .filter(|own| own.metrics.contains_key(metric))
                .count()
        };
        self.classes
            .iter()
            .enumerate()
            .filter(|(at, _)| used(*at))
            .map(|(_, (_, known))| of_class(known))
            .sum()
    }
}

/// Sessions that confirm each other did the same work on the same version of the target, whatever `match` leaves out.
fn other_work(first: &Summary, other: &Summary) -> Option<String> {
    let words = ["load_hash", "labels"].map(str::to_owned);
    let differences = Setting::of_summary(&words, other)
        .differences_from(&Setting::of_summary(&words, first), "there");
    (!differences.is_empty()).then(|| differences.join("; "))
}
