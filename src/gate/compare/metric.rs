//! One metric against its baseline.

use super::comparable::Comparable;
use super::comparison::{Comparison, Judgement};
use super::comparison_set::Confirmation;
use super::contrast::{ALPHA, Candidate, Contrast, of_median, ordered};
use super::share::{ShareContrast, values};
use super::transformed_samples::TransformedSamples;
use crate::gate::MetricBound;
use crate::gate::baseline::{MetricPolicy, MetricScale, Recorded, middle};
use crate::metric::{Address, Stat};
use crate::summary::{SAMPLES_BEYOND, Summary, are_few};

/// A verdict on fewer recorded sessions is provisional.
const SETTLED: usize = 5;

impl Comparison {
    /// A metric of which nothing can be said but `why`.
    pub(super) fn without(
        metric: &Address,
        compared: &MetricPolicy,
        judgement: Judgement,
        why: String,
    ) -> Self {
        Self {
            metric: metric.to_owned(),
            unit: compared.unit,
            better: compared.better,
            judgement,
            severity: compared.severity,
            tolerance: compared
                .bound
                .clone()
                .or_else(|| compared.tolerance.clone())
                .unwrap_or_default(),
            value: None,
            beyond: false,
            baseline: None,
            limit: None,
            relative: false,
            change: None,
            interval: None,
            p: None,
            detectable: None,
            reaches: false,
            sessions: 0,
            pairs: 0,
            provisional: false,
            few: false,
            sentence: why,
        }
    }

    /// Judges a metric of the candidates.
    pub(super) fn of(
        metric: &Address,
        compared: &MetricPolicy,
        comparable: &Comparable<'_>,
        confirmation: Confirmation,
    ) -> Self {
        let missing = |why: String| Self::without(metric, compared, Judgement::Missing, why);
        let candidates = comparable.all();
        let scale = match MetricScale::of(metric, compared) {
            Ok(scale) => scale,
            Err(error) => return missing(error.to_string()),
        };
        let unmeasured = unmeasured(metric, compared, &candidates);
        if let Some(why) = unmeasured.as_ref().filter(|why| !why.few) {
            return missing(why.sentence.clone());
        }
        let sessions = comparable.sessions(metric);
        let bare = Self {
            sessions: sessions as u64,
            provisional: sessions < SETTLED,
            relative: scale.logarithmic,
            ..missing(String::new())
        };
        if let Some(why) = unmeasured {
            return bare
                .of_few_samples(&scale, comparable, confirmation)
                .unwrap_or_else(|| Self {
                    few: true,
                    ..missing(why.sentence)
                });
        }
        let judged = if scale.counted {
            bare.counted(&scale, comparable, confirmation)
        } else {
            bare.spread(&scale, comparable, confirmation)
        };
        judged
            .unwrap_or_else(|| missing("no comparable session of the baseline has it".to_owned()))
            .described()
    }

    /// The comparison in numbers: the candidates, the centre of what is recorded, and how they stand to each other.
    pub(super) fn contrast(
        &self,
        scale: &MetricScale,
        comparable: &Comparable<'_>,
    ) -> Option<(Vec<Candidate>, f64, Contrast)> {
        let places = TransformedSamples::of(
            &self.metric,
            scale,
            comparable.classes.iter().map(|(_, known)| known.as_slice()),
        );
        let candidates = comparable
            .places(|summary| scale.measured(&summary.metrics.get(&self.metric)?.runs))?;
        let centres: Option<Vec<f64>> = candidates
            .iter()
            .map(|own| middle(&places.classes[own.class]))
            .collect();
        let centre = middle(&centres?)?;
        let runs = comparable
            .candidates
            .iter()
            .map(|(own, _)| own.runs.len())
            .min();
        let prior = places.prior(scale, centre, runs);
        let contrast = Contrast::of(&places.classes, &candidates, scale.sign, prior)?
            .of_runs(runs.unwrap_or(1));
        Some((candidates, centre, contrast))
    }

    /// The value of the candidates, what was normal, and the limit between them.
    pub(super) fn placed(
        self,
        scale: &MetricScale,
        centre: f64,
        candidates: &[Candidate],
    ) -> Option<Self> {
        let places: Vec<f64> = candidates.iter().map(|own| own.value).collect();
        let value = scale.value(middle(&places)?);
        let limit = scale.value(centre + scale.sign * scale.bound(centre));
        Some(Self {
            value: Some(value).filter(|value| value.is_finite()),
            baseline: Some(scale.value(centre)),
            limit: Some(limit).filter(|limit| limit.is_finite()),
            ..self
        })
    }

    /// By the spread between sessions.
    fn spread(
        self,
        scale: &MetricScale,
        comparable: &Comparable<'_>,
        confirmation: Confirmation,
    ) -> Option<Self> {
        let (candidates, centre, contrast) = self.contrast(scale, comparable)?;
        let bound = scale.bound(centre);
        let (beyond, better) = (contrast.is_beyond(bound), contrast.is_better(bound));
        let worse = beyond && contrast.is_in_each(bound);
        let judgement = match () {
            () if worse && !confirmation.confirmed => Judgement::Suspect,
            () if worse && contrast.p < contrast.alpha && confirmation.canary_steady => {
                Judgement::Regressed
            }
            () if worse => Judgement::Inconclusive,
            () if better && contrast.p_better < ALPHA => Judgement::Improved,
            () => Judgement::Pass,
        };
        let show = |change: f64| scale.shown_change(change);
        let (low, high) = contrast.interval();
        let placed = self.placed(scale, centre, &candidates)?;
        let far = contrast.change.is_infinite();
        let least = least_of(&comparable.all(), &placed.metric).filter(|_| far);
        let confirmed = confirmed_error(&contrast, &candidates, confirmation);
        Some(Self {
            judgement,
            beyond: least.is_some(),
            value: least.filter(|value| value.is_finite()).or(placed.value),
            change: (!far).then(|| show(contrast.change)),
            interval: (!far).then(|| ordered(show(low), show(high))),
            p: Some(contrast.p),
            detectable: Some(show(contrast.detectable(bound, confirmed))),
            reaches: !worse && (beyond || high > bound),
            ..placed
        })
    }

    /// By counting.
    fn counted(
        self,
        scale: &MetricScale,
        comparable: &Comparable<'_>,
        confirmation: Confirmation,
    ) -> Option<Self> {
        let used = |at: &usize| comparable.candidates.iter().any(|(_, class)| class == at);
        let classes = comparable
            .classes
            .iter()
            .enumerate()
            .filter(|(at, _)| used(at));
        let recorded: Vec<&Recorded> = classes
            .flat_map(|(_, (_, known))| known.iter().copied())
            .collect();
        let candidates = comparable.all();
        let contrast = ShareContrast::of(&self.metric, scale, &recorded, &candidates)?;
        let bound = scale.bound(0.0);
        let judgement = match () {
            () if !confirmation.confirmed && contrast.is_suspect(bound) => Judgement::Suspect,
            () if confirmation.confirmed && contrast.is_beyond(bound) && contrast.p < ALPHA => {
                Judgement::Regressed
            }
            () if confirmation.confirmed && contrast.is_beyond(bound) => Judgement::Inconclusive,
            () if -contrast.change > bound && contrast.p_better < ALPHA => Judgement::Improved,
            () => Judgement::Pass,
        };
        let more = candidates.len().max(confirmation.needed) as f64 / candidates.len() as f64;
        Some(contrast.shown(scale, judgement, more, self))
    }

    /// A fixed bound, judged without statistics: each session's median has to hold it, with few samples too.
    pub(super) fn fixed(
        metric: &Address,
        compared: &MetricPolicy,
        candidates: &[&Summary],
    ) -> Self {
        let missing = |why: String| Self::without(metric, compared, Judgement::Missing, why);
        let few = match unmeasured(metric, compared, candidates) {
            Some(why) if !why.few => return missing(why.sentence),
            why => why.is_some(),
        };
        let bound: Option<MetricBound> = compared
            .bound
            .as_deref()
            .and_then(|bound| bound.parse().ok());
        let limit = match &bound {
            Some(MetricBound::OneSided(_, crate::gate::Operand::Value(value, _))) => {
                Some(value.value)
            }
            _ => None,
        };
        let (Some(MetricBound::OneSided(side, _)), Some(limit)) = (bound, limit) else {
            return missing("its bound is no plain one".to_owned());
        };
        let worse = if side.is_upper() { 1.0 } else { -1.0 };
        let places: Option<Vec<f64>> = candidates
            .iter()
            .map(|own| plain(own, metric, worse))
            .collect();
        let Some(worst) = places.and_then(|places| {
            places
                .into_iter()
                .max_by(|a, b| (worse * a).total_cmp(&(worse * b)))
        }) else {
            return missing("it has no value in every run".to_owned());
        };
        let judgement = if side.allows(worst, limit) {
            Judgement::Pass
        } else {
            Judgement::Regressed
        };
        let value = if worst.is_finite() {
            Some(worst)
        } else {
            least_of(candidates, metric)
        };
        Self {
            judgement,
            value,
            beyond: worst.is_infinite(),
            limit: Some(limit),
            few,
            ..missing(String::new())
        }
        .described()
    }
}

/// Why a metric is not judged.
pub(super) struct Unmeasured {
    pub(super) sentence: String,
    /// There are values, but fewer than ten beyond the percentile.
    pub(super) few: bool,
}

pub(super) fn unmeasured(
    metric: &Address,
    compared: &MetricPolicy,
    candidates: &[&Summary],
) -> Option<Unmeasured> {
    let why = |sentence: String| {
        Some(Unmeasured {
            sentence,
            few: false,
        })
    };
    for summary in candidates {
        let Some(own) = summary.metrics.get(metric) else {
            return why(format!("session {} has not measured it", summary.session));
        };
        if own.unit != compared.unit {
            return why(format!(
                "session {} has it in another unit than the baseline",
                summary.session
            ));
        }
        if own.runs.is_empty()
            || own
                .runs
                .iter()
                .any(|run| run.value.is_none_or(|value| !value.is_finite()))
        {
            return why(format!(
                "session {} has a run without a value of it",
                summary.session
            ));
        }
        let fewest = own.runs.iter().map(|run| run.samples).min().unwrap_or(0);
        if let Some(least) = compared.min_samples.filter(|least| fewest < *least) {
            return why(format!(
                "session {} has {fewest} samples in a run, {least} are wanted",
                summary.session
            ));
        }
        if let Some(Stat::Percentile(share)) = metric.statistic()
            && are_few(fewest, share)
        {
            let needed = (SAMPLES_BEYOND / (1.0 - share)).round();
            let sentence = format!(
                "{fewest} samples in a run are too few for this percentile: {needed} are needed"
            );
            return Some(Unmeasured {
                sentence,
                few: true,
            });
        }
    }
    None
}

fn plain(summary: &Summary, metric: &Address, worse: f64) -> Option<f64> {
    let of = summary.metrics.get(metric)?;
    if metric.is_share(of.unit)
        && let Some((part, whole)) = values(summary, metric).and_then(|values| values.counted())
    {
        return Some(part / whole);
    }
    let places: Option<Vec<f64>> = of
        .runs
        .iter()
        .map(|run| {
            if run.beyond {
                Some(worse * f64::INFINITY)
            } else {
                run.value
            }
        })
        .collect();
    middle(&places?)
}

/// The least that is known of a value that lies beyond all.
pub(super) fn least_of(candidates: &[&Summary], metric: &Address) -> Option<f64> {
    let beyond = candidates
        .iter()
        .filter_map(|own| own.metrics.get(metric))
        .flat_map(|own| &own.runs);
    beyond
        .filter(|run| run.beyond)
        .filter_map(|run| run.value)
        .reduce(f64::min)
}

/// The standard error once it is confirmed: what a first session shows is not yet a verdict.
fn confirmed_error(
    contrast: &Contrast,
    candidates: &[Candidate],
    confirmation: Confirmation,
) -> f64 {
    let (now, then) = (candidates.len(), candidates.len().max(confirmation.needed));
    let variance = |sessions: usize| of_median(sessions) / sessions as f64;
    let recorded = (contrast.error / contrast.shrunk).powi(2) - variance(now);
    contrast.shrunk * (recorded + variance(then)).max(0.0).sqrt()
}
