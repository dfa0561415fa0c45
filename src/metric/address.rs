//! The public name of one number, and the load or step that it belongs to.

use std::borrow::Borrow;
use std::convert::Infallible;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::kind::{KINDS, Kind, Level};
use super::stat::{DRIFT, Stat};
use crate::units::Unit;

/// The statistic of k6's counters and rates.
const RATE: &str = "rate";

/// `phase/load.step.quantity.stat@point`, without the parts that do not apply. Baselines hold these, so they never change.
/// A metric of another tool has no load: `http_req_duration{scenario:a}.p95`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Address {
    text: String,
    parts: Parts,
}

/// Where the parts stand in the text.
#[derive(Debug, Clone, Default)]
struct Parts {
    phase: Option<Range<usize>>,
    load: Option<Range<usize>>,
    step: Option<Range<usize>>,
    quantity: Range<usize>,
    stat: Option<Range<usize>>,
    point: Option<Range<usize>>,
}

/// A load, or one of its steps: what a metric belongs to. Printed it is the first part of the address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner {
    phase: Option<String>,
    load: String,
    step: Option<String>,
}

impl Owner {
    /// A load; a plan without phases has no `phase`.
    #[must_use]
    pub fn load(phase: Option<&str>, load: &str) -> Self {
        Self {
            phase: phase.map(str::to_owned),
            load: load.to_owned(),
            step: None,
        }
    }

    /// One of its steps.
    #[must_use]
    pub fn step(&self, step: &str) -> Self {
        Self {
            step: Some(step.to_owned()),
            ..self.clone()
        }
    }

    /// The load, whichever of its steps this is.
    #[must_use]
    pub fn whole(self) -> Self {
        Self { step: None, ..self }
    }

    /// Its metric with one value a run.
    #[must_use]
    pub fn metric(&self, quantity: &str) -> Address {
        format!("{self}.{quantity}").into()
    }

    /// A statistic of its distribution.
    #[must_use]
    pub fn statistic(&self, quantity: &str, stat: &str) -> Address {
        format!("{self}.{quantity}.{stat}").into()
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(phase) = &self.phase {
            write!(f, "{phase}/")?;
        }
        f.write_str(&self.load)?;
        self.step
            .as_ref()
            .map_or(Ok(()), |step| write!(f, ".{step}"))
    }
}

impl Address {
    /// A metric of another tool, which knows no loads and steps.
    #[must_use]
    pub fn foreign(name: &str, stat: Option<&str>) -> Self {
        match stat {
            Some(stat) => format!("{name}.{stat}").into(),
            None => name.into(),
        }
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn part(&self, range: Option<&Range<usize>>) -> Option<&str> {
        range.map(|range| &self.text[range.clone()])
    }

    /// The phase, `None` in a plan without phases.
    #[must_use]
    pub fn phase(&self) -> Option<&str> {
        self.part(self.parts.phase.as_ref())
    }

    /// The load, `None` for a metric of another tool.
    #[must_use]
    pub fn load(&self) -> Option<&str> {
        self.part(self.parts.load.as_ref())
    }

    /// The step, `None` for a quantity of the whole iteration.
    #[must_use]
    pub fn step(&self) -> Option<&str> {
        self.part(self.parts.step.as_ref())
    }

    /// What was measured.
    #[must_use]
    pub fn quantity(&self) -> &str {
        &self.text[self.parts.quantity.clone()]
    }

    /// The statistic, `None` for a quantity with one value a run.
    #[must_use]
    pub fn stat(&self) -> Option<&str> {
        self.part(self.parts.stat.as_ref())
    }

    /// The statistic, where it is one that perfgate computes.
    #[must_use]
    pub fn statistic(&self) -> Option<Stat> {
        self.stat().and_then(Stat::named)
    }

    /// The point of a sweep.
    #[must_use]
    pub fn point(&self) -> Option<&str> {
        self.part(self.parts.point.as_ref())
    }

    /// The load, or the step, that it belongs to.
    #[must_use]
    pub fn owner(&self) -> Option<Owner> {
        let load = Owner::load(self.phase(), self.load()?);
        Some(match self.step() {
            Some(step) => load.step(step),
            None => load,
        })
    }

    /// Whether it is a metric of this load or of one of its steps, or of this very step.
    #[must_use]
    pub fn is_of(&self, owner: &Owner) -> bool {
        self.load() == Some(&owner.load)
            && self.phase() == owner.phase.as_deref()
            && owner
                .step
                .as_ref()
                .is_none_or(|step| self.step() == Some(step))
    }

    /// The same quantity with another statistic.
    #[must_use]
    pub fn with_stat(&self, stat: &str) -> Self {
        let point = self.point().map(|point| format!("@{point}"));
        let front = &self.text[..self.parts.quantity.end];
        format!("{front}.{stat}{}", point.unwrap_or_default()).into()
    }

    /// The address without its statistic.
    #[must_use]
    pub fn without_stat(&self) -> &str {
        &self.text[..self.parts.quantity.end]
    }

    /// The address without its phase and load.
    #[must_use]
    pub fn within_load(&self) -> &str {
        let load = self.parts.load.as_ref();
        &self.text[load.map_or(0, |load| load.end + 1)..]
    }

    /// Its line in the table of metrics; `None` for marks, spans, states and metrics of other tools.
    #[must_use]
    pub fn kind(&self) -> Option<&'static Kind> {
        let is_of_step = self.step().is_some();
        KINDS
            .iter()
            .find(|kind| kind.name == self.quantity() && (kind.level != Level::Load) == is_of_step)
    }

    /// Whether it is a share of things that were counted one by one: `error_rate`, and `checks.rate` of k6.
    #[must_use]
    pub fn is_share(&self, unit: Unit) -> bool {
        unit == Unit::Ratio
            && match self.kind() {
                Some(kind) => kind.is_share() && self.stat().is_none(),
                None => self.stat() == Some(RATE),
            }
    }

    /// Whether it is the share of errors, or of successes, among what `other` measures too: where that rises, failing fast
    /// reads as faster.
    #[must_use]
    pub fn is_error_share_of(&self, other: &Self) -> bool {
        let (group, last) = group(self.quantity());
        let same_load = self.phase() == other.phase() && self.load() == other.load();
        self.stat().is_none()
            && self.load().is_some()
            && same_load
            && ["error_rate", "success_rate"].contains(&last)
            && match (self.step(), group) {
                (None, None) => true,
                (step, None) => step == other.step(),
                (step, group) => step == other.step() && group == self::group(other.quantity()).0,
            }
    }

    /// Whether `name` is the address with any of its leading parts left out; `.` may stand for `/`.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        let tail = &self.text[self.parts.quantity.start..];
        let Some(front) = name.strip_suffix(tail) else {
            return false;
        };
        let mut front = match front.strip_suffix('.') {
            Some(front) => front,
            None => return front.is_empty(),
        };
        for part in [self.step(), self.load(), self.phase()]
            .into_iter()
            .flatten()
        {
            match front.strip_suffix(part) {
                Some("") => return true,
                Some(rest) if rest.ends_with(['.', '/']) => front = &rest[..rest.len() - 1],
                _ => {}
            }
        }
        false
    }

    /// Whether `name` is the whole address, or all of it behind its load: neither a part of a word nor what stands behind a step.
    #[must_use]
    pub fn is_of_load_as(&self, name: &str) -> bool {
        self.text.strip_suffix(name).is_some_and(|front| {
            let load = front.strip_suffix('.');
            front.is_empty() || load.is_some_and(|load| !load.contains('.'))
        })
    }

    /// The end of the address with as many parts as `name` has: what to call it beside that name.
    #[must_use]
    pub fn shortened_like(&self, name: &str) -> &str {
        let dots = name.matches('.').count();
        let start = self.text.rmatch_indices('.').nth(dots);
        start.map_or(&self.text, |(at, _)| &self.text[at + 1..])
    }

    /// Whether `name` is the whole address, or its end.
    #[must_use]
    pub fn ends_with(&self, name: &str) -> bool {
        let before = self.text.strip_suffix(name);
        before.is_some_and(|before| before.is_empty() || before.ends_with(['.', '/']))
    }
}

/// The first word of a quantity of two, `requests` in `requests.error_rate`, and the other.
fn group(quantity: &str) -> (Option<&str>, &str) {
    match quantity.split_once('.') {
        Some((group, last)) => (Some(group), last),
        None => (None, quantity),
    }
}

fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    !text.is_empty() && text.chars().all(fits)
}

fn is_stat(text: &str) -> bool {
    let is_percentile = |rest: &str| {
        rest.starts_with(|c: char| c.is_ascii_digit())
            && rest.chars().all(|c| c.is_ascii_digit() || c == '_')
    };
    text == DRIFT
        || Stat::named(text).is_some()
        || text.strip_prefix('p').is_some_and(is_percentile)
}

impl Parts {
    fn of(text: &str) -> Self {
        Self::of_load(text).unwrap_or_else(|| Self::foreign(text))
    }

    /// Every text is an address: what has no load is a metric of another tool.
    fn foreign(text: &str) -> Self {
        match text.rsplit_once('.') {
            Some((name, stat)) if is_stat(stat) || stat == RATE => Self {
                quantity: 0..name.len(),
                stat: Some(name.len() + 1..text.len()),
                ..Self::default()
            },
            _ => Self {
                quantity: 0..text.len(),
                ..Self::default()
            },
        }
    }

    fn of_load(text: &str) -> Option<Self> {
        let (head, rest) = text.split_once('.')?;
        let (phase, load) = match head.split_once('/') {
            Some((phase, _)) => (Some(0..phase.len()), phase.len() + 1..head.len()),
            None => (None, 0..head.len()),
        };
        if !is_name(&text[load.clone()]) || phase.clone().is_some_and(|p| !is_name(&text[p])) {
            return None;
        }
        let start = head.len() + 1;
        let (rest, point) = match rest.rsplit_once('@') {
            Some((rest, _)) => (rest, Some(start + rest.len() + 1..text.len())),
            None => (rest, None),
        };
        let (body, stat) = match rest.rsplit_once('.') {
            Some((body, stat)) if is_stat(stat) => {
                let from = start + body.len() + 1;
                (body, Some(from..from + stat.len()))
            }
            _ => (rest, None),
        };
        if stat.is_none() && (is_stat(rest) || rest == RATE) {
            return None;
        }
        let is_metric = |word: &str| KINDS.iter().any(|kind| group(kind.name).0 == Some(word));
        let step = match body.split_once('.') {
            Some((step, _)) if is_name(step) && !is_metric(step) => Some(start..start + step.len()),
            _ => None,
        };
        let from = step.as_ref().map_or(start, |step| step.end + 1);
        Some(Self {
            phase,
            load: Some(load),
            step,
            quantity: from..start + body.len(),
            stat,
            point,
        })
    }
}

impl From<String> for Address {
    fn from(text: String) -> Self {
        let parts = Parts::of(&text);
        Self { text, parts }
    }
}

impl From<&str> for Address {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.text
    }
}

impl FromStr for Address {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text.into())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Address {}

impl PartialEq<str> for Address {
    fn eq(&self, other: &str) -> bool {
        self.text == other
    }
}

impl PartialEq<&str> for Address {
    fn eq(&self, other: &&str) -> bool {
        self.text == *other
    }
}

// By the text, as documents are sorted, and so that a map of addresses can be asked for a text.
impl Ord for Address {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}

impl PartialOrd for Address {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl std::hash::Hash for Address {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl std::ops::Deref for Address {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl Borrow<String> for Address {
    fn borrow(&self) -> &String {
        &self.text
    }
}

impl Borrow<str> for Address {
    fn borrow(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Parted<'a> = (
        Option<&'a str>,
        Option<&'a str>,
        Option<&'a str>,
        &'a str,
        Option<&'a str>,
    );

    fn parted(address: &Address) -> Parted<'_> {
        (
            address.phase(),
            address.load(),
            address.step(),
            address.quantity(),
            address.stat(),
        )
    }

    #[test]
    fn an_address_is_taken_apart() {
        let rows: [(&str, Parted<'_>); 16] = [
            (
                "asr.latency.p95",
                (None, Some("asr"), None, "latency", Some("p95")),
            ),
            (
                "asr.error_rate",
                (None, Some("asr"), None, "error_rate", None),
            ),
            (
                "stress/asr.latency.drift",
                (Some("stress"), Some("asr"), None, "latency", Some("drift")),
            ),
            (
                "asr.submit.first_byte.p50",
                (None, Some("asr"), Some("submit"), "first_byte", Some("p50")),
            ),
            (
                "asr.submit.error_rate",
                (None, Some("asr"), Some("submit"), "error_rate", None),
            ),
            (
                "asr.requests.error_rate",
                (None, Some("asr"), None, "requests.error_rate", None),
            ),
            (
                "asr.requests.latency.p99_9",
                (None, Some("asr"), None, "requests.latency", Some("p99_9")),
            ),
            (
                "asr.errors.timeout",
                (None, Some("asr"), None, "errors.timeout", None),
            ),
            (
                "a/b.job.in.processing.mean",
                (
                    Some("a"),
                    Some("b"),
                    Some("job"),
                    "in.processing",
                    Some("mean"),
                ),
            ),
            (
                "b.job.in.v1.running.mean",
                (None, Some("b"), Some("job"), "in.v1.running", Some("mean")),
            ),
            ("checks.rate", (None, None, None, "checks", Some("rate"))),
            ("http_reqs", (None, None, None, "http_reqs", None)),
            (
                "http_req_duration.p75",
                (None, None, None, "http_req_duration", Some("p75")),
            ),
            (
                "http_reqs{url:http://a.b/c}.p95",
                (None, None, None, "http_reqs{url:http://a.b/c}", Some("p95")),
            ),
            (
                "http_reqs{url:http://a.b/c}",
                (None, None, None, "http_reqs{url:http://a.b/c}", None),
            ),
            ("", (None, None, None, "", None)),
        ];
        for (text, parts) in rows {
            let address = Address::from(text);
            assert_eq!(parted(&address), parts, "{text}");
            assert_eq!(address.to_string(), text);
        }
        let swept = Address::from("asr.latency.p95@rate=2.5");
        assert_eq!(
            (swept.point(), swept.stat()),
            (Some("rate=2.5"), Some("p95"))
        );
        assert_eq!(swept.with_stat("p50"), "asr.latency.p50@rate=2.5");
    }

    #[test]
    fn the_kind_says_what_is_a_counted_share() {
        for (text, unit, is_share) in [
            ("asr.error_rate", Unit::Ratio, true),
            ("asr.submit.rejection_rate", Unit::Ratio, true),
            ("asr.requests.error_rate", Unit::Ratio, true),
            ("asr.wer", Unit::Ratio, false),
            ("asr.talk.coverage.mean", Unit::Ratio, false),
            ("asr.error_rate.drift", Unit::Ratio, false),
            ("asr.throughput", Unit::PerSecond, false),
            ("checks.rate", Unit::Ratio, true),
            ("http_reqs.rate", Unit::PerSecond, false),
        ] {
            assert_eq!(Address::from(text).is_share(unit), is_share, "{text}");
        }
    }

    #[test]
    fn errors_of_a_load_are_about_its_steps_and_those_of_a_step_about_itself() {
        for (errors, other, is_about) in [
            ("a.error_rate", "a.latency.p50", true),
            ("a.success_rate", "a.submit.latency.p50", true),
            ("a.error_rate", "a.requests.latency.p50", true),
            ("a.submit.error_rate", "a.submit.latency.p50", true),
            ("a.submit.error_rate", "a.latency.p50", false),
            ("a.requests.error_rate", "a.requests.latency.p50", true),
            ("a.requests.error_rate", "a.latency.p50", false),
            ("a.requests.error_rate", "a.submit.latency.p50", false),
            ("x/a.error_rate", "a.latency.p50", false),
            ("a.rejection_rate", "a.latency.p50", false),
            ("checks.rate", "http_req_duration.p95", false),
        ] {
            let [errors, about] = [errors, other].map(Address::from);
            assert_eq!(
                errors.is_error_share_of(&about),
                is_about,
                "{errors} {other}"
            );
        }
    }

    #[test]
    fn leading_parts_may_be_left_out() {
        let address = Address::from("stress/asr.submit.latency.p95");
        for (name, is_named) in [
            ("stress/asr.submit.latency.p95", true),
            ("stress.asr.submit.latency.p95", true),
            ("asr.submit.latency.p95", true),
            ("stress.latency.p95", true),
            ("submit.latency.p95", true),
            ("latency.p95", true),
            ("xlatency.p95", false),
            ("other.latency.p95", false),
            ("p95", false),
        ] {
            assert_eq!(address.is_named(name), is_named, "{name}");
        }
        assert_eq!(address.shortened_like("a.b"), "latency.p95");
    }

    proptest! {
        #[test]
        fn every_text_is_printed_as_it_was_read(text in ".{0,40}") {
            prop_assert_eq!(Address::from(text.as_str()).to_string(), text);
        }

        #[test]
        fn what_was_put_together_is_taken_apart_again(
            phase in proptest::option::of("[a-z][a-z0-9_-]{0,6}"),
            load in "[a-z][a-z0-9_-]{0,6}",
            step in proptest::option::of("[b-z][a-z0-9_-]{9,12}"),
            kind in proptest::sample::select(KINDS),
            stat in proptest::sample::select(&Stat::ALL[..]),
        ) {
            let mut owner = Owner::load(phase.as_deref(), &load);
            if let Some(step) = &step {
                owner = owner.step(step);
            }
            let address = owner.statistic(kind.name, stat.0);
            prop_assert_eq!(
                parted(&address),
                (phase.as_deref(), Some(load.as_str()), step.as_deref(), kind.name, Some(stat.0))
            );
            prop_assert_eq!(address.owner(), Some(owner.clone()));
            prop_assert!(address.is_of(&owner) && address.is_of(&Owner::load(phase.as_deref(), &load)));
            let json = serde_json::to_string(&address).unwrap();
            prop_assert_eq!(serde_json::from_str::<Address>(&json).unwrap(), address);
        }
    }
}
