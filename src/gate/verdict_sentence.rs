//! The judgement in one sentence.

use super::abort::ABORT_SECONDS;
use super::baseline::Severity;
use super::bound::MetricBound;
use super::compare::{Comparison, Judgement};
use super::outcome::VerdictInputs;
use super::run_check::is_broken;
use super::tally::VerdictTally;
use super::verdict::{Mark, Overall, ThresholdVerdict};
use crate::summary::{Aborted, Demand, Summary};
use crate::units::{print, print_apart};

impl VerdictInputs<'_> {
    /// The judgement in one sentence.
    pub(super) fn sentence(&self, overall: Overall) -> String {
        let of = |mark: Mark| self.must().filter(|t| t.mark == mark).count();
        let (total, missing) = (self.must().count(), of(Mark::Missing));
        match overall {
            Overall::Pass => self.passed(total),
            Overall::Fail => self.failed(),
            Overall::Undecided => self.undecided(),
            Overall::NotJudged => self.not_judged(),
            Overall::Invalid => {
                let first = self.invalid.first().map_or("", String::as_str);
                format!("the generator did not do what the plan says: {first}")
            }
            Overall::Missing if missing > 0 => {
                format!(
                    "{missing} of {total} thresholds {} no data",
                    if missing == 1 { "has" } else { "have" }
                )
            }
            Overall::Missing => match self.unjudged() {
                Some(one) => format!(
                    "`{}` could not be compared: {}",
                    one.metric,
                    first_part(&one.sentence)
                ),
                None => "no iteration ended well, so nothing was measured".to_owned(),
            },
            Overall::NoBaseline => format!(
                "there is no baseline `{}` yet: make it with `perfgate update-baseline`",
                self.absent.unwrap_or_default()
            ),
            Overall::Mismatch => {
                let why = self.compared.and_then(|compared| compared.mismatch.clone());
                format!(
                    "nothing in the baseline is comparable: {}",
                    why.unwrap_or_default()
                )
            }
            Overall::NeverAnswered => {
                let runs = self.sessions.iter().flat_map(|own| &own.runs);
                let first = runs.flat_map(|run| &run.errors).next();
                let why = first.map_or(String::new(), |error| format!(": {}", error.message));
                format!("the target never answered{why}")
            }
            Overall::NotReady => self
                .sessions
                .iter()
                .find_map(|own| own.not_ready.clone().or_else(|| own.hook_failed.clone()))
                .unwrap_or_default(),
            Overall::Unwritten => "results could not be written".to_owned(),
            Overall::Interrupted => match of(Mark::Pass) + of(Mark::Crossed) {
                0 => "a signal ended the session before anything could be judged".to_owned(),
                _ => format!(
                    "a signal ended the session; until then {} of {total} thresholds held",
                    of(Mark::Pass)
                ),
            },
        }
    }

    fn passed(&self, total: usize) -> String {
        let mut said = match total {
            0 if self.sessions.iter().any(|own| own.origin.is_some()) => {
                "no thresholds to cross".to_owned()
            }
            0 => "the plan has no thresholds to cross".to_owned(),
            1 => "the only threshold holds".to_owned(),
            _ => format!("all {total} thresholds hold"),
        };
        let should = self
            .thresholds
            .iter()
            .filter(|t| t.demand == Demand::Should && t.mark == Mark::Crossed)
            .count();
        match should {
            0 => {}
            1 => said.push_str(", with 1 warning"),
            _ => said.push_str(&format!(", with {should} warnings")),
        }
        let count = |judgement: Judgement| {
            self.deciding()
                .filter(|one| one.judgement == judgement)
                .count()
        };
        let within = count(Judgement::Pass) + count(Judgement::Improved);
        match within {
            0 => {}
            1 => said.push_str(", and 1 metric is within its tolerance"),
            _ => said.push_str(&format!(
                ", and {within} metrics are within their tolerances"
            )),
        }
        match count(Judgement::Improved) {
            0 => {}
            improved => said.push_str(&format!(", {improved} of them improved")),
        }
        match self.deciding().filter(|one| one.few).count() {
            0 => {}
            few => said.push_str(&format!(", {few} not judged for want of samples")),
        }
        let warned = |one: &&Comparison| {
            one.severity == Severity::Warn
                && matches!(
                    one.judgement,
                    Judgement::Regressed | Judgement::Suspect | Judgement::Inconclusive
                )
        };
        let all = self
            .compared
            .into_iter()
            .flat_map(|compared| &compared.comparisons);
        for one in all.filter(warned) {
            let change = one
                .change
                .map_or(String::new(), |change| format!(" ({})", one.signed(change)));
            said.push_str(&format!(", and `{}` only warns{change}", one.metric));
        }
        if let Some(absent) = self.absent {
            said.push_str(&format!(", and there is no baseline `{absent}` yet"));
        } else if self
            .compared
            .is_some_and(|compared| compared.mismatch.is_some())
        {
            said.push_str(", and nothing in the baseline is comparable");
        }
        if let Some(closest) = self.closest_threshold() {
            said.push_str(&format!("; closest: {closest}"));
        }
        said
    }

    /// The threshold that is nearest to being crossed, with its value: `` `asr.latency.p95` 812 ms (< 1s)``.
    fn closest_threshold(&self) -> Option<String> {
        self.worst_threshold(Mark::Pass).map(|(one, value)| {
            let value = print(value, one.unit);
            format!("`{}` {value} ({})", one.metric, one.bound)
        })
    }

    /// Among the thresholds with this mark the one whose value is furthest to the wrong side of its limit, in proportion.
    fn worst_threshold(&self, mark: Mark) -> Option<(&ThresholdVerdict, f64)> {
        let own = self.must().filter(|one| one.mark == mark);
        let placed = own.filter_map(|one| {
            let at = usize::try_from(one.worst_run).ok()?.checked_sub(1)?;
            let value = one.runs.get(at)?.value?;
            let bound: MetricBound = one.bound.parse().ok()?;
            let limit = one.limit.filter(|limit| *limit > 0.0)?;
            let share = match bound {
                MetricBound::OneSided(side, _) if side.is_upper() => value / limit,
                MetricBound::OneSided(..) => limit / value.max(f64::MIN_POSITIVE),
                _ => return None,
            };
            (share > 0.0).then_some((share, one, value))
        });
        let worst = placed.max_by(|a, b| a.0.total_cmp(&b.0));
        worst.map(|(_, one, value)| (one, value))
    }

    fn failed(&self) -> String {
        let compared = self
            .compared
            .map_or(&[][..], |compared| compared.comparisons.as_slice());
        let mut said = VerdictTally::among(self.thresholds, compared).words();
        let regressed: Vec<_> = self
            .deciding()
            .filter(|one| one.judgement == Judgement::Regressed)
            .collect();
        if let [one] = regressed.as_slice() {
            said.push_str(&format!(
                "; `{}`: {}",
                one.metric,
                first_part(&one.sentence)
            ));
        }
        if let Some((one, value)) = self.worst_threshold(Mark::Crossed) {
            let value = match one.limit {
                Some(limit) => print_apart(value, limit, one.unit).0,
                None => print(value, one.unit),
            };
            said.push_str(&format!(
                "; worst: `{}` is {value}, where {} must hold",
                one.metric, one.bound
            ));
        }
        if let Some(broken) = self.sessions.iter().find_map(no_success) {
            let joint = if said.is_empty() { "" } else { ": " };
            said.push_str(&format!("{joint}{broken}"));
        }
        if said.is_empty() {
            let first = self
                .sessions
                .iter()
                .flat_map(|own| &own.runs)
                .flat_map(|run| &run.aborted)
                .next();
            said = first.map_or_else(String::new, |first| {
                format!("the load was ended early: {}", early_end(first))
            });
        }
        said
    }

    /// What a late generator leaves open, with its reason.
    fn not_judged(&self) -> String {
        let cause = self
            .sessions
            .iter()
            .flat_map(|own| &own.runs)
            .find_map(|run| run.health.machine.cause())
            .map_or(String::new(), |cause| format!(": {cause}"));
        let threshold = self.must().find(|one| one.mark == Mark::NotJudged);
        let what = match threshold {
            Some(one) => format!("`{} {}`", one.metric, one.bound),
            None => self
                .deciding()
                .find(|one| one.judgement == Judgement::Invalid)
                .map_or(String::new(), |one| format!("`{}`", one.metric)),
        };
        format!(
            "{what} is crossed as measured, and holds without the generator's own delays{cause}"
        )
    }

    fn undecided(&self) -> String {
        if let Some(one) = self.must().find(|one| one.mark == Mark::Suspect) {
            let dropped = one.runs.iter().filter_map(|run| run.value);
            return format!(
                "arrivals were dropped (`{}` {}): a stall of the service or an accident; run the session again, and check all together",
                one.metric,
                print(dropped.fold(0.0, f64::max), one.unit)
            );
        }
        if let Some(one) = self
            .deciding()
            .find(|one| one.judgement == Judgement::Masked)
            && !self.has(Judgement::Suspect)
            && !self.has(Judgement::Inconclusive)
        {
            return format!(
                "`{}` could not be compared: {}",
                one.metric,
                first_part(&one.sentence)
            );
        }
        let suspects: Vec<_> = self
            .deciding()
            .filter(|one| one.judgement == Judgement::Suspect)
            .collect();
        let all: Vec<_> = self
            .deciding()
            .filter(|one| one.judgement == Judgement::Inconclusive)
            .collect();
        let (what, first) = match (suspects.first(), all.first()) {
            (Some(first), _) => ("may have regressed", first),
            (None, Some(first)) => ("is neither a regression nor none", first),
            (None, None) => return String::new(),
        };
        let more = suspects.len().max(all.len()) - 1;
        let others = if more == 0 {
            String::new()
        } else {
            format!(" (and {more} more)")
        };
        let needed = self
            .sessions
            .first()
            .map_or(0, |own| own.comparison.confirm) as usize;
        let compared = self.compared.map_or(0, |compared| compared.sessions);
        let next = match (suspects.is_empty(), (needed + 1).saturating_sub(compared)) {
            (true, _) => String::new(),
            (false, 1) => ": run 1 more session and check all together".to_owned(),
            (false, missing) => format!(": run {missing} more sessions and check all together"),
        };
        // The interval stands in the line of the metric.
        let change = first_part(&first.sentence)
            .split(" (")
            .next()
            .unwrap_or_default();
        format!("`{}`{others} {what}: {change}{next}", first.metric)
    }
}

/// What was compared, without how much could have been seen.
fn first_part(sentence: &str) -> &str {
    sentence.split(". ").next().unwrap_or(sentence)
}

/// `no iteration of `asr` succeeded: 4104 × HTTP 404`.
fn no_success(summary: &Summary) -> Option<String> {
    let (run, load) = summary
        .runs
        .iter()
        .flat_map(|run| run.loads.iter().map(move |load| (run, load)))
        .find(|(_, load)| is_broken(load))?;
    let most = run.errors.first().map_or(String::new(), |error| {
        format!(": {} × {}", error.count, error.message)
    });
    Some(format!(
        "no iteration of `{}` succeeded{most}",
        load.address()
    ))
}

/// `asr.error_rate was 40.0 % over the last 10 s, where < 10% must hold`.
pub(super) fn early_end(aborted: &Aborted) -> String {
    let value = print(aborted.value, aborted.unit);
    format!(
        "{} was {value} over the last {ABORT_SECONDS} s, where {} must hold",
        aborted.metric, aborted.bound
    )
}
