//! The public name of one number.

use std::borrow::Borrow;
use std::convert::Infallible;
use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::address_parts::{AddressParts, RATE, group};
use super::kinds::{KINDS, MetricKind};
use super::owner::{Owner, split_point};
use super::stat::Stat;
use crate::units::Unit;

/// `phase/load.step.quantity.stat@point`, without the parts that do not apply. Baselines hold these, so they never change.
/// A metric of another tool has no load: `http_req_duration{scenario:a}.p95`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Address {
    text: String,
    parts: AddressParts,
}

impl Owner {
    /// Its metric with one value a run.
    #[must_use]
    pub fn metric(&self, quantity: &str) -> Address {
        format!("{}.{quantity}{}", self.front(), self.mark()).into()
    }

    /// A statistic of its distribution.
    #[must_use]
    pub fn statistic(&self, quantity: &str, stat: &str) -> Address {
        format!("{}.{quantity}.{stat}{}", self.front(), self.mark()).into()
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
        let load = Owner::load(self.phase(), self.load()?).at_point(self.point());
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
            && self.point() == owner.point()
            && owner
                .step
                .as_ref()
                .is_none_or(|step| self.step() == Some(step))
    }

    /// Where everything but the point ends.
    fn end(&self) -> usize {
        let point = self.parts.point.as_ref();
        point.map_or(self.text.len(), |point| point.start - 1)
    }

    /// The same metric at another point of its sweep.
    #[must_use]
    pub fn at_point(&self, point: &str) -> Self {
        format!("{}@{point}", &self.text[..self.end()]).into()
    }

    /// Whether it belongs to this phase, at the point that the name says ([`phase_point`](super::phase_point)).
    #[must_use]
    pub fn is_in_phase(&self, phase: &str) -> bool {
        let (phase, point) = split_point(phase);
        self.phase() == phase && self.point() == point
    }

    /// The same quantity with another statistic.
    #[must_use]
    pub fn with_stat(&self, stat: &str) -> Self {
        let point = self.point().map(|point| format!("@{point}"));
        let front = &self.text[..self.parts.quantity.end];
        format!("{front}.{stat}{}", point.unwrap_or_default()).into()
    }

    /// The last word of the quantity: `queue` of `in.queue`.
    #[must_use]
    pub fn last_word(&self) -> &str {
        let quantity = self.quantity();
        quantity.rsplit('.').next().unwrap_or(quantity)
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
    pub fn kind(&self) -> Option<&'static MetricKind> {
        let is_of_step = self.step().is_some();
        KINDS
            .iter()
            .find(|kind| kind.name == self.quantity() && kind.level.is_of_step() == is_of_step)
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
        let (own_group, last) = group(self.quantity());
        let same_load = self.phase() == other.phase()
            && self.load() == other.load()
            && self.point() == other.point();
        self.stat().is_none()
            && self.load().is_some()
            && same_load
            && ["error_rate", "success_rate"].contains(&last)
            && match (self.step(), own_group) {
                (None, None) => true,
                (step, None) => step == other.step(),
                (step, own_group) => step == other.step() && own_group == group(other.quantity()).0,
            }
    }

    /// Whether `name` is the address with any of its leading parts left out, and the point where it has one; `.` may stand
    /// for `/`.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        let (name, point) = match name.split_once('@') {
            Some((name, point)) => (name, Some(point)),
            None => (name, None),
        };
        if point.is_some() && point != self.point() {
            return false;
        }
        let tail = &self.text[self.parts.quantity.start..self.end()];
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

impl From<String> for Address {
    fn from(text: String) -> Self {
        let parts = AddressParts::of(&text);
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
#[path = "address_tests.rs"]
mod tests;
